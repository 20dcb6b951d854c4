import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { createSmallWorld } from '../../sandbox/world/small.ts';
import { moveConnection } from '../../store/connection-state.ts';
import { syncWorkflowId } from '../../temporal/names.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { expectInvariants } from './invariants.ts';
import { runWhen } from './run-when.ts';

const world = createSmallWorld();
const mostEvents = 60;

jest.setTimeout(120_000);

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world });
});
afterAll(() => harness.close());
afterEach(async () => {
  harness.sandbox.context.faults.clear();
  await harness.database.db.deleteFrom('connections').execute();
});

const handle = ({ connectionId }: HarnessConnection) =>
  harness.temporal.client.workflow.getHandle(syncWorkflowId(connectionId));

/** A full run whose history may not grow, standing still at its comments. */
async function shortHistory(): Promise<{ connection: HarnessConnection; runId: string }> {
  const { faults } = harness.sandbox.context;
  const action = { kind: 'barrier', name: 'held' } as const;
  faults.add({ match: { path: '/api/v2/footer-comments' }, action });
  const connection = await harness.connect({ world });
  const { connectionId } = connection;
  const { id: runId } = await harness.database.db
    .insertInto('sync_runs')
    .values({ connection_id: connectionId, kind: 'full' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const { client, taskQueue } = harness.temporal;
  await client.workflow.start('syncSite', {
    taskQueue,
    workflowId: syncWorkflowId(connectionId),
    memo: { runId },
    args: [{ connectionId, runId, kind: 'full', mostEvents }],
  });
  await faults.barriers.whenHeld('held');
  return { connection, runId };
}

function letGo(): void {
  const { faults } = harness.sandbox.context;
  faults.clear();
  faults.barriers.releaseAll();
}

/** Signals one after another, each looked at; resolves with the lengths of the histories that they have filled. */
async function signalOften(connection: HarnessConnection, times: number): Promise<Map<string, number>> {
  const lengths = new Map<string, number>();
  for (let time = 0; time < times; time += 1) {
    await handle(connection).signal('reconfigure');
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { runId, historyLength } = await handle(connection).describe();
    lengths.set(runId, historyLength);
  }
  return lengths;
}

test('a run that is told again and again goes on in one history after another, and ends as if never told', async () => {
  const { connection, runId } = await shortHistory();
  const lengths = await signalOften(connection, 100);
  expect(lengths.size).toBeGreaterThan(2);
  letGo();
  expect(await connection.ended(runId)).toMatchObject({ state: 'succeeded', deleted: '0' });
  // A signal and the look at it are nine events. On top of the limit comes what arrives while a step is let end.
  expect(Math.max(...lengths.values())).toBeLessThan(mostEvents + 200);
  // The engine knows it as the same run: it is neither started again nor taken for lost.
  expect((await handle(connection).describe()).memo).toEqual({ runId });
  await expectInvariants({ harness, connectionId: connection.connectionId });
});

test('so does one that rests, and it rests on', async () => {
  const { db } = harness.database;
  const { connection, runId } = await shortHistory();
  await moveConnection(db, connection.connectionId, 'paused');
  await runWhen(harness, runId, ({ state }) => state === 'paused');
  const lengths = await signalOften(connection, 60);
  expect(lengths.size).toBeGreaterThan(1);
  expect((await runWhen(harness, runId, () => true)).state).toBe('paused');
  await moveConnection(db, connection.connectionId, 'resumed');
  await harness.engine.steerRun(connection.connectionId, 'resume');
  letGo();
  expect(await connection.ended(runId)).toMatchObject({ state: 'succeeded' });
  await expectInvariants({ harness, connectionId: connection.connectionId });
});

test('a run of whatever length is a few dozen events', async () => {
  const connection = await harness.connect({ world });
  for (const kind of ['full', 'incremental', 'sweep'] as const) {
    expect(await connection.sync(kind)).toMatchObject({ state: 'succeeded' });
    expect((await handle(connection).describe()).historyLength).toBeLessThan(70);
  }
});
