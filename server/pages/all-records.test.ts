import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createBrowserSession, type BrowserSession } from '../../test/browser-session.ts';
import { createSampleSite, type SampleRecord } from '../../test/sample-site.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';

let server: TestServer;
let admin: BrowserSession;
let base: string;
let ids: Record<string, string> = {};
const password = 'correct horse battery';

beforeAll(async () => {
  server = await createTestServer();
  await server.person('admin@example.com', 'administrator', password);
  await server.person('max@example.com', 'member', password);
  admin = createBrowserSession(server.app);
  await admin.signIn('admin@example.com', password);
});
afterAll(() => server.close());
beforeEach(async () => {
  const { db } = server.database;
  await db.deleteFrom('connections').execute();
  const site = await createSampleSite(db);
  base = `/connections/${site.connectionId}/records`;
  ids = {};
  for (const [id, more] of [
    ['home', { title: 'Home' }],
    ['guide', { parent: 'home', title: 'Guide & <rules>' }],
    ['part', { parent: 'guide', title: 'Part', text: 'inside' }],
    ['note', { kind: 'comment', container: 'guide', title: 'Re: Guide' }],
    ['out', { parent: 'home', title: 'Left out', state: 'filtered', labels: ['draft'] }],
  ] satisfies [string, SampleRecord][]) {
    ids[id] = await site.record(id, more);
  }
  await db.updateTable('records').set({ state_reason: 'labels' }).where('external_id', '=', 'out').execute();
});

const state = async (externalId: string) =>
  (
    await server.database.db
      .selectFrom('records')
      .select(['state', 'state_reason'])
      .where('external_id', '=', externalId)
      .executeTakeFirstOrThrow()
  ).state;

test('the tree is walked from spaces to what belongs to a page, with what is indexed below each', async () => {
  const top = (await admin.get(base).expect(200)).text;
  expect(top).toMatch(/TEAM space.*5 records below/s);
  expect(top).toContain(`href="${base}?space=TEAM"`);
  const space = (await admin.get(`${base}?space=TEAM`).expect(200)).text;
  expect(space).toMatch(/Home.*4 records below.*3 indexed.*1 filtered/s);
  const home = (await admin.get(`${base}?at=${ids['home']}`).expect(200)).text;
  expect(home).toContain('Guide &amp; &lt;rules>');
  expect(home).toContain('Left out by the filter of labels');
  expect(home).toContain('2 records below');
  const guide = (await admin.get(`${base}?at=${ids['guide']}`).expect(200)).text;
  expect(guide).toMatch(/Comments and attachments of it.*Comment on Guide/s);
  await admin.get(`${base}?at=99999`).expect(404);
  await admin.get(`${base}?space=NONE`).expect(404);
});

test('the list is narrowed by its address, says why nothing fits, and names a filter that is none', async () => {
  const narrowed = (await admin.get(`${base}/list?state=filtered&label=draft`).expect(200)).text;
  expect(narrowed).toContain('Left out');
  expect(narrowed).not.toContain('Guide &amp;');
  expect(narrowed).toContain('1 record matches');
  expect((await admin.get(`${base}/list?q=nothing`).expect(200)).text).toContain('No record fits.');
  const wrong = (await admin.get(`${base}/list?modifiedAfter=soon`).expect(422)).text;
  expect(wrong).toContain('Must be a date or a time in ISO 8601');
});

test('what is chosen in the list is asked about with its counts, then un-indexed, and said so', async () => {
  const question = (
    await admin
      .get(`${base}/choose?do=unindex&id=${ids['part']}&id=${ids['out']}&back=${base}/list`)
      .expect(200)
  ).text;
  expect(question).toContain('Un-index 2 records?');
  expect(question).toContain('1 now indexed');
  expect(await state('part')).toBe('indexed');
  const done = await admin.post(`${base}/choose`, {
    do: 'unindex',
    id: ids['part'] ?? '',
    back: `${base}/list`,
  });
  expect([done.status, done.headers['location']]).toEqual([303, `${base}/list`]);
  expect(await state('part')).toBe('manual');
  expect((await admin.get(`${base}/list`)).text).toContain('1 record of 1 record left the index just now');
  const nothing = await admin.get(`${base}/choose?do=index`);
  expect(nothing.headers['location']).toBe(`${base}/list`);
  await admin.get(`${base}/choose?do=erase&id=${ids['part']}`).expect(422);
  const elsewhere = await admin.post(`${base}/choose`, {
    do: 'index',
    id: ids['part'] ?? '',
    back: 'https://evil.example/',
  });
  expect(elsewhere.headers['location']).toBe(base);
});

test('a subtree, a space and all that match are each reached by a question of their own', async () => {
  expect((await admin.get(`${base}/choose?do=unindex&subtree=${ids['guide']}`)).text).toContain(
    'Un-index 3 records?',
  );
  expect((await admin.get(`${base}/choose?do=unindex&space=TEAM`)).text).toContain('Un-index 5 records?');
  expect((await admin.get(`${base}/choose?do=unindex&all=1&label=draft`)).text).toContain(
    'Un-index 1 record?',
  );
  await admin.post(`${base}/choose`, { do: 'unindex', subtree: ids['guide'] ?? '' });
  expect([await state('guide'), await state('note'), await state('part'), await state('home')]).toEqual([
    'manual',
    'manual',
    'manual',
    'indexed',
  ]);
  await admin.post(`${base}/choose`, { do: 'unindex', all: '1', q: 'home' });
  expect(await state('home')).toBe('manual');
});

test('filters are saved as a selection, used from its page, and deleted', async () => {
  const saved = await admin.post(`${base}/selections`, { name: 'Parts', q: 'inside', sort: 'title' });
  expect(saved.headers['location']).toBe(`${base}/selections`);
  const page = (await admin.get(`${base}/selections`).expect(200)).text;
  expect(page).toContain('The selection &quot;Parts&quot; is saved.');
  const id = /selection=([0-9a-f-]{36})/.exec(page)?.[1] ?? '';
  expect(page).toContain(`href="${base}/list?q=inside"`);
  expect((await admin.get(`${base}/choose?do=unindex&selection=${id}`)).text).toContain('Un-index 1 record?');
  await admin.post(`${base}/choose`, { do: 'unindex', selection: id });
  expect(await state('part')).toBe('manual');
  await admin.post(`${base}/selections/${id}/delete`);
  await admin.post(`${base}/selections/${id}/delete`);
  expect((await admin.get(`${base}/selections`)).text).toContain('It was deleted already.');
  expect((await admin.get(`${base}/selections`)).text).toContain('No saved selections');
});

test('a record shows an administrator its raw body, what was done with it, and buttons that do it', async () => {
  const path = `/records/${ids['part']}`;
  const before = (await admin.get(path).expect(200)).text;
  expect(before).not.toContain('&lt;p>inside&lt;/p>');
  expect(before).toContain('You may not see the content of this record');
  expect(before).not.toContain('List all versions from Atlassian');
  await admin.post(`${path}/read-again`);
  expect((await admin.get(path)).text).toContain('Read again, asked for by admin@example.com');
  const failed = await admin.post(`${path}/retry`);
  expect(failed.headers['location']).toBe(path);
  expect((await admin.get(path)).text).toContain('None of this is failed any more');
  expect((await admin.get(`${path}?versions=1`)).text).toContain('You may not see this record in Atlassian');
});

test('none of these pages is for members', async () => {
  const max = createBrowserSession(server.app);
  await max.signIn('max@example.com', password);
  for (const path of ['', '/list', '/selections', `/choose?do=index&id=${ids['part']}`]) {
    await max.get(`${base}${path}`).expect(403);
  }
  for (const [path, fields] of [
    ['/choose', { do: 'unindex', id: ids['home'] ?? '' }],
    ['/selections', { name: 'x' }],
  ] as const) {
    expect((await max.post(`${base}${path}`, fields)).status).toBe(403);
  }
  expect((await max.post(`/records/${ids['home']}/read-again`)).status).toBe(403);
  expect(await state('home')).toBe('indexed');
});
