import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { generateWorld } from '../../sandbox/world/generate.ts';
import type { SyncRun } from '../../store/schema.ts';
import { createSyncHarness, recordIds, type SyncHarness } from './harness.ts';
import { expectInvariants } from './invariants.ts';
import { startLimitedWorker } from './limited-worker.ts';

const world = generateWorld({ seed: 51, spaces: 2, pagesPerSpace: 30, bodyBytes: 200 });
/** Shorter times than in life: two failures open, and one tries every few seconds. */
const circuits = { failures: 2, firstMs: 11_000, longestMs: 11_000, probeMs: 5_000 };

let harness: SyncHarness;
let stop: () => Promise<void>;
beforeAll(async () => {
  harness = await createSyncHarness({ world, worker: false, sandbox: { logLength: 10_000 } });
  ({ stop } = await startLimitedWorker(harness, { circuits }));
});
afterAll(async () => {
  await stop();
  await harness.close();
});
afterEach(async () => {
  harness.sandbox.context.faults.clear();
  harness.sandbox.context.counters.reset();
  const { db } = harness.database;
  for (const table of ['connections', 'rate_limits'] as const) await db.deleteFrom(table).execute();
});

async function waitingWith(runId: string, words: string): Promise<SyncRun> {
  for (;;) {
    const run = await harness.database.db
      .selectFrom('sync_runs')
      .selectAll()
      .where('id', '=', runId)
      .executeTakeFirstOrThrow();
    if (run.finished_at !== null || (run.state === 'waiting' && run.message?.includes(words) === true))
      return run;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('while a site answers 503 to everything, it is left alone, the run says so, and nothing here changes', async () => {
  const { faults, counters } = harness.sandbox.context;
  const connection = await harness.connect({ world });
  expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
  const before = await recordIds({ ...harness, connectionId: connection.connectionId });
  counters.reset();
  faults.add({ action: { kind: 'status', status: 503 } });
  const runId = await connection.start();
  const run = await waitingWith(runId, 'left alone');
  expect(run).toMatchObject({ state: 'waiting', cause: null });
  expect(run.waiting_until).toBeInstanceOf(Date);
  expect(run.message).toMatch(/does not answer GET \/wiki\/\S+ properly \(server_error\)/);
  // At least one round of waiting, after which one asks for all, with one more try.
  const opened = counters.log().length;
  await new Promise((resolve) => setTimeout(resolve, 12_000));
  expect(counters.log().length - opened).toBeLessThanOrEqual(2 * endpointsUnderWay());
  const perEndpoint = Object.values(counters.view().routes).map(({ requests }) => requests);
  expect(Math.max(...perEndpoint)).toBeLessThanOrEqual(15);
  expect(await recordIds({ ...harness, connectionId: connection.connectionId })).toEqual(before);
  faults.clear();
  expect(await connection.ended(runId)).toMatchObject({ state: 'succeeded', failed: '0' });
  await expectInvariants({ harness, connectionId: connection.connectionId });
}, 120_000);

function endpointsUnderWay(): number {
  return Object.keys(harness.sandbox.context.counters.view().routes).length;
}

test('one endpoint that fails does not stop the permission sync beside it', async () => {
  const { faults } = harness.sandbox.context;
  const connection = await harness.connect({ world, settings: { permissions: { comparedPairs: 0 } } });
  expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
  faults.add({ match: { path: '/api/v2/attachments' }, action: { kind: 'status', status: 500 } });
  const runId = await connection.start();
  await waitingWith(runId, 'attachments');
  expect(await connection.sync('permissions')).toMatchObject({ state: 'succeeded' });
  faults.clear();
  expect(await connection.ended(runId)).toMatchObject({ state: 'succeeded' });
  await expectInvariants({ harness, connectionId: connection.connectionId });
}, 120_000);
