import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import request from 'supertest';
import { createSampleSite, type SampleRecord } from '../../test/sample-site.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';

let server: TestServer;
let key: string;
let memberKey: string;
let site: Awaited<ReturnType<typeof createSampleSite>>;
let ids: Record<string, string> = {};
const started: string[] = [];

beforeAll(async () => {
  server = await createTestServer({ engine: { startRun: async ({ kind }) => void started.push(kind) } });
  const admin = await server.person('ada@example.net', 'administrator');
  key = await server.key(admin);
});
afterAll(() => server.close());

/** A home page with two pages below it, one of them with a page and a comment below; and a page of another space. */
beforeEach(async () => {
  started.length = 0;
  await db().deleteFrom('connections').execute();
  await db().deleteFrom('users').where('email', '<>', 'ada@example.net').execute();
  site = await createSampleSite(db());
  const anna = await site.person('anna', ['everyone']);
  memberKey = await server.key({ ...anna, name: '', role: 'member', via: 'session' }, ['search']);
  ids = {};
  for (const [id, more] of [
    ['home', { title: 'Zebra home' }],
    ['a', { parent: 'home', title: 'Zebra a', labels: ['x'] }],
    ['aa', { parent: 'a', title: 'Zebra aa' }],
    ['note', { kind: 'comment', container: 'aa', title: 'Re: Zebra aa' }],
    ['b', { parent: 'home', title: 'Zebra b' }],
    ['other', { space: 'OPS', title: 'Zebra other' }],
    ['left', { space: 'OPS', title: 'Quagga left', state: 'filtered' }],
  ] satisfies [string, SampleRecord][]) {
    ids[id] = await site.record(id, more);
  }
  await db()
    .updateTable('records')
    .set({ state_reason: 'labels', body_due: true })
    .where('external_id', '=', 'left')
    .execute();
  await db()
    .updateTable('connections')
    .set({ settings: JSON.stringify({ filters: { labels: { operator: 'not_in', values: ['no'] } } }) })
    .execute();
});

const db = () => server.database.db;
const as = (method: 'get' | 'post' | 'delete', path: string, by = key) =>
  request(server.app)[method](`/api/v1${path}`).set('authorization', `Bearer ${by}`);
const choose = async (name: 'index' | 'unindex', body: object) =>
  (
    await as('post', `/records/${name}`)
      .send({ connection: site.connectionId, ...body })
      .expect(200)
  ).body;
const found = async (): Promise<string[]> =>
  (await as('get', '/search?q=zebra', memberKey).expect(200)).body.items
    .map((hit: { id: string }) => Object.keys(ids).find((name) => ids[name] === hit.id))
    .sort();
const listed = async (query: string, by = key): Promise<string[]> =>
  (await as('get', `/records?${query}`, by).expect(200)).body.items.map(
    ({ externalId }: { externalId: string }) => externalId,
  );

test('what is un-indexed, singly, by subtree and by space, is gone from search when the answer comes', async () => {
  expect(await found()).toEqual(['a', 'aa', 'b', 'home', 'note', 'other']);
  expect(await choose('unindex', { ids: [ids['b']] })).toEqual({
    records: 1,
    leftOut: 1,
    takenIn: 0,
    run: null,
  });
  expect(await found()).toEqual(['a', 'aa', 'home', 'note', 'other']);
  expect(await choose('unindex', { subtree: ids['a'] })).toMatchObject({ records: 3, leftOut: 3 });
  expect(await found()).toEqual(['home', 'other']);
  expect(await choose('unindex', { space: 'OPS' })).toMatchObject({ records: 2, leftOut: 1 });
  expect(await found()).toEqual(['home']);
  expect(started).toEqual([]);
  expect(await listed('state=manual&reason=unindexed&sort=title')).toEqual(['left', 'a', 'aa', 'b', 'other']);
  expect(await listed('state=manual&reason=container')).toEqual(['note']);
});

test('what is taken in by a saved selection waits for the sync that starts, and filters still count', async () => {
  await choose('unindex', { space: 'TEAM' });
  const filters = { q: '', label: ['x'], state: 'manual' };
  const { body: saved } = await as('post', `/connections/${site.connectionId}/selections`)
    .send({ name: ' Labelled ', filters })
    .expect(201);
  expect(saved).toMatchObject({
    name: 'Labelled',
    filters: { label: ['x'], state: 'manual' },
    createdBy: 'ada@example.net',
  });
  expect(await choose('index', { selection: saved.id })).toMatchObject({
    records: 1,
    leftOut: 0,
    takenIn: 1,
    run: { kind: 'full' },
  });
  expect(started).toEqual(['full']);
  expect(await listed('state=pending')).toEqual(['a']);
  expect(await choose('index', { matching: { space: ['OPS'] } })).toMatchObject({ records: 2 });
  const taken = await as('post', `/connections/${site.connectionId}/selections`)
    .send({ name: 'Labelled', filters: {} })
    .expect(409);
  expect(taken.body.error).toMatchObject({ code: 'selection_name_taken' });
  await as('delete', `/connections/${site.connectionId}/selections/${saved.id}`).expect(204);
  expect((await as('get', `/connections/${site.connectionId}/selections`).expect(200)).body.items).toEqual(
    [],
  );
  await as('delete', `/connections/${site.connectionId}/selections/${saved.id}`).expect(404);
});

test('counts tell states, kinds and rules in words, and what failed is no longer told to wait', async () => {
  await db()
    .updateTable('records')
    .set({ state: 'waiting' })
    .where('external_id', 'in', ['b', 'other'])
    .execute();
  await db()
    .insertInto('sync_failures')
    .values({ connection_id: site.connectionId, stage: 'bodies', external_id: 'b', message: 'HTTP 500' })
    .execute();
  const { body } = await as('get', `/records/counts?connection=${site.connectionId}`).expect(200);
  expect(body.records).toBe(7);
  expect(
    Object.fromEntries(
      body.states.map((row: { state: string; records: number }) => [row.state, row.records]),
    ),
  ).toEqual({
    indexed: 4,
    filtered: 1,
    pending: 1,
    failed: 1,
  });
  expect(body.kinds).toEqual([
    { type: 'page', records: 6, indexed: 3 },
    { type: 'comment', records: 1, indexed: 1 },
  ]);
  expect(body.reasons).toEqual([
    { state: 'filtered', reason: 'labels', words: 'Left out by the filter of labels', records: 1 },
  ]);
  expect(await listed('state=failed')).toEqual(['b']);
  expect(await listed('state=pending')).toEqual(['other']);
  const { body: failed } = await as('get', `/records/${ids['b']}`).expect(200);
  expect(failed).toMatchObject({ state: 'failed', stateWords: 'HTTP 500', failure: { stage: 'bodies' } });
  await as('post', '/records/retry')
    .send({ connection: site.connectionId, ids: [ids['b']] })
    .expect(409);
  await db()
    .insertInto('sync_runs')
    .values({ connection_id: site.connectionId, kind: 'full', state: 'succeeded' })
    .execute();
  await as('post', '/records/retry')
    .send({ connection: site.connectionId, ids: [ids['b']] })
    .expect(202);
  const none = await as('post', '/records/retry')
    .send({ connection: site.connectionId, ids: [ids['a']] })
    .expect(409);
  expect(none.body.error.code).toBe('not_failed');
});

test('a list is narrowed by rule, place, label, author and time, in four orders, page by page, each record once', async () => {
  expect(await listed(`parent=${ids['home']}`)).toEqual(['b', 'a']);
  expect(await listed(`parent=${ids['aa']}`)).toEqual(['note']);
  expect(await listed('reason=labels')).toEqual(['left']);
  expect(await listed('q=quagga')).toEqual(['left']);
  expect(await listed('q=other')).toEqual(['other']);
  expect(await listed('label=x')).toEqual(['a']);
  expect(await listed('modifiedAfter=2026-01-02')).toEqual([]);
  expect(await listed('modifiedBefore=2026-01-02&type=comment')).toEqual(['note']);
  await db().updateTable('records').set({ modified_at: null }).where('external_id', '=', 'b').execute();
  await db()
    .updateTable('records')
    .set({ modified_at: new Date('2026-02-02T02:02:02.222Z') })
    .where('external_id', '=', 'a')
    .execute();
  for (const sort of ['title', 'modified', 'created', 'state', '']) {
    const all: string[] = [];
    for (let cursor = ''; ;) {
      const query = `limit=2${sort === '' ? '' : `&sort=${sort}`}${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const { body } = await as('get', `/records?${query}`).expect(200);
      all.push(...body.items.map(({ externalId }: { externalId: string }) => externalId));
      if (body.nextCursor === null) break;
      cursor = body.nextCursor;
    }
    expect([sort, [...all].sort()]).toEqual([sort, Object.keys(ids).sort()]);
    if (sort === 'title') expect(all).toEqual(['left', 'note', 'a', 'aa', 'b', 'home', 'other']);
    if (sort === 'modified') expect([all[0], all.at(-1)]).toEqual(['a', 'b']);
    if (sort === 'state') expect(all[0]).toBe('left');
  }
  const { body } = await as('get', '/records?sort=title&limit=2').expect(200);
  for (const query of [
    `sort=modified&cursor=${body.nextCursor}`,
    `cursor=${body.nextCursor}`,
    'sort=title&cursor=MTI',
  ]) {
    expect((await as('get', `/records?${query}`).expect(422)).body.error.details.fields.cursor).toMatch(
      /^Not a cursor/,
    );
  }
});

test('a record tells what was done with it, and is read again when that is asked for', async () => {
  await choose('unindex', { subtree: ids['a'] });
  await choose('index', { ids: [ids['a']] });
  const { body } = await as('get', `/records/${ids['a']}/history`).expect(200);
  expect(body.items.map(({ words }: { words: string }) => words)).toEqual([
    'Wanted again: shown as soon as it is read',
    'Chosen for indexing by ada@example.net',
    'Left out: it was un-indexed by hand',
    'Un-indexed with all below it by ada@example.net',
  ]);
  await as('post', `/records/${ids['b']}/read-again`).expect(202);
  const due = await db()
    .selectFrom('records')
    .select('external_id')
    .where('body_due', '=', true)
    .where('state', '=', 'indexed')
    .execute();
  expect(due).toEqual([{ external_id: 'b' }]);
  const refused = await as('post', `/records/${ids['left']}/read-again`).expect(409);
  expect(refused.body.error.code).toBe('not_indexed');
});

test('a target is named in one way, and what is not there is said so', async () => {
  const body = (more: object) =>
    as('post', '/records/unindex').send({ connection: site.connectionId, ...more });
  await body({}).expect(422);
  await body({ ids: [ids['a']], space: 'TEAM' }).expect(422);
  await body({ ids: ['0'] }).expect(422);
  await body({ ids: ['99999999'] }).expect(404);
  await body({ subtree: '99999999' }).expect(404);
  await body({ space: 'NONE' }).expect(404);
  await body({ selection: '11111111-1111-4111-8111-111111111111' }).expect(404);
  await body({ matching: { state: 'unheard' } }).expect(422);
  expect(await found()).toHaveLength(6);
});

test('none of it is for members, who are told of nothing that is left out', async () => {
  const connection = site.connectionId;
  for (const path of [
    `/records/counts?connection=${connection}`,
    `/records/${ids['a']}/history`,
    `/records/${ids['a']}/versions`,
    `/connections/${connection}/selections`,
  ]) {
    await as('get', path, memberKey).expect(403);
  }
  for (const path of ['/records/index', '/records/unindex']) {
    await as('post', path, memberKey)
      .send({ connection, ids: [ids['a']] })
      .expect(403);
  }
  await as('post', '/records/retry', memberKey)
    .send({ connection, ids: [ids['a']] })
    .expect(403);
  await as('post', `/records/${ids['a']}/read-again`, memberKey).expect(403);
  await as('post', `/connections/${connection}/selections`, memberKey)
    .send({ name: 'x', filters: {} })
    .expect(403);
  for (const query of ['state=filtered', 'reason=labels', 'q=quagga', 'q=left', 'space=OPS&state=filtered']) {
    expect([query, await listed(query, memberKey)]).toEqual([query, []]);
  }
  await choose('unindex', { ids: [ids['home']] });
  expect(await listed(`parent=${ids['home']}`, memberKey)).toEqual([]);
  await as('get', `/records/${ids['home']}`, memberKey).expect(404);
});
