import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import request from 'supertest';
import { saveAuditRecords, saveAuditState, type AuditRecordWrite } from '../../store/confluence-audit.ts';
import { createBrowserSession, type BrowserSession } from '../../test/browser-session.ts';
import { makeConnection } from '../../test/factories.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';
import { auditLogSchema, auditRecordSchema } from './confluence-audit.ts';

let server: TestServer;
let administrator: string;
let member: string;
let id: string;
let browser: BrowserSession;
let memberBrowser: BrowserSession;

const noon = Date.parse('2026-03-01T12:00:00.000Z');
const record = (n: number, change: Partial<AuditRecordWrite> = {}): AuditRecordWrite => ({
  digest: `d${n}`,
  at: new Date(noon - n * 60_000),
  author: { accountId: 'acc-ada', name: 'Ada Lindqvist' },
  category: 'Permissions',
  summary: 'Content restriction added',
  description: '',
  object: { name: 'Ben', objectType: 'User' },
  associated: [
    { name: 'Pay', objectType: 'Page' },
    { name: 'People', objectType: 'Space' },
  ],
  changed: [{ name: 'Type', oldValue: '', newValue: 'View' }],
  remoteAddress: '192.0.2.17',
  ...change,
});

beforeAll(async () => {
  server = await createTestServer();
  const password = 'correct horse battery';
  administrator = await server.key(await server.person('admin@example.com', 'administrator', password));
  member = await server.key(await server.person('ben@example.com', 'member', password), ['search']);
  [browser, memberBrowser] = [createBrowserSession(server.app), createBrowserSession(server.app)];
  await browser.signIn('admin@example.com', password);
  await memberBrowser.signIn('ben@example.com', password);
  const { db } = server.database;
  id = await makeConnection(db);
  await saveAuditRecords(db, await makeConnection(db), [record(0, { summary: 'Of another site' })]);
  await saveAuditRecords(db, id, [
    record(1),
    // Two of one moment, to be cut by a page.
    record(2, { digest: 'twin' }),
    record(2, {
      author: { accountId: null, name: '=HYPERLINK("x")' },
      category: 'Users and groups',
      summary: '100% "odd", _new_',
      object: { name: '@team', objectType: 'Group' },
      associated: [],
      changed: [],
    }),
    record(1_999, { category: 'Twins', associated: [{ name: 'Pay', objectType: 'Page' }] }),
    record(2_000, {
      summary: 'Space permission added',
      associated: [{ name: 'People', objectType: 'Space' }],
    }),
  ]);
  const { id: spaceId } = await db
    .insertInto('spaces')
    .values({
      connection_id: id,
      external_id: '7',
      key: 'HR',
      name: 'People',
      type: 'global',
      status: 'current',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const page = { connection_id: id, kind: 'page' as const, title: 'Pay' };
  await db
    .insertInto('records')
    .values([
      { ...page, external_id: '1', space_id: spaceId },
      { ...page, external_id: '2' },
    ])
    .execute();
  await saveAuditState(db, id, { state: 'readable', message: null, highWater: new Date(noon) });
});
afterAll(() => server.close());

const get = (path: string, key = administrator) =>
  request(server.app).get(`/api/v1/connections/${id}${path}`).set('authorization', `Bearer ${key}`);

async function summaries(query: string): Promise<string[]> {
  const { body } = await get(`/audit-records?${query}`).expect(200);
  return body.items.map(({ summary }: { summary: string }) => summary);
}

test('records come newest first, page by page, and none twice where a page cuts through a moment', async () => {
  const ids: string[] = [];
  const times: string[] = [];
  let cursor = '';
  do {
    const { body } = await get(`/audit-records?limit=1${cursor}`).expect(200);
    for (const item of body.items) {
      const one = auditRecordSchema.parse(item);
      ids.push(one.id);
      times.push(one.at);
    }
    cursor = body.nextCursor === null ? '' : `&cursor=${encodeURIComponent(body.nextCursor)}`;
  } while (cursor !== '');
  expect(new Set(ids).size).toBe(5);
  expect(ids).toHaveLength(5);
  expect(times).toEqual(times.toSorted().toReversed());
});

test.each([
  ['from=2026-03-01', 3],
  ['to=2026-02-28', 2],
  ['from=2026-02-28&to=2026-03-01', 5],
  ['from=2026-03-01T11:58:00Z&to=2026-03-01T11:58:00Z', 2],
  ['author=lindqvist', 4],
  ['author=acc-ada', 4],
  ['object=PAY', 3],
  ['object=team', 1],
  ['category=Permissions', 3],
  ['category=permission', 0],
  ['q=view', 4],
  ['q=100%25', 1],
  ['q=_new_', 1],
  ['q=192.0.2', 5],
  ['q=%20', 5],
  ['q=%25', 1],
  ['object=_', 0],
])('the filter %s leaves %d', async (query, count) => {
  expect(await summaries(query)).toHaveLength(count);
});

test.each([
  'from=yesterday',
  'to=2026-02-31',
  'from=2026-03-01T10:00',
  'cursor=nonsense',
  'limit=0',
  'page=2',
])('an input that cannot be meant, %s, is refused by its name', async (query) => {
  const { body } = await get(`/audit-records?${query}`).expect(422);
  expect(Object.keys(body.error.details.fields)).toEqual([query.split('=')[0]]);
});

test('a record leads to the page that it names, where the named space tells it from its twin', async () => {
  const { body } = await get('/audit-records').expect(200);
  const pay = await server.database.db
    .selectFrom('records')
    .select('id')
    .where('external_id', '=', '1')
    .executeTakeFirstOrThrow();
  const links = (category: string) =>
    body.items
      .filter((one: { category: string; associated: unknown[] }) => one.category === category)
      .map((one: { recordId: string | null }) => one.recordId);
  expect(links('Permissions')).toEqual([pay.id, pay.id, null]);
  expect(links('Users and groups')).toEqual([null]);
  // Of two pages with this title nothing tells which is meant.
  expect(links('Twins')).toEqual([null]);
});

test('the log itself tells how it stands', async () => {
  const { body } = await get('/audit-log').expect(200);
  expect(auditLogSchema.parse(body)).toEqual({
    state: 'readable',
    message: null,
    readUpTo: new Date(noon).toISOString(),
    categories: ['Permissions', 'Twins', 'Users and groups'],
  });
});

test('the CSV holds the same records, is read as UTF-8, and holds no formula', async () => {
  const { text, headers } = await get('/audit-records.csv?from=2026-03-01').expect(200);
  expect(headers['content-type']).toBe('text/csv; charset=utf-8');
  expect(headers['content-disposition']).toMatch(/^attachment/);
  expect(text.charCodeAt(0)).toBe(0xfeff);
  const rows = parse(text, { bom: true, columns: true }) as Record<string, string>[];
  expect(rows).toHaveLength(3);
  expect(rows[0]).toEqual({
    time: '2026-03-01T11:59:00.000Z',
    author: 'Ada Lindqvist',
    author_account_id: 'acc-ada',
    category: 'Permissions',
    summary: 'Content restriction added',
    description: '',
    object_type: 'User',
    object: 'Ben',
    associated: 'Page: Pay; Space: People',
    changed: 'Type:  → View',
    remote_address: '192.0.2.17',
  });
  const odd = rows.find(({ category }) => category === 'Users and groups');
  expect(odd).toMatchObject({ author: `'=HYPERLINK("x")`, object: "'@team", summary: '100% "odd", _new_' });
});

test('a log of many pages is exported whole', async () => {
  const { db } = server.database;
  const other = await makeConnection(db);
  const many = Array.from({ length: 2_500 }, (_, n) =>
    record(n % 5, { digest: `n${n}`, description: `${n}` }),
  );
  await saveAuditRecords(db, other, many);
  const { text } = await request(server.app)
    .get(`/api/v1/connections/${other}/audit-records.csv`)
    .set('authorization', `Bearer ${administrator}`);
  const rows = parse(text, { bom: true, columns: true }) as Record<string, string>[];
  expect(new Set(rows.map(({ description }) => description)).size).toBe(2_500);
  expect(rows).toHaveLength(2_500);
});

test.each(['/audit-records', '/audit-records.csv', '/audit-log'])(
  'a member may not read %s',
  async (path) => {
    const { body } = await get(path, member).expect(403);
    expect(JSON.stringify(body)).not.toContain('Pay');
  },
);

test('a connection that does not exist has none', async () => {
  for (const path of ['/audit-records', '/audit-records.csv', '/audit-log']) {
    await request(server.app)
      .get(`/api/v1/connections/${id.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))}${path}`)
      .set('authorization', `Bearer ${administrator}`)
      .expect(404);
  }
});

test('the page shows the records, keeps the filter in its address, and tells what is wrong with it', async () => {
  const path = `/connections/${id}/permissions/audit`;
  const { text } = await browser.get(`${path}?object=Pay`);
  expect(text).toContain('Content restriction added');
  expect(text).not.toContain('Space permission added');
  expect(text).toContain(`href="${path}.csv?object=Pay"`);
  expect(text).toContain('title="2026-03-01 11:59:00 UTC"');
  expect(text).toMatch(/href="\/records\/\d+"/);
  const wrong = await browser.get(`${path}?from=never`);
  expect(wrong.status).toBe(422);
  expect(wrong.text).toContain('A day such as 2026-03-01');
  const file = await browser.get(`${path}.csv?object=Pay`);
  expect(file.text.split('\r\n')).toHaveLength(5);
});

test('members do not come to the page, and strangers sign in first', async () => {
  for (const path of ['audit', 'audit.csv']) {
    expect((await memberBrowser.get(`/connections/${id}/permissions/${path}`)).status).toBe(403);
    expect((await request(server.app).get(`/connections/${id}/permissions/${path}`)).status).toBe(303);
  }
});
