import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection, makeRun } from '../test/factories.ts';
import { clearDue, disagreement, loadDue } from './permission-due.ts';
import { loadFreshness, saveFreshness } from './permission-freshness.ts';
import { loadGaps, loadSpending, loadSpendingByInterval, saveReading } from './permission-readings.ts';

let database: TestDatabase;
let connectionId: string;
let run: { connectionId: string; runId: string };
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  connectionId = await makeConnection(database.db);
  run = { connectionId, runId: await makeRun(database.db, connectionId) };
});

const content = (units: number, gapSeconds: number | null, points = units) =>
  saveReading(database.db, run, { kind: 'content', units, gapSeconds, spent: { requests: 1, points } });

test('the time between two readings is weighed by how many things were read', async () => {
  expect(await loadGaps(database.db, connectionId, 3_600)).toEqual({ p50: null, p95: null });
  await content(90, 900);
  await content(9, 1_800);
  await content(1, 9_000);
  await content(50, null);
  expect(await loadGaps(database.db, connectionId, 3_600)).toEqual({ p50: 900, p95: 1_800 });
});

test('what was spent is told by kind, by run and by interval', async () => {
  const { db } = database;
  await content(10, null, 21);
  await content(5, null, 11);
  await db
    .updateTable('permission_readings')
    .set({ at: new Date(Date.now() - 1_000_000) })
    .where('points', '=', 21)
    .execute();
  const hour = { withinSeconds: 3_600 };
  expect(await loadSpending(db, connectionId, hour)).toEqual([
    { kind: 'content', units: 15, requests: 2, points: 32 },
  ]);
  const other = { ...hour, runId: await makeOtherRun() };
  expect(await loadSpending(db, connectionId, other)).toEqual([]);
  const intervals = await loadSpendingByInterval(db, connectionId, { intervalSeconds: 900, intervals: 4 });
  expect(intervals.sort((a, b) => a.ago - b.ago)).toEqual([
    { kind: 'content', ago: 0, requests: 1, points: 11 },
    { kind: 'content', ago: 1, requests: 1, points: 21 },
  ]);
});

async function makeOtherRun(): Promise<string> {
  const { id } = await database.db
    .insertInto('sync_runs')
    .values({ connection_id: connectionId, kind: 'permissions' })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

test('what is named again while it is read stays due', async () => {
  const { db } = database;
  const named = (sourceId: string, reason: string) =>
    db
      .insertInto('permission_due')
      .values({ connection_id: connectionId, kind: 'content', source_id: sourceId, reason })
      .execute();
  await named('1', 'Restrictions changed');
  await named('2', disagreement);
  const due = await loadDue(db, connectionId, 10);
  expect(due.map(({ sourceId, exact }) => [sourceId, exact])).toEqual([
    ['1', true],
    ['2', false],
  ]);
  await db
    .updateTable('permission_due')
    .set({ since: new Date(Date.now() + 5_000) })
    .where('source_id', '=', '1')
    .execute();
  await clearDue(db, connectionId, due);
  expect((await loadDue(db, connectionId, 10)).map(({ sourceId }) => sourceId)).toEqual(['1']);
});

test('freshness is not known before the first permission sync, and keeps what others note', async () => {
  const { db } = database;
  expect(await loadFreshness(db, connectionId)).toEqual({
    promisedSeconds: null,
    oldestReadAt: null,
    readingP50Seconds: null,
    readingP95Seconds: null,
    changes: { count: 0, p50Seconds: null, p95Seconds: null },
    exactChanges: { count: 0, p50Seconds: null, p95Seconds: null },
    auditState: 'untried',
    updatedAt: null,
  });
  await db
    .insertInto('permission_freshness')
    .values({ connection_id: connectionId, audit_state: 'refused' })
    .execute();
  const oldestReadAt = new Date('2026-03-01T00:00:00Z');
  const measured = { promisedSeconds: 960, oldestReadAt, readingP50Seconds: 900, readingP95Seconds: 910 };
  await saveFreshness(db, connectionId, measured);
  expect(await loadFreshness(db, connectionId)).toMatchObject({ ...measured, auditState: 'refused' });
});
