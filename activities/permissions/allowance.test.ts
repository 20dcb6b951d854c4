import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { budgetKey } from '../../store/budget.ts';
import type { Connection } from '../../store/schema.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { makeConnection } from '../../test/factories.ts';
import { loadAllowance } from './allowance.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

test('an app gives permissions a part of its hour, shared by its connections, and less where little is left', async () => {
  const { db } = database;
  const { id: appId } = await db
    .insertInto('oauth_apps')
    .values({ name: 'App', client_id: 'client', client_secret: Buffer.alloc(0) })
    .returning('id')
    .executeTakeFirstOrThrow();
  const connection = { oauth_app_id: appId, settings: {} };
  const connect = async () => {
    const id = await makeConnection(db);
    await db.updateTable('connections').set({ oauth_app_id: appId }).where('id', '=', id).execute();
  };
  await connect();
  const alone = { currency: 'points', perRun: 950, left: 950, intervalSeconds: 900 };
  expect(await loadAllowance(db, connection, 10_000)).toEqual(alone);
  const hourly = { ...connection, settings: { permissions: { intervalMinutes: 60 } } };
  expect(await loadAllowance(db, hourly, 10_000)).toMatchObject({ perRun: 3_800, intervalSeconds: 3_600 });
  await connect();
  expect(await loadAllowance(db, connection, 10_000)).toMatchObject({ perRun: 475, left: 475 });
  await sql`insert into points_ledger (budget, hour, points)
    values (${budgetKey.app('client')}, date_trunc('hour', now()), 9300)`.execute(db);
  expect(await loadAllowance(db, connection, 10_000)).toMatchObject({ perRun: 475, left: 100 });
});

test('an API token pays no points: its requests are bounded', async () => {
  expect(await loadAllowance(database.db, { oauth_app_id: null, settings: {} })).toEqual({
    currency: 'requests',
    perRun: 3_000,
    left: 3_000,
    intervalSeconds: 900,
  });
});

test('a sweep has a smaller share, by the rhythm of content, and never more than the connection may ask at all', async () => {
  const scheduled = { sync: { strategy: 'scheduled' as const, intervalMinutes: 30 } };
  const byToken = (settings: Connection['settings']) =>
    loadAllowance(database.db, { oauth_app_id: null, settings }, undefined, 'sweep');
  expect(await byToken(scheduled)).toMatchObject({ perRun: 3_000, intervalSeconds: 1_800 });
  expect(await byToken({ sync: { ...scheduled.sync, requestsPerMinute: 10 } })).toMatchObject({ perRun: 60 });
  const cron = { sync: { strategy: 'scheduled' as const, cron: '0 3 * * *' } };
  expect(await byToken(cron)).toMatchObject({ perRun: 6_000, intervalSeconds: 3_600 });
});
