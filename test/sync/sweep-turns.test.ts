import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { generateWorld, GENERATED_ADMIN } from '../../sandbox/world/generate.ts';
import type { SyncRun } from '../../store/schema.ts';
import { createSyncHarness, recordIds, type SyncHarness } from './harness.ts';
import { expectInvariants } from './invariants.ts';
import { startWorkerProcess } from './worker-process.ts';

/** Three batches each of pages, comments and attachments. */
const world = generateWorld({ seed: 64, spaces: 2, pagesPerSpace: 300, commentsPerPage: 1, bodyBytes: 60 });

/** A fifth of 95 % of an app's 65,000 points an hour, for a minute and a half: a batch and a half. */
const intervalMinutes = 1.5;
const share = (65_000 * 0.95 * 0.2 * intervalMinutes) / 60;
const largestBatch = 251;

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({
    world,
    oauth: { accountId: GENERATED_ADMIN.accountId },
    settings: { sync: { strategy: 'scheduled', intervalMinutes } },
    worker: false,
    ownNamespace: true,
  });
});
afterAll(() => harness.close());

async function scheduled(): Promise<string> {
  const { connectionId, engine } = harness;
  const { id: runId } = await harness.database.db
    .insertInto('sync_runs')
    .values({ connection_id: connectionId, kind: 'sweep', trigger: 'schedule' })
    .returning('id')
    .executeTakeFirstOrThrow();
  await engine.startRun({ runId, connectionId, kind: 'sweep' });
  return runId;
}

async function isDone(): Promise<boolean> {
  const parts = await harness.database.db.selectFrom('sweep_parts').selectAll().execute();
  return parts.length > 0 && parts.every((one) => one.finished_at !== null && one.began_at === null);
}

test('a sweep goes on over many runs, each within its share of the points, also when a worker is killed', async () => {
  const { store, faults } = harness.sandbox.context;
  const output: string[][] = [];
  const start = async () => {
    const worker = await startWorkerProcess(harness);
    output.push(worker.output);
    return worker;
  };
  let worker = await start();
  expect(await harness.sync()).toMatchObject({ state: 'succeeded' });
  const leaves = world.content.filter(({ id, type }) => type === 'page' && store.children(id).length === 0);
  for (const { id } of leaves.filter((_leaf, n) => n % 40 === 0)) store.purge(id);
  store.moveContent(leaves[1]?.id ?? '', { parentId: null, spaceId: world.spaces[1]?.id ?? '' });
  store.purgeComment(store.snapshot().comments[200]?.id ?? '');
  const runs: SyncRun[] = [];
  for (let turn = 0; turn < 20 && !(await isDone()); turn += 1) {
    const name = `turn ${turn}`;
    // In the midst of a walk, with a batch stored and the next one asked for.
    if (turn === 2 || turn === 4)
      faults.add({ match: { path: 'cursor=' }, times: 1, action: { kind: 'barrier', name } });
    const runId = await scheduled();
    if (turn === 2 || turn === 4) {
      await faults.barriers.whenHeld(name);
      await worker.kill();
      faults.barriers.releaseAll();
      worker = await start();
    }
    runs.push(await harness.ended(runId));
  }
  expect(runs.every(({ state }) => state === 'succeeded')).toBe(true);
  expect(runs.length).toBeGreaterThanOrEqual(5);
  for (const [turn, { points }] of runs.entries()) {
    // A batch is not cut; the request that a killed worker had sent is paid twice.
    expect({ turn, points, ok: Number(points) <= share + 2 * largestBatch }).toMatchObject({ ok: true });
  }
  await expectInvariants({ harness, connectionId: harness.connectionId }, output.flat());
  expect((await recordIds(harness)).get('page')?.size).toBe(
    store.snapshot().content.filter(({ type, status }) => type === 'page' && status === 'current').length,
  );
  await worker.stop();
}, 300_000);
