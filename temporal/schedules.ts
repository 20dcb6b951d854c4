import {
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleSpec,
} from '@temporalio/client';
import type { Kysely } from 'kysely';
import { findConnection } from '../store/connections.ts';
import { usualPermissionMinutes } from '../store/permission-overview.ts';
import type { Connection, Database } from '../store/schema.ts';
import { lanes, scheduledWorkflowId, scheduleId, type Lane } from './names.ts';

const defaultIntervalMinutes = 60;

/**
 * When a connection syncs by itself; null: only when somebody asks. Permissions have a clock of their own, which goes on
 * where content is synced by hand: what was stored must not stay open for longer than promised.
 */
export function scheduleSpec(
  connection: Pick<Connection, 'status' | 'settings'>,
  lane: Lane = 'content',
): ScheduleSpec | null {
  const sync = connection.settings.sync ?? { strategy: 'scheduled' };
  const runs = connection.status === 'active' || connection.status === 'attention';
  if (!runs) return null;
  if (lane === 'permissions') {
    const minutes = connection.settings.permissions?.intervalMinutes ?? usualPermissionMinutes;
    return { intervals: [{ every: minutes * 60_000 }] };
  }
  if (sync.strategy === 'manual') return null;
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

/** Makes Temporal's two schedules as the connection wants them now; missed runs are caught up once. */
export async function applySchedule(deps: ScheduleDeps, connectionId: string): Promise<void> {
  const connection = await findConnection(deps.db, connectionId);
  for (const lane of lanes) {
    const spec = connection === undefined ? null : scheduleSpec(connection, lane);
    if (spec === null) await removeOne(deps.client, connectionId, lane);
    else await applyOne(deps, connectionId, lane, spec);
  }
}

async function applyOne(
  deps: ScheduleDeps,
  connectionId: string,
  lane: Lane,
  spec: ScheduleSpec,
): Promise<void> {
  const action = {
    type: 'startWorkflow' as const,
    workflowType: 'scheduledSync',
    workflowId: scheduledWorkflowId(connectionId, lane),
    taskQueue: deps.taskQueue,
    args: [{ connectionId, lane }],
  };
  const policies = { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '10 minutes' as const };
  const handle = deps.client.schedule.getHandle(scheduleId(connectionId, lane));
  try {
    await handle.update((previous) => ({ ...previous, spec, action, policies }));
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    await deps.client.schedule.create({ scheduleId: scheduleId(connectionId, lane), spec, action, policies });
  }
}

/** Makes the schedules of all connections as they want them. */
export async function applyAllSchedules(deps: ScheduleDeps): Promise<void> {
  const connections = await deps.db.selectFrom('connections').select('id').execute();
  for (const { id } of connections) await applySchedule(deps, id);
}

export async function removeSchedule(client: Client, connectionId: string): Promise<void> {
  for (const lane of lanes) await removeOne(client, connectionId, lane);
}

async function removeOne(client: Client, connectionId: string, lane: Lane): Promise<void> {
  try {
    await client.schedule.getHandle(scheduleId(connectionId, lane)).delete();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}
