import {
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleSpec,
} from '@temporalio/client';
import type { Kysely } from 'kysely';
import { findConnection } from '../store/connections.ts';
import type { Connection, Database } from '../store/schema.ts';
import { scheduledWorkflowId, scheduleId } from './names.ts';

const defaultIntervalMinutes = 60;

/** When a connection syncs by itself; null: only when somebody asks. */
export function scheduleSpec(connection: Pick<Connection, 'status' | 'settings'>): ScheduleSpec | null {
  const sync = connection.settings.sync ?? { strategy: 'scheduled' };
  const runs = connection.status === 'active' || connection.status === 'attention';
  if (!runs || sync.strategy === 'manual') return null;
  if (sync.cron !== undefined) {
    return {
      cronExpressions: [sync.cron],
      ...(sync.timezone === undefined ? {} : { timezone: sync.timezone }),
    };
  }
  return { intervals: [{ every: (sync.intervalMinutes ?? defaultIntervalMinutes) * 60_000 }] };
}

interface ScheduleDeps {
  client: Client;
  db: Kysely<Database>;
  taskQueue: string;
}

/** Makes Temporal's schedule as the connection wants it now; missed runs are caught up once. */
export async function applySchedule(deps: ScheduleDeps, connectionId: string): Promise<void> {
  const connection = await findConnection(deps.db, connectionId);
  const spec = connection === undefined ? null : scheduleSpec(connection);
  if (spec === null) return removeSchedule(deps.client, connectionId);
  const action = {
    type: 'startWorkflow' as const,
    workflowType: 'scheduledSync',
    workflowId: scheduledWorkflowId(connectionId),
    taskQueue: deps.taskQueue,
    args: [{ connectionId }],
  };
  const policies = { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '10 minutes' as const };
  const handle = deps.client.schedule.getHandle(scheduleId(connectionId));
  try {
    await handle.update((previous) => ({ ...previous, spec, action, policies }));
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    await deps.client.schedule.create({ scheduleId: scheduleId(connectionId), spec, action, policies });
  }
}

/** Makes the schedules of all connections as they want them. */
export async function applyAllSchedules(deps: ScheduleDeps): Promise<void> {
  const connections = await deps.db.selectFrom('connections').select('id').execute();
  for (const { id } of connections) await applySchedule(deps, id);
}

export async function removeSchedule(client: Client, connectionId: string): Promise<void> {
  try {
    await client.schedule.getHandle(scheduleId(connectionId)).delete();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}
