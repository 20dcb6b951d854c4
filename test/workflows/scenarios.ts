import type { SyncRun } from '../../store/schema.ts';
import { moveConnection } from '../../store/connection-state.ts';
import { disconnectWorkflowId } from '../../temporal/disconnect.ts';
import { scheduledWorkflowId, syncWorkflowId } from '../../temporal/names.ts';
import type { HarnessConnection, SyncHarness } from '../sync/harness.ts';
import { dryRun } from '../sync/dry-runs.ts';
import { runWhen } from '../sync/run-when.ts';

/** The workflow whose history is kept; of one that was continued as new, the execution too. */
export interface Execution {
  workflowId: string;
  runId?: string;
}

export type Scenario = (harness: SyncHarness, connection: HarnessConnection) => Promise<Execution>;

const content = ({ connectionId }: HarnessConnection): Execution => ({
  workflowId: syncWorkflowId(connectionId),
});

/** A full run that stands still at its first comments. */
async function held(harness: SyncHarness, connection: HarnessConnection): Promise<string> {
  const { faults } = harness.sandbox.context;
  const action = { kind: 'barrier', name: 'held' } as const;
  faults.add({ match: { path: '/api/v2/footer-comments' }, times: 1, action });
  const runId = await connection.start();
  await faults.barriers.whenHeld('held');
  return runId;
}

const goOn = (harness: SyncHarness) => harness.sandbox.context.faults.barriers.releaseAll();

const until = (harness: SyncHarness, runId: string, state: SyncRun['state']) =>
  runWhen(harness, runId, (run) => run.state === state);

/** What `npm run record-histories` records: each workflow, and each way in which a run may go. */
export const scenarios: Record<string, Scenario> = {
  async full(_harness, connection) {
    await connection.sync('full');
    return content(connection);
  },
  async incremental(_harness, connection) {
    await connection.sync('full');
    await connection.sync('incremental');
    return content(connection);
  },
  async sweep(_harness, connection) {
    await connection.sync('full');
    await connection.sync('sweep');
    return content(connection);
  },
  async 'dry-run'(harness, connection) {
    await connection.sync('full');
    await dryRun(harness, connection.connectionId);
    return content(connection);
  },
  async permissions(_harness, connection) {
    await connection.sync('full');
    await connection.sync('permissions');
    return { workflowId: syncWorkflowId(connection.connectionId, 'permissions') };
  },
  scheduled: (harness, connection) => scheduled(harness, connection, 'content'),
  async 'scheduled-permissions'(harness, connection) {
    await connection.sync('full');
    return scheduled(harness, connection, 'permissions');
  },
  async 'paused-and-resumed'(harness, connection) {
    const runId = await held(harness, connection);
    await moveConnection(harness.database.db, connection.connectionId, 'paused');
    await harness.engine.steerRun(connection.connectionId, 'pause');
    await until(harness, runId, 'paused');
    await moveConnection(harness.database.db, connection.connectionId, 'resumed');
    await harness.engine.steerRun(connection.connectionId, 'resume');
    goOn(harness);
    await connection.ended(runId);
    return content(connection);
  },
  async reconfigured(harness, connection) {
    const runId = await held(harness, connection);
    const settings = JSON.stringify({ scope: { archivedSpaces: true } });
    await harness.database.db
      .updateTable('connections')
      .set({ settings })
      .where('id', '=', connection.connectionId)
      .execute();
    await harness.engine.steerRun(connection.connectionId, 'reconfigure');
    await runWhen(harness, runId, (run) => run.scope?.['archivedSpaces'] === true);
    goOn(harness);
    await connection.ended(runId);
    return content(connection);
  },
  async cancelled(harness, connection) {
    const runId = await held(harness, connection);
    await harness.engine.cancelRun(connection.connectionId);
    await connection.ended(runId);
    goOn(harness);
    return content(connection);
  },
  async waited(harness, connection) {
    const action = { kind: 'rate-limit', retryAfter: 8 } as const;
    harness.sandbox.context.faults.add({ match: { path: '/api/v2/footer-comments' }, times: 1, action });
    await connection.sync('full');
    return content(connection);
  },
  async failed(harness, connection) {
    harness.sandbox.context.faults.add({ action: { kind: 'status', status: 401 } });
    await connection.sync('full');
    return content(connection);
  },
  async disconnected(harness, { connectionId }) {
    await moveConnection(harness.database.db, connectionId, 'disconnected');
    const workflowId = disconnectWorkflowId(connectionId);
    const { client, taskQueue } = harness.temporal;
    await client.workflow.execute('disconnectConnection', { workflowId, taskQueue, args: [connectionId] });
    return { workflowId };
  },
  /** The first of two executions: how it ends, and what it hands on. */
  async 'continued-as-new'(harness, connection) {
    const { runId, first } = await manySignals(harness, connection);
    goOn(harness);
    await connection.ended(runId);
    return { ...content(connection), runId: first };
  },
  /** The second of them: it goes on from a place. */
  async 'gone-on-as-new'(harness, connection) {
    const { runId } = await manySignals(harness, connection);
    goOn(harness);
    await connection.ended(runId);
    return content(connection);
  },
};

async function scheduled(
  harness: SyncHarness,
  { connectionId }: HarnessConnection,
  lane: 'content' | 'permissions',
): Promise<Execution> {
  const workflowId = scheduledWorkflowId(connectionId, lane);
  const { client, taskQueue } = harness.temporal;
  await client.workflow.execute('scheduledSync', { workflowId, taskQueue, args: [{ connectionId, lane }] });
  return { workflowId };
}

/** A full run with a low limit that is told to look until its history is too long. */
async function manySignals(harness: SyncHarness, { connectionId }: HarnessConnection) {
  const { faults } = harness.sandbox.context;
  faults.add({
    match: { path: '/api/v2/footer-comments' },
    times: 1,
    action: { kind: 'barrier', name: 'held' },
  });
  const { id: runId } = await harness.database.db
    .insertInto('sync_runs')
    .values({ connection_id: connectionId, kind: 'full' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const { client, taskQueue } = harness.temporal;
  const { firstExecutionRunId: first } = await client.workflow.start('syncSite', {
    taskQueue,
    workflowId: syncWorkflowId(connectionId),
    memo: { runId },
    args: [{ connectionId, runId, kind: 'full', mostEvents: 60 }],
  });
  await faults.barriers.whenHeld('held');
  const handle = client.workflow.getHandle(syncWorkflowId(connectionId));
  for (;;) {
    await handle.signal('reconfigure');
    const { runId: now } = await handle.describe();
    if (now !== first) return { runId, first };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
