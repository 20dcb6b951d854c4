import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { generateWorld } from '../../sandbox/world/generate.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { expectNoLeaks } from './invariants.ts';
import { startWorkerProcess } from './worker-process.ts';

const files = 60;
let harness: SyncHarness;
beforeAll(async () => {
  const world = generateWorld({
    seed: 5,
    spaces: 1,
    pagesPerSpace: files,
    files: 'documents',
    bodyBytes: 200,
  });
  harness = await createSyncHarness({ world, worker: false, ownNamespace: true });
});
afterAll(() => harness.close());

test('a worker that is killed among files leaves them to the next, which reads each and hardly one twice', async () => {
  const { counters, faults } = harness.sandbox.context;
  const first = await startWorkerProcess(harness);
  faults.add({
    match: { path: '/file/', host: 'media' },
    after: 40,
    times: 1,
    action: { kind: 'barrier', name: 'among files' },
  });
  const held = faults.barriers.whenHeld('among files');
  const runId = await harness.start();
  await held;
  await first.kill();
  faults.barriers.releaseAll();
  const second = await startWorkerProcess(harness);
  expect(await harness.ended(runId)).toMatchObject({ state: 'succeeded', failed: '0' });

  const rows = await harness.database.db
    .selectFrom('attachment_texts as t')
    .innerJoin('record_bodies as b', 'b.record_id', 't.record_id')
    .select(['t.state', 'b.text'])
    .execute();
  expect(rows).toHaveLength(files);
  expect(rows.filter(({ state, text }) => state !== 'done' || !text.includes('40. '))).toEqual([]);
  // A batch that was not stored yet, and what was on its way.
  const asked = counters.log().filter(({ path }) => path.endsWith('/download')).length;
  expect(asked).toBeGreaterThanOrEqual(files);
  expect(asked).toBeLessThanOrEqual(files + 20 + 4);
  await expectNoLeaks(harness, [...first.output, ...second.output]);
  await second.stop();
}, 200_000);
