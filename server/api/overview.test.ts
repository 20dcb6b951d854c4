import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import request from 'supertest';
import { budgetKey } from '../../store/limit-keys.ts';
import { createBrowserSession, type BrowserSession } from '../../test/browser-session.ts';
import { makeConnection } from '../../test/factories.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';

let server: TestServer;
let key: string;
let memberKey: string;
let browser: BrowserSession;
let empty = '';
const ids: Record<string, string> = {};

beforeAll(async () => {
  server = await createTestServer();
  const { db } = server.database;
  key = await server.key(await server.person('admin@example.com', 'administrator', 'correct horse battery'));
  memberKey = await server.key(await server.person('max@example.com', 'member', 'correct horse battery'), [
    'search',
  ]);
  browser = createBrowserSession(server.app);
  await browser.signIn('admin@example.com', 'correct horse battery');
  empty = (await browser.get('/connections')).text;

  for (const name of ['Able', 'Baker', 'Charlie']) ids[name] = await makeConnection(db, { name });
  const app = await db
    .insertInto('oauth_apps')
    .values({ name: 'App', client_id: 'client-1', client_secret: Buffer.from('x') })
    .returning('id')
    .executeTakeFirstOrThrow();
  await sql`update connections set authorized_at = now(), configured_at = now()`.execute(db);
  await sql`update connections set status = 'needs_reauth', auth_method = 'oauth', oauth_app_id = ${app.id}
    where name = 'Charlie'`.execute(db);
  const hour = sql<Date>`date_trunc('hour', now(), 'UTC')`;
  await db
    .insertInto('points_ledger')
    .values([
      { budget: budgetKey.app('client-1'), hour, requests: 40, points: 900 },
      { budget: budgetKey.connection(ids['Charlie'] ?? ''), hour, requests: 30, points: 700 },
      { budget: budgetKey.connection(ids['Able'] ?? ''), hour, requests: 5, points: 0 },
    ])
    .execute();
  await db
    .insertInto('sync_runs')
    .values([
      {
        connection_id: ids['Able'] ?? '',
        kind: 'full',
        state: 'succeeded',
        finished_at: new Date('2026-03-26T15:00:00Z'),
      },
      {
        connection_id: ids['Able'] ?? '',
        kind: 'sweep',
        state: 'succeeded',
        finished_at: new Date('2026-03-26T16:00:00Z'),
      },
    ])
    .execute();
  await sql`insert into sync_failures (connection_id, stage, external_id, message)
    values (${ids['Able']}, 'bodies', '1', 'No.'), (${ids['Able']}, 'bodies', '2', 'No.')`.execute(db);
  await sql`
    insert into records (connection_id, external_id, kind, title, state)
    select ${ids['Able']}::uuid, n::text, case when n <= 3 then 'page' else 'comment' end, 't',
      case when n = 5 then 'filtered' else 'indexed' end
    from generate_series(1, 5) n`.execute(db);
  await sql`
    insert into atlassian_accounts (connection_id, account_id, display_name, email, account_type, account_status)
    select ${ids['Able']}::uuid, v.* from (values
      ('a', 'Ada', 'admin@example.com', 'atlassian', 'active'), ('b', 'Ben', null, 'atlassian', 'active'),
      ('c', 'Bot', null, 'app', 'active')) v`.execute(db);
});
afterAll(() => server.close());

const get = (path: string, by = key) =>
  request(server.app).get(`/api/v1${path}`).set('authorization', `Bearer ${by}`);

test('every connection is told with counts, freshness, cost and people, what needs somebody first', async () => {
  const { body } = await get('/overview').expect(200);
  expect(body.items.map((item: { connection: { name: string } }) => item.connection.name)).toEqual([
    'Charlie',
    'Able',
    'Baker',
  ]);
  expect(body.items[1]).toMatchObject({
    records: 4,
    kinds: [
      { kind: 'page', records: 3 },
      { kind: 'comment', records: 1 },
    ],
    failures: 2,
    contentReadAt: '2026-03-26T15:00:00.000Z',
    hour: { requests: 5, points: 0 },
    quota: null,
    people: { accounts: 2, matched: 1 },
  });
  expect(body.items[0]).toMatchObject({
    hour: { requests: 30, points: 700 },
    quota: { points: 900, limit: 65_000 },
    people: { accounts: 0, matched: 0 },
  });
  expect(body.totals).toEqual({
    connections: 3,
    needing: 1,
    syncing: 0,
    records: 4,
    failures: 2,
    requests: 35,
    points: 700,
    people: { accounts: 2, matched: 1 },
  });
});

test('the page shows the same, and works without JavaScript', async () => {
  const { text } = await browser.get('/connections');
  expect(text).toContain('1 connection needs you');
  expect(text).toContain('3 pages, 1 comment');
  expect(text).toContain('900 of 65,000 by its app (1 %)');
  expect(text).toContain('1 of 2');
  expect(text).toMatch(/<noscript><meta http-equiv="refresh" content="30"/);
  expect(text.indexOf('Charlie')).toBeLessThan(text.indexOf('Able'));
});

test('where nothing is connected, it leads to the first connection', () => {
  expect(empty).toContain('No connection yet');
  expect(empty).toContain('href="/connections/new"');
  expect(empty).not.toContain('sse-connect');
});

test('it takes as many statements for many connections as for one', async () => {
  const { db } = server.database;
  const statements = async () => {
    const before = await sql<{ n: string }>`select count(*) as n from connections`.execute(db);
    let asked = 0;
    const connect = server.database.pool.connect.bind(server.database.pool);
    server.database.pool.connect = (async () => {
      asked += 1;
      return connect();
    }) as typeof connect;
    await get('/overview').expect(200);
    server.database.pool.connect = connect;
    return [Number(before.rows[0]?.n), asked];
  };
  const [few, before] = await statements();
  for (let more = 0; more < 20; more += 1) await makeConnection(db, { name: `More ${more}` });
  const [many, after] = await statements();
  expect(many).toBe((few ?? 0) + 20);
  expect(before).toBeGreaterThan(4);
  expect(after).toBe(before);
});

test('it is for administrators alone, its stream too', async () => {
  await get('/overview', memberKey).expect(403);
  const member = createBrowserSession(server.app);
  await member.signIn('max@example.com', 'correct horse battery');
  expect((await member.get('/connections')).status).toBe(403);
  expect((await member.get('/connections/events')).status).toBe(403);
});
