import {
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleSpec,
} from '@temporalio/client';
import type { Kysely } from 'kysely';
import { findConnection } from '../store/connections.ts';
import type { Database } from '../store/schema.ts';
import { missedRun } from './missed-run.ts';
import { lanes, scheduledWorkflowId, scheduleId, type Lane } from './names.ts';
import { scheduleSpec } from './schedule-spec.ts';

interface ScheduleDeps {
  client: Client;
  db: Kysely<Database>;
  taskQueue: string;
}

/**
 * One at a time, and whatever was missed, however long ago, is caught up: of many missed starts the first begins and
 * the others find it going on.
 */
const policies = { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '365 days' as const };

/**
 * Makes Temporal's two schedules as the connection wants them now. One that is made where there was none (the connection
 * was enabled again, or Temporal has lost its state) begins at once where a run was missed meanwhile.
 */
export async function applySchedule(deps: ScheduleDeps, connectionId: string): Promise<void> {
  const connection = await findConnection(deps.db, connectionId);
  for (const lane of lanes) {
    const spec = connection === undefined ? null : scheduleSpec(connection, lane);
    if (spec === null || connection === undefined) await removeOne(deps.client, connectionId, lane);
    else
      await applyOne(deps, connectionId, lane, spec, () => missedRun(deps.db, connection, lane, new Date()));
  }
}

async function applyOne(
  deps: ScheduleDeps,
  connectionId: string,
  lane: Lane,
  spec: ScheduleSpec,
  missed: () => Promise<boolean>,
): Promise<void> {
  const action = {
    type: 'startWorkflow' as const,
    workflowType: 'scheduledSync',
    workflowId: scheduledWorkflowId(connectionId, lane),
    taskQueue: deps.taskQueue,
    args: [{ connectionId, lane }],
  };
  const handle = deps.client.schedule.getHandle(scheduleId(connectionId, lane));
  try {
    await handle.update((previous) => ({ ...previous, spec, action, policies }));
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    const state = { triggerImmediately: await missed() };
    await deps.client.schedule.create({
      scheduleId: scheduleId(connectionId, lane),
      spec,
      action,
      policies,
      state,
    });
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
