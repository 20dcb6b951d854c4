import { afterAll, beforeAll, expect, test } from '@jest/globals';
import express from 'express';
import { pino } from 'pino';
import request from 'supertest';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { createSampleSite } from '../../test/sample-site.ts';
import type { Actor } from '../actor.ts';
import { errorHandler } from '../errors.ts';
import { setAuthentication } from '../viewer.ts';
import { recordsRouter } from './records.ts';
import { searchRouter } from './search.ts';

interface Who {
  userId: string;
  email: string;
}
let database: TestDatabase;
let site: Awaited<ReturnType<typeof createSampleSite>>;
let admin: Who;
let anna: Who;
const ids: Record<string, string> = {};

beforeAll(async () => {
  database = await createTestDatabase();
  site = await createSampleSite(database.db);
  admin = await site.person('ada', ['everyone']);
  await database.db
    .updateTable('users')
    .set({ role: 'administrator' })
    .where('id', '=', admin.userId)
    .execute();
  anna = await site.person('anna', ['everyone']);
  await site.layer('secret', ['user:cleo']);
  await site.layer('mine', ['user:anna']);
  ids['open'] = await site.record('open', {
    title: 'Open page',
    text: 'zebra <b>bold</b>',
    author: 'anna',
    labels: ['x'],
  });
  ids['secret'] = await site.record('secret', {
    title: 'Secret',
    text: 'zebra',
    parent: 'open',
    layers: ['product', 'secret'],
  });
  ids['mine'] = await site.record('mine', { text: 'zebra', parent: 'secret', layers: ['product', 'mine'] });
  ids['failed'] = await site.record('failed', { state: 'failed', space: 'OPS' });
  ids['remark'] = await site.record('remark', {
    kind: 'comment',
    title: '',
    container: 'open',
    text: 'giraffe',
  });
});
afterAll(() => database.close());

/** The routers as server/app.ts mounts them, called by `caller`, through the eyes of `viewer` where given. */
function as(
  caller: Who,
  options: {
    viewer?: Who;
    keyScopes?: Actor['via'] extends string ? ('search' | 'administer')[] : never;
  } = {},
) {
  const role = caller === admin ? ('administrator' as const) : ('member' as const);
  const actor: Actor = { ...caller, name: '', role, via: 'api_key' };
  const viewer = {
    ...(options.viewer ?? caller),
    name: '',
    actor,
    searchingAs: options.viewer !== undefined,
  };
  const app = express();
  app.use((req, _res, next) => {
    setAuthentication(req, { actor, keyScopes: options.keyScopes ?? null, viewer });
    next();
  });
  app.use('/api/v1', searchRouter({ db: database.db }), recordsRouter({ db: database.db }));
  app.use(errorHandler({ log: pino({ level: 'silent' }) }));
  return request(app);
}

const names = (items: { externalId: string }[]) => items.map((item) => item.externalId);

test('a member lists and reads only what that person may see', async () => {
  const list = await as(anna).get('/api/v1/records').expect(200);
  expect(names(list.body.items)).toEqual(['remark', 'mine', 'open']);
  expect(list.body.nextCursor).toBeNull();
  const open = await as(anna).get(`/api/v1/records/${ids['open']}`).expect(200);
  expect(open.body).toEqual({
    id: ids['open'],
    externalId: 'open',
    connectionId: site.connectionId,
    type: 'page',
    state: 'indexed',
    stateReason: null,
    stateWords: null,
    failure: null,
    title: 'Open page',
    url: 'https://company.atlassian.net/wiki/open',
    space: { key: 'TEAM', name: 'TEAM space' },
    ancestors: [],
    author: { accountId: 'anna', name: 'Anna Müller' },
    labels: ['x'],
    createdAt: null,
    modifiedAt: '2026-01-01T00:00:00.000Z',
    status: 'current',
    version: 1,
    readable: true,
    markdown: 'zebra <b>bold</b>',
    raw: '<p>zebra <b>bold</b></p>',
    fields: {},
  });
  const mine = await as(anna).get(`/api/v1/records/${ids['mine']}`).expect(200);
  expect(names(mine.body.ancestors)).toEqual(['open']);
});

test('what may not be seen answers exactly as what does not exist', async () => {
  const answers = await Promise.all(
    [ids['secret'], ids['failed'], '999999999', '0', 'abc', '1e3', '9'.repeat(40), '-1'].flatMap((id) =>
      ['', '/access'].map((rest) => as(anna).get(`/api/v1/records/${id}${rest}`)),
    ),
  );
  for (const answer of answers) {
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual({ error: { code: 'not_found', message: 'This record was not found.' } });
  }
});

test('an administrator lists every record, with bodies only of what he may see himself', async () => {
  const list = await as(admin).get('/api/v1/records').expect(200);
  expect(names(list.body.items)).toEqual(['remark', 'failed', 'mine', 'secret', 'open']);
  const secret = await as(admin).get(`/api/v1/records/${ids['secret']}`).expect(200);
  expect(secret.body).toMatchObject({ title: 'Secret', readable: false, markdown: null, raw: null });
  const open = await as(admin).get(`/api/v1/records/${ids['open']}`).expect(200);
  expect(open.body).toMatchObject({ readable: true, markdown: 'zebra <b>bold</b>' });
  const mine = await as(admin).get(`/api/v1/records/${ids['mine']}`);
  expect(names(mine.body.ancestors)).toEqual(['open', 'secret']);
});

test("an administrator who looks through somebody's eyes, or whose key may only search, is a viewer like others", async () => {
  for (const call of [as(admin, { viewer: anna }), as(anna)]) {
    expect(names((await call.get('/api/v1/records')).body.items)).toEqual(['remark', 'mine', 'open']);
  }
  const searching = as(admin, { keyScopes: ['search'] });
  expect(names((await searching.get('/api/v1/records')).body.items)).toEqual(['remark', 'open']);
  await searching.get(`/api/v1/records/${ids['secret']}`).expect(404);
});

test('filters narrow the list, and pages follow each other', async () => {
  const list = async (query: string) => names((await as(admin).get(`/api/v1/records?${query}`)).body.items);
  expect(await list('state=failed')).toEqual(['failed']);
  expect(await list('space=OPS')).toEqual(['failed']);
  expect(await list('type=comment')).toEqual(['remark']);
  expect(await list('q=giraffe')).toEqual(['remark']);
  expect(await list('q=-zebra&type=page')).toEqual(['failed']);
  expect(await list(`connection=${site.connectionId}&limit=1`)).toEqual(['remark']);
  const seen: string[] = [];
  let cursor = '';
  do {
    const { body } = await as(admin).get(`/api/v1/records?limit=2${cursor && `&cursor=${cursor}`}`);
    seen.push(...names(body.items));
    cursor = body.nextCursor;
  } while (cursor);
  expect(seen).toEqual(['remark', 'failed', 'mine', 'secret', 'open']);
});

test('a malformed filter is refused by name', async () => {
  for (const [field, query] of [
    ['connection.0', 'connection=abc'],
    ['type.0', 'type=novel'],
    ['state', 'state=lost'],
    ['limit', 'limit=0'],
    ['limit', 'limit=many'],
    ['cursor', 'cursor=@@@'],
    ['space.0', 'space=%00'],
    ['stat', 'stat=failed'],
  ] as const) {
    const answer = await as(anna).get(`/api/v1/records?${query}`);
    expect([query, answer.status]).toEqual([query, 422]);
    expect(Object.keys(answer.body.error.details.fields)).toEqual([field]);
  }
});

test('access tells each layer by name; members ask for themselves, administrators for anybody', async () => {
  const own = await as(anna).get(`/api/v1/records/${ids['mine']}/access`).expect(200);
  expect(own.body).toMatchObject({
    user: { email: anna.email },
    accountId: 'anna',
    visible: true,
    layers: [
      {
        kind: 'product',
        name: 'Company',
        admitted: true,
        by: { principal: 'group:everyone', name: 'everyone' },
      },
      {
        kind: 'content',
        sourceId: 'mine',
        admitted: true,
        by: { principal: 'user:anna', name: 'Anna Müller' },
      },
    ],
  });
  await as(anna).get(`/api/v1/records/${ids['mine']}/access?user=${admin.email}`).expect(403);
  const refused = await as(admin)
    .get(`/api/v1/records/${ids['secret']}/access?user=${anna.email}`)
    .expect(200);
  expect(refused.body).toMatchObject({
    visible: false,
    layers: [{ admitted: true }, { admitted: false, by: null, name: 'Secret' }],
  });
  const failed = await as(admin)
    .get(`/api/v1/records/${ids['failed']}/access?user=${anna.email}`)
    .expect(200);
  expect(failed.body).toMatchObject({ visible: false, reason: expect.stringContaining('failed') });
  await as(admin).get(`/api/v1/records/${ids['open']}/access?user=nobody@example.com`).expect(422);
  await as(admin).get(`/api/v1/records/${ids['open']}/access?user=nobody`).expect(422);
});

test('search answers with safe HTML and refuses bad parameters and cursors', async () => {
  const { body } = await as(anna).get('/api/v1/search?q=zebra').expect(200);
  expect(names(body.items).sort()).toEqual(['mine', 'open']);
  expect(body.totalVisible).toBe(2);
  const open = body.items.find((item: { externalId: string }) => item.externalId === 'open');
  expect(open.snippet).toContain('<mark>zebra</mark>');
  expect(open.snippet.replaceAll(/<\/?mark>/g, '')).not.toMatch(/[<>]/);
  for (const query of [
    'limit=51',
    'modifiedAfter=yesterday',
    'type=x',
    'q=a&q=b',
    'modifedAfter=2026-01-01',
  ]) {
    expect([query, (await as(anna).get(`/api/v1/search?${query}`)).status]).toEqual([query, 422]);
  }
  for (const cursor of ['x', 'W10', 'bnVsbA', '%00']) {
    const answer = await as(anna).get(`/api/v1/search?cursor=${cursor}`);
    expect([answer.status, answer.body.error.code]).toEqual([400, 'invalid_cursor']);
  }
});
