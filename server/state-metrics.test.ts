import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { openNotice } from '../store/notices.ts';
import { openDatabase } from '../store/database.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection } from '../test/factories.ts';
import { registerPermissionMetrics } from './permission-metrics.ts';
import { registerStateMetrics } from './state-metrics.ts';

let database: TestDatabase;
let id: string;
beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  id = await makeConnection(db, { name: 'Wiki' });
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  await db
    .insertInto('sync_runs')
    .values([
      { connection_id: id, kind: 'full', state: 'succeeded', finished_at: minutesAgo(90) },
      { connection_id: id, kind: 'incremental', state: 'succeeded', finished_at: minutesAgo(30) },
      { connection_id: id, kind: 'incremental', state: 'failed', finished_at: minutesAgo(10) },
      { connection_id: id, kind: 'full', state: 'waiting', waiting_until: minutesAgo(-10) },
    ])
    .execute();
  await db
    .insertInto('permission_freshness')
    .values({ connection_id: id, promised_seconds: 1_800, oldest_read_at: minutesAgo(40) })
    .execute();
  await db
    .insertInto('sync_failures')
    .values({ connection_id: id, stage: 'pages', external_id: '1', message: 'x' })
    .execute();
  await openNotice(db, { connectionId: id, code: 'needs_reauth', severity: 'error', message: 'x' });
  const { client_id: app } = await db
    .insertInto('oauth_apps')
    .values({ name: 'Ours', client_id: 'an-app', client_secret: Buffer.from('x') })
    .returning('client_id')
    .executeTakeFirstOrThrow();
  const hour = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000);
  await db
    .insertInto('points_ledger')
    .values({ budget: `app:${app}`, hour, requests: 7, points: 900 })
    .execute();
  await db
    .insertInto('rate_limits')
    .values([
      { budget: `app:${app}`, blocked_until: minutesAgo(-5) },
      { budget: 'old', blocked_until: minutesAgo(5) },
    ])
    .execute();
});
afterAll(() => database.close());

const answering = async () => [
  { type: 'workflow' as const, backlog: 0, pollers: 2 },
  { type: 'activity' as const, backlog: 12, pollers: 2 },
];

/** Samples by their name and labels, of our own metrics. */
async function scrape(registry: Registry): Promise<Record<string, number>> {
  const lines = (await registry.metrics()).split('\n').filter((line) => line.startsWith('sluice_'));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  );
}

test('what the database knows of connections, runs, notices and quotas stands in the metrics', async () => {
  const registry = new Registry();
  registerStateMetrics(registry, { ...database, queue: answering });
  const samples = await scrape(registry);
  const of = `{connection="${id}"}`;
  expect(samples).toMatchObject({
    sluice_database_up: 1,
    [`sluice_connection_info{connection="${id}",name="Wiki",product="confluence",status="active"}`]: 1,
    [`sluice_content_interval_seconds${of}`]: 3_600,
    [`sluice_permission_promise_seconds${of}`]: 1_800,
    [`sluice_failed_items${of}`]: 1,
    'sluice_open_runs{kind="full",state="waiting"}': 1,
    'sluice_open_notices{code="needs_reauth",severity="error"}': 1,
    'sluice_notice_deliveries{state="pending"}': 0,
    'sluice_app_requests{app="an-app"}': 7,
    'sluice_app_points{app="an-app"}': 900,
    sluice_app_points_quota: 65_000,
    sluice_blocking_limits: 1,
    sluice_failing_endpoints: 0,
    sluice_temporal_up: 1,
    'sluice_task_queue_backlog{type="activity"}': 12,
    'sluice_task_queue_pollers{type="workflow"}': 2,
    'sluice_database_connections{state="waiting"}': expect.any(Number),
  });
  const seconds = (name: string) => Math.round((samples[name] ?? Number.NaN) / 60);
  expect(seconds(`sluice_content_age_seconds${of}`)).toBe(30);
  expect(seconds(`sluice_permission_age_seconds${of}`)).toBe(40);
  expect(seconds('sluice_longest_wait_seconds')).toBe(10);
});

test('what is synced by hand or by the calendar has no interval, and what was never read no age', async () => {
  const other = await makeConnection(database.db, { name: 'Other' });
  await database.db
    .updateTable('connections')
    .set({ settings: JSON.stringify({ sync: { strategy: 'manual' } }) })
    .where('id', '=', other)
    .execute();
  const registry = new Registry();
  registerStateMetrics(registry, { ...database, queue: answering });
  const names = Object.keys(await scrape(registry)).filter((name) => name.includes(other));
  expect(names.map((name) => name.split('{')[0]).toSorted()).toEqual([
    'sluice_connection_info',
    'sluice_failed_items',
  ]);
});

test('without the database or Temporal the rest is served, old figures are gone, and it says which is away', async () => {
  const away = openDatabase('postgres://postgres@127.0.0.1:1/none');
  const registry = new Registry();
  registerStateMetrics(registry, {
    ...away,
    queue: async () => {
      throw new Error('away');
    },
  });
  registerPermissionMetrics(registry, away.db);
  const samples = await scrape(registry);
  expect(samples).toEqual({
    sluice_database_up: 0,
    sluice_temporal_up: 0,
    sluice_comparison_up: 0,
    'sluice_database_connections{state="idle"}': 0,
    'sluice_database_connections{state="busy"}': 0,
    'sluice_database_connections{state="waiting"}': 0,
  });
  await away.close();
});
