import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { sql } from 'kysely';
import { generateWorld } from '../../sandbox/world/generate.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { runWhen } from './run-when.ts';
import { expectWanted, set, statesOf } from './wanted.ts';
import { startWorkerProcess } from './worker-process.ts';

// A worker that is gone is noticed by a heartbeat that is missing for 15 s.
jest.setTimeout(240_000);

/** More records than one transaction decides. */
const world = generateWorld({ seed: 5, spaces: 2, pagesPerSpace: 250, bodyBytes: 200, commentsPerPage: 2 });

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world, worker: false, ownNamespace: true });
});
afterAll(() => harness.close());

test('a worker that is killed between two batches of a decision leaves nothing half left out, and the next one ends it', async () => {
  const { database } = harness;
  const { db } = database;
  const { connectionId } = harness;
  let worker = await startWorkerProcess(harness);
  expect(await harness.sync()).toMatchObject({ state: 'succeeded' });
  await set(harness, harness, { filters: { authors: { operator: 'in', values: ['nobody'] } } });

  // Whoever holds the last record keeps the batch that it is in from being written.
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  let held = () => {};
  const holding = new Promise<void>((resolve) => (held = resolve));
  const holder = db.transaction().execute(async (trx) => {
    await sql`select from records where connection_id = ${connectionId}
      order by external_id desc limit 1 for update`.execute(trx);
    held();
    await released;
  });
  await holding;
  const runId = await harness.start('incremental');
  await runWhen(harness, runId, (run) => (run.changes['left_out'] ?? 0) > 0);
  const half = await statesOf(harness, connectionId);
  const [out, still] = [
    half.filter(({ state }) => state === 'filtered'),
    half.filter(({ state }) => state === 'indexed'),
  ];
  expect(out.length).toBeGreaterThan(0);
  expect(still.length).toBeGreaterThan(0);
  expect(out.filter(({ body, words }) => body || words)).toEqual([]);
  expect(still.filter(({ words }) => !words)).toEqual([]);

  await worker.kill();
  release();
  await holder;
  worker = await startWorkerProcess(harness);
  expect(await harness.ended(runId)).toMatchObject({ state: 'succeeded' });
  await expectWanted(harness, harness);
  expect((await statesOf(harness, connectionId)).filter(({ state }) => state === 'indexed')).toEqual([]);
  const told = await db
    .selectFrom('record_events')
    .select((eb) => [
      eb.fn.countAll<string>().as('events'),
      eb.fn.count<string>('external_id').distinct().as('records'),
    ])
    .where('connection_id', '=', connectionId)
    .where('what', '=', 'left_out')
    .executeTakeFirstOrThrow();
  expect(told.events).toBe(told.records);

  await set(harness, harness, {});
  expect(await harness.sync('incremental')).toMatchObject({ state: 'succeeded' });
  await expectWanted(harness, harness);
  await worker.stop();
});
