import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import request from 'supertest';
import { saveAccounts } from '../../store/accounts.ts';
import { makeConnection } from '../../test/factories.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';

let server: TestServer;
let connectionId: string;
let key: string;
beforeAll(async () => {
  server = await createTestServer();
  key = await server.key(await server.person('root@x.example', 'administrator'));
  await server.person('ada@x.example');
  await server.person('ben@x.example');
});
afterAll(() => server.close());
beforeEach(async () => {
  const { db } = server.database;
  await db.deleteFrom('connections').execute();
  await db.deleteFrom('user_accounts').execute();
  await db.deleteFrom('audit_log').execute();
  connectionId = await makeConnection(db);
  await accounts(['a', 'ada@x.example'], ['b', null], ['c', 'nobody@x.example']);
});

const accounts = (...rows: [string, string | null][]) =>
  saveAccounts(
    server.database.db,
    connectionId,
    rows.map(([accountId, email]) => ({
      accountId,
      displayName: accountId.toUpperCase(),
      email,
      accountType: 'atlassian',
      accountStatus: 'active',
      guest: false,
    })),
    new Date(),
  );
const get = (path: string) => request(server.app).get(`/api/v1${path}`).set('authorization', `Bearer ${key}`);
const post = (path: string, body: object) =>
  request(server.app).post(`/api/v1${path}`).set('authorization', `Bearer ${key}`).send(body);
const states = async () =>
  (await get('/people')).body.items.map(
    (row: Record<string, unknown>) =>
      `${String(row['accountId'])} ${String(row['matchedBy'] ?? row['reason'])}`,
  );
const links = async () =>
  (await server.database.db.selectFrom('user_accounts').selectAll().orderBy('account_id').execute()).map(
    (row) => `${row.account_id} ${row.source}`,
  );
const audited = async () =>
  server.database.db.selectFrom('audit_log').select(['action', 'target', 'before', 'after']).execute();

test('people are listed with their state and its reason, filtered, counted and paged', async () => {
  expect(await states()).toEqual(['a email', 'b email_hidden', 'c no_user']);
  const { body } = await get(`/people?state=unmatched&connection=${connectionId}&sort=records&limit=1`);
  expect(body.items).toEqual([
    expect.objectContaining({ accountId: 'b', reason: 'email_hidden', records: 0, user: null }),
  ]);
  expect(body).toMatchObject({ counts: { matched: 1, email_hidden: 1, no_user: 1 }, uncounted: 0 });
  const next = await get(`/people?state=unmatched&sort=records&limit=1&cursor=${String(body.nextCursor)}`);
  expect(next.body).toMatchObject({ items: [{ accountId: 'c' }], nextCursor: null });
  expect((await get('/people?q=ADA%40')).body.items).toHaveLength(1);
  expect((await get('/people?q=%25')).body.items).toHaveLength(0);
});

test.each([
  ['/people?state=odd', 'state'],
  ['/people?cursor=abc', 'cursor'],
  ['/people?cursor=eyJhIjoxfQ', 'cursor'],
  ['/people?connection=1', 'connection'],
])('%s is refused by the name of the field', async (path, field) => {
  const { status, body } = await get(path);
  expect([status, Object.keys(body.error.details.fields)]).toEqual([422, [field]]);
});

test('only administrators ask', async () => {
  const token = await server.key(await server.person('member@x.example'), ['search']);
  for (const call of [
    request(server.app).get('/api/v1/people'),
    request(server.app).post('/api/v1/people/import').send({ rows: [] }),
    request(server.app)
      .post('/api/v1/people/confirm-email')
      .send({ accounts: [{ connectionId, accountId: 'a', email: 'x' }] }),
  ]) {
    expect((await call.set('authorization', `Bearer ${token}`)).status).toBe(403);
  }
});

const csv = [
  'account_id,email',
  'b,BEN@x.example',
  'b2,ben@x.example',
  'c,stranger@x.example',
  'not an id,ada@x.example',
  'd,ada@x.example',
  'd,ben@x.example',
  'b,ben@x.example',
].join('\r\n');

test('a dry run says what each line would do, and stores nothing', async () => {
  const { body } = await post('/people/import', { csv });
  expect(body.lines.map((line: Record<string, unknown>) => [line['line'], line['outcome']])).toEqual([
    [2, 'link'],
    [3, 'link'],
    [4, 'refused'],
    [5, 'refused'],
    [6, 'refused'],
    [7, 'refused'],
    [8, 'same'],
  ]);
  expect(body.lines.map((line: Record<string, unknown>) => line['refused'] ?? line['note'])).toEqual([
    null,
    expect.stringContaining('No connected site knows'),
    expect.stringContaining('Nobody here has this email'),
    expect.stringContaining('not the id of an Atlassian account'),
    expect.stringContaining('several emails'),
    expect.stringContaining('several emails'),
    expect.stringContaining('came before'),
  ]);
  expect(body).toMatchObject({ stored: false, counts: { link: 2, change: 0, same: 1, refused: 4 } });
  expect([await links(), await audited()]).toEqual([[], []]);
});

test('what was looked at is stored, with one line in the audit log', async () => {
  const { body: plan } = await post('/people/import', { csv });
  const { body } = await post('/people/import', { csv, dryRun: false, digest: plan.digest });
  expect(body).toMatchObject({ stored: true, lines: plan.lines });
  expect(await links()).toEqual(['b administrator', 'b2 administrator']);
  expect(await states()).toEqual(['a email', 'b administrator', 'c no_user']);
  expect(await audited()).toEqual([
    {
      action: 'people.import',
      target: '2 accounts',
      before: null,
      after: {
        linked: [
          { accountId: 'b', email: 'BEN@x.example' },
          { accountId: 'b2', email: 'ben@x.example' },
        ],
        changed: [],
        refused: 4,
      },
    },
  ]);
  const again = await post('/people/import', { csv, dryRun: false });
  expect(again.body.counts).toEqual({ link: 0, change: 0, same: 3, refused: 4 });
});

test('an administrator’s link moves, what somebody proved does not, and a plan that aged is not stored', async () => {
  const rows = [
    { accountId: 'b', email: 'ada@x.example' },
    { accountId: 'c', email: 'ada@x.example' },
  ];
  await post('/people/import', { rows: [{ accountId: 'b', email: 'ben@x.example' }], dryRun: false });
  const { body: plan } = await post('/people/import', { rows });
  expect(plan.lines).toMatchObject([{ outcome: 'change', from: 'ben@x.example' }, { outcome: 'link' }]);
  const { db } = server.database;
  const ben = await db
    .selectFrom('users')
    .select('id')
    .where('email', '=', 'ben@x.example')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('user_accounts')
    .values({ user_id: ben.id, account_id: 'c', source: 'grant' })
    .execute();
  const late = await post('/people/import', { rows, dryRun: false, digest: plan.digest });
  expect([late.status, late.body.error.code]).toEqual([409, 'import_changed']);
  expect(await links()).toEqual(['b administrator', 'c grant']);
  const { body } = await post('/people/import', { rows, dryRun: false });
  expect(body.lines[1]).toMatchObject({
    outcome: 'refused',
    refused: 'ben@x.example has proven by a consent to be this account.',
  });
  expect(body.counts).toEqual({ link: 0, change: 1, same: 0, refused: 1 });
});

test('a table that is none, and one beyond what goes at once, are refused in words', async () => {
  expect((await post('/people/import', { csv: 'x' })).body.error.details.fields.csv).toContain(
    'names the columns',
  );
  expect((await post('/people/import', {})).status).toBe(422);
  expect((await post('/people/import', { csv, rows: [] })).status).toBe(422);
  const long = `account_id,email\n${'b,ben@x.example\n'.repeat(19_000)}`;
  expect((await post('/people/import', { csv: long })).body.counts).toMatchObject({ link: 1, same: 18_999 });
});

test('a changed email matches again once it is confirmed as it was shown', async () => {
  await accounts(['c', 'ben@x.example']);
  expect(await states()).toEqual(['a email', 'b email_hidden', 'c email_changed']);
  const confirm = (email: string, accountId = 'c') =>
    post('/people/confirm-email', { accounts: [{ connectionId, accountId, email }] });
  for (const late of [await confirm('nobody@x.example'), await confirm('ada@x.example', 'a')])
    expect([late.status, late.body.error.code]).toEqual([409, 'email_changed_again']);
  expect((await confirm('ben@x.example')).body).toEqual({ confirmed: 1 });
  expect(await states()).toEqual(['a email', 'b email_hidden', 'c email']);
  expect(await audited()).toMatchObject([
    {
      action: 'people.confirm_email',
      before: { email: 'nobody@x.example' },
      after: { email: 'ben@x.example' },
    },
  ]);
  await accounts(['c', 'ben@x.example']);
  expect(await states()).toEqual(['a email', 'b email_hidden', 'c email']);
});
