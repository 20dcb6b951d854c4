import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { generateWorld } from '../../sandbox/world/generate.ts';
import { everythingElse, outcomesOf, startDryRun } from './dry-runs.ts';
import { createSyncHarness, recordIds, type SyncHarness } from './harness.ts';
import { startWorkerProcess } from './worker-process.ts';

const world = generateWorld({ seed: 12, spaces: 4, pagesPerSpace: 60, commentsPerPage: 4, bodyBytes: 100 });

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({
    world,
    sandbox: { logLength: 100_000 },
    worker: false,
    ownNamespace: true,
  });
});
afterAll(() => harness.close());

test('a worker killed in a dry run loses nothing of the report, and touches nothing else', async () => {
  const { faults, counters } = harness.sandbox.context;
  let worker = await startWorkerProcess(harness);
  const before = await everythingElse(harness);
  faults.add({
    match: { path: '/api/v2/footer-comments' },
    after: 2,
    times: 1,
    action: { kind: 'barrier', name: 'held' },
  });
  const runId = await startDryRun(harness);
  await faults.barriers.whenHeld('held');
  await worker.kill();
  faults.barriers.releaseAll();
  worker = await startWorkerProcess(harness);
  expect(await harness.ended(runId)).toMatchObject({ state: 'succeeded', kind: 'dry_run' });
  expect(await everythingElse(harness)).toEqual(before);
  // What was stored before is not asked for again.
  const first = counters
    .log()
    .filter(({ path, query }) => path.endsWith('/footer-comments') && !query.includes('cursor='));
  expect(first).toHaveLength(1);

  const outcomes = await outcomesOf(harness, runId);
  const added = [...outcomes].filter(([, outcome]) => outcome === 'add').map(([id]) => id);
  expect(await harness.sync()).toMatchObject({ state: 'succeeded' });
  const stored = [...(await recordIds(harness)).values()].flatMap((ids) => [...ids]);
  expect(added.sort()).toEqual(stored.sort());
  await worker.stop();
}, 120_000);
