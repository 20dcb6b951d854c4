import type { RunKind } from '../store/schema.ts';

/** One queue for all work: any number of worker processes share it. */
export const taskQueue = 'sluice';

/** What may run side by side on one connection: a sync of content, and a sync of permissions. */
export type Lane = 'content' | 'permissions';

export const lanes: readonly Lane[] = ['content', 'permissions'];

export const laneOf = (kind: RunKind): Lane => (kind === 'permissions' ? 'permissions' : 'content');

/** One workflow id per connection and lane, so that Temporal itself keeps a second run of it out. */
export const syncWorkflowId = (connectionId: string, lane: Lane = 'content') =>
  lane === 'content' ? `sync:${connectionId}` : `permissions:${connectionId}`;

export const scheduleId = (connectionId: string, lane: Lane = 'content') =>
  lane === 'content' ? `schedule:${connectionId}` : `permissions:${connectionId}`;

export const scheduledWorkflowId = (connectionId: string, lane: Lane = 'content') =>
  lane === 'content' ? `scheduled:${connectionId}` : `scheduled-permissions:${connectionId}`;
