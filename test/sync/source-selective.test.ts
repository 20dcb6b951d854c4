import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { SMALL } from '../../sandbox/world/small.ts';
import type { Connection } from '../../store/schema.ts';
import { asked } from './asked.ts';
import { arrival } from './arrivals.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { createWantedSite, SITE } from './wanted-site.ts';
import { expectWanted, indexedIds, set } from './wanted.ts';

jest.setTimeout(60_000);

const world = createWantedSite();
let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: structuredClone(world), sandbox: { logLength: 100_000 } });
});
afterAll(() => harness.close());
afterEach(async () => {
  await harness.database.db.deleteFrom('connections').execute();
  harness.sandbox.context.store.replace(structuredClone(world));
  harness.sandbox.context.faults.clear();
});

type Settings = Connection['settings'];
const site = () => harness.sandbox.context.store;
const inList = (...values: string[]) => ({ operator: 'in' as const, values });
const notIn = (...values: string[]) => ({ operator: 'not_in' as const, values });

async function read(settings: Settings): Promise<HarnessConnection> {
  const connection = await harness.connect({ world, settings });
  harness.sandbox.context.counters.reset();
  expect(await connection.sync()).toMatchObject({ state: 'succeeded', failed: '0' });
  return connection;
}

/** Bodies that were brought by listings, and by id. */
function bodies(kind: 'pages' | 'blogposts') {
  const of = asked(harness);
  return {
    listed: of[`bodies of ${kind}`]?.objects ?? 0,
    byId: of[`bodies of ${kind} by id`]?.objects ?? 0,
  };
}

const filters: [name: string, settings: Settings][] = [
  ['a page and all below it', { filters: { pageIds: inList(SITE.tree) } }],
  ['all but a page and what is below', { filters: { pageIds: notIn('4002', SITE.folder) } }],
  ['a page below a restricted one', { filters: { pageIds: inList('4101') } }],
  ['a blog post', { filters: { blogpostIds: inList(SITE.posts[0]) } }],
  ['all but a blog post', { filters: { blogpostIds: notIn(SITE.posts[0]) } }],
  ['a label', { filters: { labels: inList('beta') } }],
  ['all but a label', { filters: { labels: notIn('Alpha') } }],
  ['an author', { filters: { authors: inList(SMALL.mia) } }],
  ['what was made since', { filters: { created: { operator: 'is_after', from: '2026-02-10T00:00:00Z' } } }],
  [
    'what was edited in a week',
    {
      filters: {
        modified: { operator: 'is_between', from: '2026-02-03T00:00:00Z', to: '2026-02-09T00:00:00Z' },
      },
    },
  ],
  ['labels', { scope: { by: 'labels', pageLabel: 'beta', treeLabel: 'alpha' } }],
  ['nothing but what is chosen by hand', { indexing: { mode: 'manual' } }],
];

test.each(filters)(
  'of %s alone bodies are read, once, and everybody sees of it what they may',
  async (_name, settings) => {
    const connection = await read(settings);
    await expectWanted(harness, connection);
    for (const [kind, of] of [
      ['page', 'pages'],
      ['blogpost', 'blogposts'],
    ] as const) {
      const shown = (await indexedIds(harness, connection.connectionId, kind)).length;
      expect({ kind, ...bodies(of) }).toEqual({ kind, listed: 0, byId: shown });
    }
    for (const kind of ['incremental', 'sweep', 'permissions', 'full'] as const) {
      const { indexed } = await arrival(harness, connection, kind);
      expect({ kind, indexed, pages: bodies('pages'), posts: bodies('blogposts') }).toEqual({
        kind,
        indexed: 0,
        pages: { listed: 0, byId: 0 },
        posts: { listed: 0, byId: 0 },
      });
      await expectWanted(harness, connection);
    }
  },
);

test.each(filters)(
  '%s: what changes meanwhile arrives, and is left out or taken in',
  async (_name, settings) => {
    const connection = await read(settings);
    site().updateContent('4002', { body: '<p>New words.</p>', title: 'Another title' });
    site().updateContent('4501', { body: '<p>New words.</p>' });
    site().updateContent(SITE.posts[1], { body: '<p>New words.</p>' });
    const late = site().addContent({
      spaceId: SMALL.space,
      parentId: '4101',
      title: 'Late',
      body: '<p>x</p>',
      authorId: SMALL.mia,
      labels: ['beta'],
    });
    for (const containerId of [late.id, '4003', '4501'])
      site().addComment({ containerId, body: '<p>Late.</p>' });
    site().trash('4006');
    await arrival(harness, connection);
    await expectWanted(harness, connection);
    site().purge('4500');
    await arrival(harness, connection, 'sweep');
    await expectWanted(harness, connection);
  },
);

test('rules that come, change and go lose nothing, and load nothing again', async () => {
  const connection = await read({});
  const everything = await indexedIds(harness, connection.connectionId);
  const turn = async (settings: Settings) => {
    await set(harness, connection, settings);
    await arrival(harness, connection);
    await expectWanted(harness, connection);
    return { pages: bodies('pages').byId, posts: bodies('blogposts').byId };
  };
  expect(await turn({ filters: { labels: notIn('nobody has it') } })).toEqual({ pages: 0, posts: 0 });
  expect(await turn({ filters: { pageIds: notIn('4100') } })).toEqual({ pages: 0, posts: 0 });
  expect(await turn({ filters: { pageIds: notIn('4101') } })).toEqual({ pages: 1, posts: 0 });
  expect(await turn({ filters: { pageIds: inList('4101') } })).toEqual({ pages: 2, posts: 0 });
  await turn({ filters: { labels: inList('alpha') } });
  await turn({});
  expect(await indexedIds(harness, connection.connectionId)).toEqual(everything);
  expect(await turn({})).toEqual({ pages: 0, posts: 0 });
});

test('a page that is taken in comes with what was said about it while it was left out', async () => {
  const connection = await read({ filters: { pageIds: inList('4500') } });
  site().addComment({ containerId: '4002', body: '<p>Said meanwhile.</p>' });
  site().addAttachment({ containerId: '4002', title: 'late.png', mediaType: 'image/png' });
  await arrival(harness, connection);
  await set(harness, connection, { filters: { pageIds: inList('4500', '4001') } });
  await arrival(harness, connection);
  await expectWanted(harness, connection);
  expect(await indexedIds(harness, connection.connectionId, 'attachment')).toHaveLength(7);
});

test('what is shown again after it was left out is shown by restrictions of now', async () => {
  const connection = await read({});
  await set(harness, connection, { filters: { pageIds: notIn('4002') } });
  await arrival(harness, connection);
  site().setRestriction('4002', 'read', { users: [SMALL.admin] });
  // Nobody has asked for it since it was left out, long ago.
  await harness.database.db
    .updateTable('content_access')
    .set({ as_of: new Date(Date.now() - 3_600_000) })
    .where('external_id', '=', '4002')
    .execute();
  await set(harness, connection, {});
  await arrival(harness, connection);
  await expectWanted(harness, connection);
});

test('choices by hand take in and leave out', async () => {
  const connection = await read({ indexing: { mode: 'manual' } });
  const { connectionId } = connection;
  await harness.database.db
    .insertInto('record_choices')
    .values([
      { connection_id: connectionId, reach: 'subtree', external_id: SITE.tree, indexed: true },
      { connection_id: connectionId, reach: 'subtree', external_id: SITE.restricted, indexed: false },
      { connection_id: connectionId, reach: 'record', external_id: '4101', indexed: true },
    ])
    .execute();
  await arrival(harness, connection);
  const shown = await indexedIds(harness, connectionId, 'page');
  expect(shown).toEqual(expect.arrayContaining([SITE.tree, '4002', SITE.filed, '4101']));
  expect(shown.filter((id) => [SITE.restricted, '4102', '4500'].includes(id))).toEqual([]);
  expect(await indexedIds(harness, connectionId, 'comment')).toContain('74002');
});

test('filters that change while a sync runs are those that count at its end', async () => {
  const { faults } = harness.sandbox.context;
  for (const path of ['/api/v2/pages', '/api/v2/footer-comments', '/api/v2/attachments']) {
    const connection = await harness.connect({ world, settings: { filters: { pageIds: inList('4500') } } });
    for (const kind of ['full', 'incremental'] as const) {
      faults.add({ match: { path }, times: 1, action: { kind: 'barrier', name: 'held' } });
      const runId = await connection.start(kind);
      await faults.barriers.whenHeld('held');
      // The run looks at the settings each second, and at its end in any case.
      await set(harness, connection, {
        filters: { pageIds: kind === 'full' ? inList('4500', '4100') : inList('4002') },
      });
      faults.barriers.releaseAll();
      expect(await connection.ended(runId)).toMatchObject({ state: 'succeeded', failed: '0' });
      await expectWanted(harness, connection);
      faults.clear();
    }
    await harness.database.db.deleteFrom('connections').execute();
  }
});

test('one page whose body is refused is a failed item, and the others are there', async () => {
  const { faults } = harness.sandbox.context;
  const settings: Settings = { filters: { pageIds: inList('4500', '4100') } };
  const connection = await harness.connect({ world, settings });
  faults.add({
    match: { path: '/api/v2/pages\\?.*id=4501.*body-format' },
    action: { kind: 'status', status: 400 },
  });
  expect(await connection.sync()).toMatchObject({ state: 'succeeded', failed: '1' });
  expect(await indexedIds(harness, connection.connectionId, 'page')).toEqual([
    '4100',
    '4101',
    '4102',
    '4500',
  ]);
  faults.clear();
  await harness.database.db
    .updateTable('sync_failures')
    .set({ next_retry_at: new Date(0) })
    .execute();
  await arrival(harness, connection);
  await expectWanted(harness, connection);
  expect(await harness.database.db.selectFrom('sync_failures').selectAll().execute()).toEqual([]);
});
