import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { generateWorld } from '../../sandbox/world/generate.ts';
import { asked } from './asked.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { expectWanted } from './wanted.ts';
import { startWorkerProcess } from './worker-process.ts';

const world = generateWorld({ seed: 63, spaces: 2, pagesPerSpace: 700, bodyBytes: 300, labelsPerPage: 2 });
const [label = ''] = world.content.find(({ labels }) => labels.length > 0)?.labels ?? [];

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({
    world: structuredClone(world),
    sandbox: { logLength: 100_000 },
    worker: false,
    ownNamespace: true,
  });
});
afterAll(() => harness.close());

test('a worker that is killed while bodies are read leaves due what it has not stored', async () => {
  const { faults, counters } = harness.sandbox.context;
  const connection = await harness.connect({
    world,
    settings: { filters: { labels: { operator: 'not_in', values: [label] } } },
  });
  const path = '/api/v2/pages\\?.*id=.*body-format';
  faults.add({ match: { path }, after: 1, times: 2, action: { kind: 'barrier', name: 'third' } });
  let worker = await startWorkerProcess(harness);
  counters.reset();
  const runId = await connection.start();
  await faults.barriers.whenHeld('third');
  await worker.kill();
  faults.barriers.releaseAll();
  worker = await startWorkerProcess(harness);
  expect(await connection.ended(runId)).toMatchObject({ state: 'succeeded', failed: '0' });
  await expectWanted(harness, connection);
  const { requests = 0 } = asked(harness)['bodies of pages by id'] ?? {};
  const pages = await harness.database.db
    .selectFrom('records')
    .select((eb) => eb.fn.countAll<string>().as('n'))
    .where('kind', '=', 'page')
    .where('state', '=', 'indexed')
    .executeTakeFirstOrThrow();
  const least = Math.ceil(Number(pages.n) / 250);
  // Two batches at most were on their way.
  expect({ requests, least, few: requests <= least + 3 }).toMatchObject({ few: true });
  await worker.stop();
}, 180_000);
