import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ScheduleNotFoundError } from '@temporalio/client';
import { sql } from 'kysely';
import supertest from 'supertest';
import { createSmallWorld } from '../../sandbox/world/small.ts';
import { connectionTables } from '../../store/disconnection.ts';
import { openNotice } from '../../store/notices.ts';
import { disconnectWorkflowId, resumeDisconnections } from '../../temporal/disconnect.ts';
import { scheduleId } from '../../temporal/names.ts';
import { createTestServer, type TestServer } from '../server.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';

let harness: SyncHarness;
let server: TestServer;
let admin: Awaited<ReturnType<TestServer['person']>>;
let key: string;
const world = createSmallWorld();
const crawler = world.people.find(({ accountId }) => accountId === world.apiTokens[0]?.accountId);

beforeAll(async () => {
  harness = await createSyncHarness({ world });
  server = await createTestServer({ database: harness.database, engine: harness.engine, key: harness.key });
  admin = await server.person(crawler?.email ?? '', 'administrator');
  ({ key } = await server.services.apiKeys.create(admin, {
    name: 'Tests',
    scopes: ['administer', 'search'],
  }));
});
afterAll(() => harness.close());

const call = (method: 'get' | 'delete' | 'post', path: string) =>
  supertest(server.app)[method](`/api/v1${path}`).set('authorization', `Bearer ${key}`);
const db = () => harness.database.db;

async function connected(name: string): Promise<HarnessConnection> {
  const connection = await harness.connect({ world, settings: { sync: { strategy: 'scheduled' } } });
  await db()
    .updateTable('connections')
    .set({ name, authorized_at: new Date(), configured_at: new Date() })
    .where('id', '=', connection.connectionId)
    .execute();
  await harness.engine.applySchedule(connection.connectionId);
  return connection;
}

/** Tables, with how many rows of theirs name the id somewhere: in any column, of any type. */
async function tablesNaming(id: string): Promise<Record<string, number>> {
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE'`.execute(db());
  const found: Record<string, number> = {};
  for (const { name } of tables) {
    const { rows } = await sql<{ n: string }>`
      select count(*) as n from ${sql.table(name)} t where t::text like ${`%${id}%`}`.execute(db());
    if (Number(rows[0]?.n ?? 0) > 0) found[name] = Number(rows[0]?.n);
  }
  return found;
}

async function expectGone(id: string): Promise<void> {
  // What was done stays in the audit log; and who is told of the end of a notice is told of which connection.
  const { audit_log: _log, notice_deliveries: _told, ...left } = await tablesNaming(id);
  expect(left).toEqual({});
  for (const lane of ['content', 'permissions'] as const) {
    const schedule = harness.temporal.client.schedule.getHandle(scheduleId(id, lane));
    await expect(schedule.describe()).rejects.toThrow(ScheduleNotFoundError);
  }
}

test('the tables that are emptied are all that name a connection', async () => {
  const { rows } = await sql<{ name: string }>`
    select c.table_name as name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = 'public' and c.column_name = 'connection_id' and t.table_type = 'BASE TABLE'`.execute(
    db(),
  );
  expect(rows.map(({ name }) => name).sort()).toEqual([...connectionTables].sort());
});

test('a small connection is deleted within the request, with everything that names it', async () => {
  const { connectionId, sync } = await connected('Small');
  await sync();
  await openNotice(db(), {
    connectionId,
    code: 'needs_reauth',
    severity: 'error',
    message: 'Consent again.',
  });
  await sql`insert into rate_limits (budget) values (${`connection:${connectionId}`}) on conflict do nothing`.execute(
    db(),
  );
  expect(Object.keys(await tablesNaming(connectionId))).toEqual(
    expect.arrayContaining([
      'records',
      'spaces',
      'sync_runs',
      'notices',
      'rate_limits',
      'atlassian_accounts',
    ]),
  );
  await call('delete', `/connections/${connectionId}`).expect(204);
  await expectGone(connectionId);
  await call('get', `/connections/${connectionId}`).expect(404);
});

test('during a sync, its steps stop first, and nothing comes back', async () => {
  const { connectionId, start, ended } = await connected('Under way');
  harness.sandbox.context.faults.add({
    match: { path: '/pages' },
    action: { kind: 'delay', ms: 700 },
    times: 3,
  });
  const run = await start();
  await new Promise((resolve) => setTimeout(resolve, 300));
  await call('delete', `/connections/${connectionId}`).expect(204);
  await ended(run).catch(() => {});
  await expectGone(connectionId);
});

test('while it is deleted nobody finds anything of it, and how far it is stands in the API', async () => {
  const { connectionId, sync } = await connected('Hidden at once');
  await sync();
  const before = await call('get', `/records?connection=${connectionId}`).expect(200);
  const record = before.body.items[0].id;
  const found = async () =>
    (await call('get', `/search?q=${word}&connection=${connectionId}`).expect(200)).body;
  const word = before.body.items.find((item: { type: string }) => item.type === 'page').title.split(' ')[0];
  expect((await found()).totalVisible).toBeGreaterThan(0);
  await db()
    .updateTable('connections')
    .set({ status: 'disconnecting', deletion_total: '500', deletion_done: '120' })
    .where('id', '=', connectionId)
    .execute();
  const after = await call('get', `/connections/${connectionId}`).expect(200);
  expect(after.body).toMatchObject({ status: 'disconnecting', deletion: { total: 500, done: 120 } });
  expect((await found()).totalVisible).toBe(0);
  const one = await call('get', `/records/${record}`);
  expect(one.body.markdown ?? null).toBeNull();
  await call('post', `/connections/${connectionId}/syncs`).send({ kind: 'full' }).expect(409);
  await call('delete', `/connections/${connectionId}`).expect(204);
  await expectGone(connectionId);
});

test('a large one is answered for at once and deleted by a worker', async () => {
  const { connectionId, sync } = await connected('Large');
  await sync();
  await sql`
    insert into permission_due (connection_id, kind, source_id, reason)
    select ${connectionId}, 'content', 'x' || n, 'test' from generate_series(1, 21000) n`.execute(db());
  const answer = await call('delete', `/connections/${connectionId}`).expect(202);
  expect(answer.body).toMatchObject({ status: 'disconnecting', deletion: { total: expect.any(Number) } });
  expect(answer.body.deletion.total).toBeGreaterThan(21_000);
  await harness.temporal.client.workflow.getHandle(disconnectWorkflowId(connectionId)).result();
  await expectGone(connectionId);
});

test('what was asked for while Temporal was away, or was interrupted, is taken up later', async () => {
  const { connectionId, sync } = await connected('Later');
  await sync();
  const away = () => Promise.reject(new Error('unreachable'));
  const alone = await createTestServer({
    database: harness.database,
    engine: { cancelRun: away, removeSchedule: away, startDisconnection: away, applySchedule: away },
    key: harness.key,
  });
  expect(await alone.services.disconnect.remove(admin, connectionId)).toBe('deleting');
  expect(Object.keys(await tablesNaming(connectionId))).toContain('records');
  await resumeDisconnections({
    client: harness.temporal.client,
    db: db(),
    taskQueue: harness.temporal.taskQueue,
  });
  await harness.temporal.client.workflow.getHandle(disconnectWorkflowId(connectionId)).result();
  await expectGone(connectionId);
});

test('another connection to the same site keeps all of its own', async () => {
  const [one, other] = [await connected('One'), await connected('Other')];
  await one.sync();
  await other.sync();
  const before = await tablesNaming(other.connectionId);
  await call('delete', `/connections/${one.connectionId}`).expect(204);
  await expectGone(one.connectionId);
  expect(await tablesNaming(other.connectionId)).toEqual(before);
});
