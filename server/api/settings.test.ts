import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import request from 'supertest';
import { startSandbox, type RunningSandbox } from '../../sandbox/main.ts';
import { createSmallWorld, smallPage, SMALL } from '../../sandbox/world/small.ts';
import type { World } from '../../sandbox/world/types.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';

const siteUrl = 'https://acme.atlassian.net';
const [one] = createSmallWorld().spaces;
if (one === undefined) throw new Error('The small world has a space.');
const world: World = createSmallWorld({
  spaces: [
    one,
    { ...one, id: '1002', key: 'DOCS', name: 'Documents' },
    { ...one, id: '1003', key: 'OLD', name: 'Old documents', status: 'archived' },
    { ...one, id: '1004', key: '~ada', name: 'Ada', type: 'personal' },
    { ...one, id: '1005', key: 'HID', name: 'Hidden', permissions: [] },
  ],
  content: [
    smallPage('2001', { title: 'Top', labels: ['policy'] }),
    smallPage('2002', { type: 'folder', body: '', parentId: '2001' }),
    smallPage('2003', { type: 'blogpost', parentId: null }),
    smallPage('2004', { status: 'trashed' }),
    smallPage('2005', { status: 'archived' }),
    smallPage('2006', { spaceId: '1005' }),
  ],
});

let server: TestServer;
let sandbox: RunningSandbox;
let key = '';
let memberKey = '';
let id = '';
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, world });
  server = await createTestServer({ gatewayUrl: sandbox.url });
  key = await server.key(await server.person('ada@example.com', 'administrator'));
  memberKey = await server.key(await server.person('mia@example.com'), ['search']);
});
afterAll(async () => {
  await server.close();
  await sandbox.close();
});
beforeEach(async () => {
  await server.database.db.deleteFrom('connections').execute();
  const { body } = await call('post', '/connections')
    .send({
      name: 'Wiki',
      product: 'confluence',
      siteUrl,
      auth: { method: 'api_token', email: 'admin@acme.example', token: 'sandbox-classic-token' },
    })
    .expect(201);
  id = body.id;
  server.asked.length = 0;
});

function call(method: 'get' | 'post' | 'put', path: string, by = key) {
  const agent = request(server.app);
  return agent[method](`/api/v1${path}`).set('authorization', `Bearer ${by}`);
}
const put = (settings: object, query = '') =>
  call('put', `/connections/${id}/settings${query}`).send(settings);
const names = (found: { field: string; value: string }[]) =>
  found.map(({ field, value }) => `${field} ${value}`);

test('pasted lists are read, and what the site does not know is named with the reason, in batches', async () => {
  sandbox.context.counters.reset();
  const { body } = await call('post', `/connections/${id}/settings/check`)
    .send({
      spaceKeys: `DOCS, docs; OLD\n${siteUrl}/wiki/spaces/~ada/overview HID GONE`,
      pageIds: [
        '2001',
        '2002',
        '2003 2004',
        '2005',
        '2006',
        '999',
        `${siteUrl}/wiki/spaces/ONE/pages/2001/Top`,
        'Top',
      ],
      blogpostIds: '2003 2001',
      labels: 'Policy nowhere',
      authors: `${SMALL.mia} acc-nobody x@y.example`,
    })
    .expect(200);
  expect(body.values).toEqual({
    spaceKeys: ['DOCS', 'docs', 'OLD', '~ada', 'HID', 'GONE'],
    pageIds: ['2001', '2002', '2003', '2004', '2005', '2006', '999'],
    blogpostIds: ['2003', '2001'],
    labels: ['policy', 'nowhere'],
    authors: [SMALL.mia, 'acc-nobody'],
  });
  expect(names(body.notUnderstood)).toEqual(['pageIds Top', 'authors x@y.example']);
  expect(names(body.unknown).sort()).toEqual([
    'authors acc-nobody',
    'blogpostIds 2001',
    'labels nowhere',
    'pageIds 2003',
    'pageIds 2004',
    'pageIds 2006',
    'pageIds 999',
    'spaceKeys GONE',
    'spaceKeys HID',
    'spaceKeys docs',
  ]);
  const why = Object.fromEntries(
    body.unknown.map((each: { value: string; why: string }) => [each.value, each.why]),
  );
  expect(why).toMatchObject({
    docs: expect.stringContaining('DOCS'),
    HID: expect.stringContaining('may not see it'),
    2003: expect.stringContaining('a blog post'),
    2004: expect.stringContaining('trash'),
    2001: expect.stringContaining('a page'),
  });
  expect(body.unchecked).toEqual([]);
  // Spaces, pages with types and two folders, blog posts with types, two labels, accounts.
  expect(sandbox.context.counters.view().total.requests).toBeLessThanOrEqual(11);
});

test('a site that does not answer is told for each list, and nothing is called unknown', async () => {
  await server.database.db
    .updateTable('connections')
    .set({ site_url: 'https://gone.atlassian.net' })
    .execute();
  const { body } = await call('post', `/connections/${id}/settings/check`)
    .send({ spaceKeys: 'DOCS', pageIds: '1' })
    .expect(200);
  expect(body.unknown).toEqual([]);
  expect(body.unchecked.map(({ field }: { field: string }) => field).sort()).toEqual([
    'pageIds',
    'spaceKeys',
  ]);
  expect(body.values.spaceKeys).toEqual(['DOCS']);
});

test('settings are stored as they are unless they are to be checked', async () => {
  const filters = { spaceKeys: { operator: 'in', values: ['DOCS', 'GONE'] } };
  await put({ filters }).expect(200);
  const { body } = await put({ filters }, '?check=true').expect(422);
  expect(body.error).toMatchObject({
    code: 'unknown_values',
    details: { unknown: [{ field: 'spaceKeys', value: 'GONE' }] },
  });
  await put({ filters: { spaceKeys: { operator: 'in', values: ['DOCS', 'ONE'] } } }, '?check=true').expect(
    200,
  );
});

test('all that the public interface names is accepted and given back', async () => {
  const settings = {
    sync: { strategy: 'scheduled', intervalMinutes: 60, timezone: 'Europe/Zurich' },
    permissions: { intervalMinutes: 30, groupRoles: {} },
    filters: {
      spaceKeys: { operator: 'in', values: ['DOCS', '~ada'] },
      pageIds: { operator: 'not_in', values: ['2001'] },
      blogpostIds: { operator: 'in', values: ['2003'] },
      labels: { operator: 'in', values: ['policy'] },
      contentTypes: { operator: 'in', values: ['page', 'blogpost', 'comment', 'attachment'] },
      modified: { operator: 'is_between', from: '2026-01-01T00:00:00Z', to: '2026-12-31T23:59:59.999Z' },
      created: { operator: 'is_after', from: '2020-01-01T00:00:00+01:00' },
    },
    indexing: {
      pages: true,
      pageAttachments: false,
      pageComments: true,
      blogposts: true,
      blogpostAttachments: false,
      blogpostComments: true,
      mode: 'manual',
    },
    content: {},
  };
  const { body } = await put(settings).expect(200);
  expect(body.settings).toEqual(settings);
});

test('the first settings start nothing, and a change of what is wanted starts a sync at once', async () => {
  const labels = (value: string) => ({ filters: { labels: { operator: 'in', values: [value] } } });
  const first = await put(labels('a')).expect(200);
  expect(first.body).toMatchObject({ startedSync: null, scopeChanged: false });

  const changed = await put(labels('b')).expect(200);
  // Nothing was ever read: all of it is.
  expect(changed.body).toMatchObject({ scopeChanged: true, startedSync: { kind: 'full', state: 'queued' } });
  expect(changed.body.currentRun.id).toBe(changed.body.startedSync.id);
  expect(server.asked).toContain(`startRun ${id}`);

  // One is under way: it takes the next change over by itself.
  server.asked.length = 0;
  const meanwhile = await put(labels('c')).expect(200);
  expect(meanwhile.body).toMatchObject({ scopeChanged: true, startedSync: null });
  expect(server.asked).toEqual([`applySchedule ${id}`]);
});

test('after a whole reading the sync is incremental, and nothing starts for what changes no scope', async () => {
  const { db } = server.database;
  await put({}).expect(200);
  await db
    .insertInto('sync_runs')
    .values({ connection_id: id, kind: 'full', state: 'succeeded', finished_at: new Date() })
    .execute();
  const same = await put({
    sync: { strategy: 'scheduled', intervalMinutes: 30 },
    scope: { personalSpaces: true },
  });
  expect(same.body).toMatchObject({ scopeChanged: false, startedSync: null });
  const { body } = await put({ indexing: { pageComments: false } }).expect(200);
  expect(body.startedSync).toMatchObject({ kind: 'incremental', trigger: 'manual' });
});

test.each(['paused', 'disabled', 'needs_reauth'] as const)(
  'nothing starts on a connection that is %s',
  async (status) => {
    await put({}).expect(200);
    await server.database.db.updateTable('connections').set({ status }).execute();
    const { body } = await put({ indexing: { blogposts: false } }).expect(200);
    expect(body).toMatchObject({ scopeChanged: true, startedSync: null });
  },
);

test('where syncs are started by hand, saving starts one only when it is asked to', async () => {
  const manual = { sync: { strategy: 'manual' } };
  await put(manual).expect(200);
  const { body } = await put({ ...manual, indexing: { blogposts: false } }).expect(200);
  expect(body).toMatchObject({ scopeChanged: true, startedSync: null });
  const asked = await put({ ...manual, indexing: { pageComments: false } }, '?sync=true').expect(200);
  expect(asked.body.startedSync).toMatchObject({ kind: 'full' });
});

test('an engine that does not answer keeps nothing from being stored', async () => {
  const down = await createTestServer({
    gatewayUrl: sandbox.url,
    database: server.database,
    engine: { startRun: () => Promise.reject(new Error('away')) },
  });
  await put({}).expect(200);
  const { body } = await request(down.app)
    .put(`/api/v1/connections/${id}/settings`)
    .set('authorization', `Bearer ${key}`)
    .send({ indexing: { blogposts: false } })
    .expect(200);
  expect(body).toMatchObject({ startedSync: null, settings: { indexing: { blogposts: false } } });
  await down.close();
});

test('spaces are found by key and name, with their kind and size, and read from the site once', async () => {
  const spaces = async (query: string) =>
    (await call('get', `/connections/${id}/spaces?${query}`).expect(200)).body;
  const documents = await spaces('q=doc');
  expect(documents).toMatchObject({
    items: [
      { key: 'DOCS', name: 'Documents', type: 'global', status: 'current', pages: 0 },
      { key: 'OLD', name: 'Old documents', status: 'archived', pages: 0 },
    ],
    nextCursor: null,
    notAsked: null,
  });
  sandbox.context.counters.reset();
  const all = await spaces('limit=3');
  expect(all.items.map((space: { key: string }) => space.key)).toEqual(['~ada', 'DOCS', 'OLD']);
  const rest = await spaces(`limit=3&cursor=${all.nextCursor}`);
  expect(rest.items).toMatchObject([{ key: 'ONE', pages: 2 }]);
  expect(rest.nextCursor).toBeNull();
  // What is counted was not counted before: one personal space, and ONE.
  expect(sandbox.context.counters.view().total.requests).toBe(2);
  await call('get', `/connections/${id}/spaces?cursor=x`).expect(400);
});

test('where the site does not answer, the spaces of the last sync are there to choose from', async () => {
  await server.database.db
    .updateTable('connections')
    .set({ site_url: 'https://gone.atlassian.net' })
    .execute();
  const { body } = await call('get', `/connections/${id}/spaces`).expect(200);
  expect(body).toMatchObject({ items: [], notAsked: expect.stringMatching(/\w/) });
});

test('members neither check nor choose', async () => {
  await call('post', `/connections/${id}/settings/check`, memberKey).send({}).expect(403);
  await call('get', `/connections/${id}/spaces`, memberKey).expect(403);
});

test('thousands of entries are taken, and more than that is refused at its field or by its size', async () => {
  const ids = (count: number) => Array.from({ length: count }, (_, n) => String(10 ** 17 + n));
  const filters = (count: number) => ({ filters: { pageIds: { operator: 'in', values: ids(count) } } });
  await put({ ...filters(5_000), sync: { strategy: 'manual' } }).expect(200);
  const { body } = await put(filters(5_001)).expect(422);
  expect(body.error.details.fields).toEqual({ 'filters.pageIds.values': 'At most 5,000.' });
  const tooLarge = await put({
    filters: { pageIds: { operator: 'in', values: ['1'.repeat(2_200_000)] } },
  }).expect(413);
  expect(tooLarge.body.error).toMatchObject({ code: 'too_large', message: expect.stringContaining('2 MB') });
});
