import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection, makeRun } from '../test/factories.ts';
import { checkpointWrite, loadCheckpoint, openBatch } from './checkpoints.ts';
import { countBatch, finishRun, loadRun, noCounts, startRun } from './runs.ts';

let database: TestDatabase;
let connectionId: string;
let runId: string;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  connectionId = await makeConnection(database.db);
  runId = await makeRun(database.db, connectionId);
  await startRun(database.db, runId);
});

const key = () => ({ connectionId, stream: 'pages', scope: '' });
const storeBatch = (cursor: string) =>
  database.db.transaction().execute(async (trx) => {
    await openBatch(trx, connectionId);
    const place = checkpointWrite(key(), runId, { cursor, done: false, highWater: null });
    const counts = { ...noCounts, seen: 2, indexed: 2 };
    await countBatch(trx, runId, 'pages', counts, { requests: 1, points: 3 }, 2, place);
  });

test('a batch is counted, and its place stored, once each time', async () => {
  await storeBatch('first');
  await storeBatch('second');
  expect(await loadCheckpoint(database.db, key(), runId)).toMatchObject({ cursor: 'second', done: false });
  expect(await loadRun(database.db, runId)).toMatchObject({ seen: '4', indexed: '4', points: '6' });
});

test('a batch of a run that has ended leaves neither counters nor a place', async () => {
  await storeBatch('first');
  await finishRun(database.db, runId, { state: 'cancelled', cause: null, message: null });
  await expect(storeBatch('second')).rejects.toMatchObject({ code: 'run_over' });
  expect(await loadCheckpoint(database.db, key(), runId)).toMatchObject({ cursor: 'first' });
  expect(await loadRun(database.db, runId)).toMatchObject({ seen: '2', points: '3' });
});

test('a batch keeps a settling waiting, to its end', async () => {
  const { db } = database;
  const isFree = async () => {
    const { rows } = await sql<{ held: number }>`
      select count(*)::int as held from pg_locks
      where locktype = 'advisory' and mode = 'ShareLock' and granted
        and database = (select oid from pg_database where datname = current_database())`.execute(db);
    return rows[0]?.held === 0;
  };
  await db.transaction().execute(async (trx) => {
    await openBatch(trx, connectionId);
    expect(await isFree()).toBe(false);
  });
  expect(await isFree()).toBe(true);
});
