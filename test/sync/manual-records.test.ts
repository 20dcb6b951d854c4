import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { sql } from 'kysely';
import request from 'supertest';
import { generateWorld, GENERATED_ADMIN } from '../../sandbox/world/generate.ts';
import { createTestServer, type TestServer } from '../server.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';

jest.setTimeout(180_000);

const world = generateWorld({ seed: 41, spaces: 3, pagesPerSpace: 12 });
for (const page of world.content) page.body = `<p>heliotrope ${page.id}</p>`;

let harness: SyncHarness;
let server: TestServer;
let key: string;

beforeAll(async () => {
  harness = await createSyncHarness({ world, settings: { indexing: { mode: 'manual' } } });
  const { database, engine, sandbox } = harness;
  server = await createTestServer({ database, engine, gatewayUrl: sandbox.url, key: harness.key });
  const ada = await server.person('ada@example.net', 'administrator');
  key = await server.key(ada);
  await database.db
    .insertInto('user_accounts')
    .values({ user_id: ada.userId, account_id: GENERATED_ADMIN.accountId, source: 'grant' })
    .execute();
  await database.db
    .updateTable('connections')
    .set({ authorized_at: new Date(), configured_at: new Date() })
    .execute();
  const { state } = await harness.sync();
  if (state !== 'succeeded') throw new Error(`The first sync ended as ${state}.`);
}, 300_000);
afterAll(async () => {
  await server?.close();
  await harness?.close();
});

interface Item {
  id: string;
  externalId: string;
  title: string;
  state: string;
  ancestors: { externalId: string }[];
}
const as = (method: 'get' | 'post', path: string) =>
  request(server.app)[method](`/api/v1${path}`).set('authorization', `Bearer ${key}`);

async function listed(query: string): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor = ''; ;) {
    const { body } = await as('get', `/records?limit=200&${query}${cursor}`).expect(200);
    items.push(...body.items);
    if (body.nextCursor === null) return items;
    cursor = `&cursor=${body.nextCursor}`;
  }
}
const ids = (items: Item[]) => items.map(({ externalId }) => externalId).sort();

/** External ids of the pages and posts that a search for the word in all bodies finds. */
async function found(): Promise<string[]> {
  const hits: string[] = [];
  for (let cursor = ''; ;) {
    const { body } = await as('get', `/search?q=heliotrope&limit=50${cursor}`).expect(200);
    hits.push(...body.items.map((hit: { id: string }) => hit.id));
    if (body.nextCursor === null) break;
    cursor = `&cursor=${encodeURIComponent(body.nextCursor)}`;
  }
  const all = await listed('');
  return hits.map((id) => all.find((item) => item.id === id)?.externalId ?? id).sort();
}

/** Indexes and waits for the sync that this starts. */
async function index(target: object): Promise<void> {
  const { body } = await as('post', '/records/index')
    .send({ connection: harness.connectionId, ...target })
    .expect(200);
  expect(body).toMatchObject({ run: { kind: 'incremental' } });
  expect(await harness.ended(body.run.id)).toMatchObject({ state: 'succeeded' });
}
/** What is not indexed and has a body, search words, or no reason. */
async function leftBehind(): Promise<string[]> {
  const { rows } = await sql<{ external_id: string }>`
    select external_id from records r
    where state in ('filtered', 'manual') and (state_reason is null
      or exists (select from record_bodies b where b.record_id = r.id)
      or exists (select from record_search s where s.record_id = r.id))`.execute(harness.database.db);
  return rows.map((row) => row.external_id);
}
const unindex = (target: object) =>
  as('post', '/records/unindex')
    .send({ connection: harness.connectionId, ...target })
    .expect(200);

test('by hand all is listed and nothing indexed, until records, subtrees, spaces and selections are chosen', async () => {
  const all = await listed('');
  expect(all.length).toBeGreaterThanOrEqual(world.content.length);
  expect(await found()).toEqual([]);
  expect(await listed('state=indexed&type=page')).toEqual([]);

  const pages = await listed('type=page&reason=notChosen');
  const single = pages.find((page) => page.ancestors.length === 0);
  await index({ ids: [single?.id] });
  expect(await found()).toEqual([single?.externalId]);

  const top = pages.find((page) => page.ancestors.length > 1)?.ancestors[0]?.externalId ?? '';
  const below = pages.filter(
    (page) => page.externalId === top || page.ancestors.some((place) => place.externalId === top),
  );
  await index({ subtree: all.find((item) => item.externalId === top)?.id });
  expect(await found()).toEqual([...new Set([...ids(below), single?.externalId])].sort());

  const taken = new Set(
    world.content.filter(({ id }) => id === top || id === single?.externalId).map(({ spaceId }) => spaceId),
  );
  const last = world.spaces.find(({ id }) => !taken.has(id));
  await index({ space: last?.key });
  const inLast = (await listed(`space=${last?.key}`)).filter((item) => item.state === 'indexed');
  expect(inLast.length).toBeGreaterThan(0);
  expect(await found()).toEqual(
    expect.arrayContaining(ids(inLast).filter((id) => world.content.some((page) => page.id === id))),
  );

  const { body: selection } = await as('post', `/connections/${harness.connectionId}/selections`)
    .send({ name: 'The rest', filters: { state: 'manual', type: 'page' } })
    .expect(201);
  await index({ selection: selection.id });
  expect(await listed('state=manual&type=page')).toEqual([]);
  expect(await leftBehind()).toEqual([]);
});

test('what is un-indexed is gone from search when the call returns, and no later sync brings it back', async () => {
  const before = await found();
  const [page] = await listed('type=page&state=indexed&sort=title');
  await unindex({ ids: [page?.id] });
  expect(await found()).toEqual(before.filter((id) => id !== page?.externalId));
  const [space] = world.spaces;
  await unindex({ space: space?.key });
  const left = await found();
  const inSpace = new Set(world.content.filter(({ spaceId }) => spaceId === space?.id).map(({ id }) => id));
  expect(left).toEqual(before.filter((id) => id !== page?.externalId && !inSpace.has(id)));
  await harness.sync('incremental');
  expect(await found()).toEqual(left);
  await harness.sync('full');
  expect(await found()).toEqual(left);
  expect(await leftBehind()).toEqual([]);
});

test('versions are asked of the site once, and a record is read again though nothing changed', async () => {
  const [page] = await listed('type=page&state=indexed');
  harness.sandbox.context.counters.reset();
  const { body } = await as('get', `/records/${page?.id}/versions`).expect(200);
  expect(body.items[0]).toMatchObject({ number: expect.any(Number), minor: expect.any(Boolean) });
  expect(harness.sandbox.context.counters.view().total.requests).toBe(1);
  const { db } = harness.database;
  await db
    .updateTable('record_bodies')
    .set({ markdown: 'spoilt' })
    .where('record_id', '=', page?.id ?? '')
    .execute();
  const { body: again } = await as('post', `/records/${page?.id}/read-again`).expect(202);
  await harness.ended(again.run.id);
  const { body: record } = await as('get', `/records/${page?.id}`).expect(200);
  expect(record.markdown).toContain(`heliotrope ${page?.externalId}`);
});
