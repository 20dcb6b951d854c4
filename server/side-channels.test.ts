import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import request from 'supertest';
import { createBrowserSession, type BrowserSession } from '../test/browser-session.ts';
import { createSampleSite, type SampleRecord } from '../test/sample-site.ts';
import { createTestServer, type TestServer } from '../test/server.ts';

/**
 * Somebody who may not see a thing must not learn that it exists. So everything that a person can be told is written
 * down, byte by byte; then what that person may not see is added, and taken away; and nothing may have changed.
 * The clock stands still: age counts for the order of hits.
 */
let server: TestServer;
let site: Awaited<ReturnType<typeof createSampleSite>>;
let key: string;
let browser: BrowserSession;
const password = 'correct horse battery';
const visible: string[] = [];

beforeAll(async () => {
  jest.useFakeTimers({
    now: new Date('2026-03-01T12:00:00Z'),
    doNotFake: [
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
      'clearImmediate',
      'setInterval',
      'clearInterval',
      'setTimeout',
      'clearTimeout',
    ],
  });
  server = await createTestServer();
  const { db } = server.database;
  site = await createSampleSite(db);
  const member = await server.person('anna@example.net', 'member', password);
  const { userId } = await site.person('anna', ['everyone']);
  await db.updateTable('user_accounts').set({ user_id: member.userId }).execute();
  await db.deleteFrom('users').where('id', '=', userId).execute();
  await site.layer('secret', ['user:cleo']);
  await site.layer('space-HR', ['user:cleo']);
  await site.layer('broken', 'unknown');
  for (let at = 0; at < 9; at += 1)
    visible.push(
      await site.record(`open-${at}`, {
        title: `Zebra ${at}`,
        text: `zebra ${'crossing '.repeat(at)}`,
        kind: (['page', 'blogpost', 'attachment'] as const)[at % 3] ?? 'page',
        labels: [`l${at % 2}`],
        author: 'anna',
        ...(at > 3 ? { parent: `open-${at - 4}` } : {}),
      }),
    );
  key = await server.key(member, ['search']);
  browser = createBrowserSession(server.app);
  await browser.signIn('anna@example.net', password);
});
afterAll(async () => {
  jest.useRealTimers();
  await server.close();
});

/** What anna may not see, of every kind that there is; with words, labels, authors and places that she may ask for. */
const secrets: [id: string, record: SampleRecord][] = [
  ['restricted', { layers: ['product', 'secret'], parent: 'open-0' }],
  ['elsewhere', { layers: ['product', 'space-HR'], space: 'HR', author: 'cleo' }],
  ['unknown', { layers: ['product', 'broken'] }],
  ['unsettled', { layers: null }],
  ['pending', { state: 'pending' }],
  ['failed', { state: 'failed' }],
  ['filtered', { state: 'filtered' }],
  ['by hand', { state: 'manual' }],
  ['waiting', { state: 'waiting' }],
  ['newest', { layers: ['product', 'secret'], modifiedAt: '2026-02-28T00:00:00Z' }],
  ['oldest', { layers: ['product', 'secret'], modifiedAt: '2001-01-01T00:00:00Z' }],
  ['note', { layers: ['product', 'secret'], kind: 'comment', container: 'restricted' }],
  ['file', { layers: ['product', 'secret'], kind: 'attachment', container: 'open-0' }],
];

async function addSecrets(): Promise<string[]> {
  const ids: string[] = [];
  for (const [id, record] of secrets)
    ids.push(
      await site.record(id, {
        title: `Zebra ${id}`,
        text: 'zebra crossing',
        labels: ['l0', 'hush'],
        ...record,
      }),
    );
  return ids;
}

async function removeSecrets(): Promise<void> {
  await server.database.db
    .deleteFrom('records')
    .where(
      'external_id',
      'in',
      secrets.map(([id]) => id),
    )
    .execute();
  await server.database.db.deleteFrom('spaces').where('key', '=', 'HR').execute();
}

const searches = [
  'q=',
  'q=zebra',
  'q=zebra+crossing',
  'q=zeb',
  'q=hush',
  'q=label:hush',
  'q=label:l0',
  'q=-crossing',
  'q=%22zebra+crossing%22',
  'q=restricted',
  'q=&space=HR',
  'q=&author=cleo',
  'q=zebra&type=comment',
  'q=zebra&label=l0',
  'q=&modifiedAfter=2026-02-01',
];

/** Each answer as it is sent, without what differs from one request to the next anyhow. */
function told({ status, headers, text }: request.Response): string {
  const {
    date: _date,
    'x-request-id': _id,
    'set-cookie': _cookie,
    ...rest
  } = headers as Record<string, string>;
  const nonce = /nonce-([^']+)'/.exec(rest['content-security-policy'] ?? '')?.[1];
  const body = nonce === undefined ? text : text.replaceAll(nonce, 'nonce');
  const policy = rest['content-security-policy']?.replaceAll(nonce ?? 'none', 'nonce');
  return JSON.stringify({ status, headers: { ...rest, 'content-security-policy': policy }, body });
}

const call = (path: string) =>
  request(server.app).get(`/api/v1${path}`).set('authorization', `Bearer ${key}`);

/** All pages of a listing, each as it is sent. */
async function leafThrough(path: string): Promise<string[]> {
  const pages: string[] = [];
  for (let cursor: string | null = null; ;) {
    const answer: request.Response = await call(
      cursor === null ? path : `${path}&cursor=${encodeURIComponent(cursor)}`,
    );
    pages.push(told(answer));
    cursor = (answer.body as { nextCursor?: string | null }).nextCursor ?? null;
    if (cursor === null) return pages;
  }
}

/** Everything that anna can be told, in one record of it. `ids` are asked for one by one. */
async function everythingTold(ids: readonly string[]): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {};
  for (const query of searches) {
    all[`search ${query}`] = await leafThrough(`/search?${query}&limit=2`);
    all[`records ${query}`] = await leafThrough(`/records?${query}&limit=4`);
  }
  for (const query of searches.slice(0, 6)) {
    all[`page ${query}`] = [told(await browser.get(`/?${query}`))];
    all[`typing ${query}`] = [told(await browser.get(`/?${query}&typing=1`).set('hx-request', 'true'))];
  }
  for (const state of ['pending', 'failed', 'filtered', 'manual', 'indexed'])
    all[`records in state ${state}`] = await leafThrough(`/records?state=${state}&limit=50`);
  for (const sort of ['title', 'modified', 'created', 'state'])
    all[`records by ${sort}`] = await leafThrough(`/records?sort=${sort}&limit=4`);
  for (const reason of ['labels', 'unindexed'])
    all[`records left out by ${reason}`] = await leafThrough(`/records?reason=${reason}`);
  for (const id of ids) all[`records below ${id}`] = await leafThrough(`/records?parent=${id}`);
  for (const id of ids)
    for (const path of [`/records/${id}`, `/records/${id}/access`])
      all[path] = [told(await call(path)), told(await browser.get(path))];
  for (const [id] of secrets)
    for (const item of [id, `Zebra ${id}`, `https://company.atlassian.net/wiki/${id}`])
      all[`explain ${item}`] = [
        told(await call(`/explain?item=${encodeURIComponent(item)}`)),
        told(await browser.get(`/explain?item=${encodeURIComponent(item)}`)),
      ];
  return all;
}

test('what somebody may not see changes no byte of what that person is told, when it comes and when it goes', async () => {
  const first = await addSecrets();
  await removeSecrets();
  const asked = [...visible, ...first, ...first.map((id) => String(Number(id) + secrets.length))];
  const without = await everythingTold(asked);
  expect(without['search q=zebra']?.length).toBeGreaterThan(2);
  expect(without[`/records/${visible[0]}`]?.[0]).toContain('"status":200');

  const hidden = await addSecrets();
  expect(hidden).toEqual(first.map((id) => String(Number(id) + secrets.length)));
  expect(await everythingTold(asked)).toEqual(without);

  await removeSecrets();
  expect(await everythingTold(asked)).toEqual(without);
}, 300_000);

test('what may not be seen, what is not stored and what cannot be an id are refused with the same bytes', async () => {
  const hidden = await addSecrets();
  const answers = new Set<string>();
  for (const id of [...hidden, '99999999', '1'.repeat(17)])
    for (const rest of ['', '/access']) answers.add(told(await call(`/records/${id}${rest}`)));
  expect([...answers]).toHaveLength(1);
  const explained = new Set<string>();
  for (const item of [...secrets.map(([id]) => id), 'nowhere'])
    explained.add(
      told(await call(`/explain?item=https://company.atlassian.net/wiki/spaces/X/pages/${item}`)),
    );
  expect([...explained]).toHaveLength(1);
  await removeSecrets();
});

/** The statements that a request runs, in order, without the values that are bound to them. */
async function statementsOf(ask: () => Promise<unknown>): Promise<string[]> {
  const texts: string[] = [];
  const seen = new Map<object, unknown>();
  const { pool } = server.database;
  const listen = (client: object & { query: (...args: never[]) => unknown }) => {
    if (seen.has(client)) return;
    const query = client.query;
    seen.set(client, query);
    client.query = function (this: unknown, ...args: never[]) {
      const [statement] = args as unknown[];
      texts.push(typeof statement === 'string' ? statement : (statement as { text: string }).text);
      return query.apply(this, args);
    };
  };
  pool.on('acquire', listen as never);
  await ask();
  pool.off('acquire', listen as never);
  for (const [client, query] of seen) (client as { query: unknown }).query = query;
  return texts;
}

test('what may not be seen costs the same statements as what does not exist', async () => {
  const hidden = await addSecrets();
  const absent = String(Number(hidden.at(-1)) + 1_000);
  for (const path of ['/records/ID', '/records/ID/access', '/explain?item=ID']) {
    const ask = (id: string) => statementsOf(() => call(path.replace('ID', id)));
    await ask(absent);
    const expected = await ask(absent);
    expect(expected.length).toBeGreaterThan(0);
    for (const id of hidden) expect([id, await ask(id)]).toEqual([id, expected]);
    expect(await statementsOf(() => call(path.replace('ID', visible[0] ?? '')))).not.toEqual([]);
  }
  const search = (q: string) => statementsOf(() => call(`/search?q=${q}`));
  await search('nothing');
  const expected = await search('nothing');
  for (const q of ['hush', 'restricted', 'elsewhere']) expect([q, await search(q)]).toEqual([q, expected]);
  await removeSecrets();
});
