import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
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
});

const site = () => harness.sandbox.context.store;

async function read(settings: Connection['settings']): Promise<HarnessConnection> {
  const connection = await harness.connect({ world, settings });
  harness.sandbox.context.counters.reset();
  expect(await connection.sync()).toMatchObject({ state: 'succeeded', failed: '0' });
  return connection;
}

const ofPages = ['pages', 'bodies of pages', 'pages in the trash', 'count of pages'];
const ofPosts = ['blogposts', 'bodies of blogposts', 'blogposts in the trash'];
const ofComments = ['footer-comments', 'inline-comments', 'search for comments', 'count of comments'];
const ofAttachments = ['attachments', 'search for attachments', 'count of attachments'];

test.each<[name: string, settings: Connection['settings'], never: string[], asks: string[]]>([
  [
    'blog posts',
    { indexing: { blogposts: false } },
    ofPosts,
    ['bodies of pages', 'footer-comments', 'attachments'],
  ],
  [
    'comments',
    { indexing: { pageComments: false, blogpostComments: false } },
    ofComments,
    ['bodies of pages', 'attachments'],
  ],
  [
    'attachments',
    { indexing: { pageAttachments: false, blogpostAttachments: false } },
    ofAttachments,
    ['footer-comments'],
  ],
  [
    'pages, and so what hangs on them',
    { indexing: { pages: false, blogpostComments: false } },
    [...ofPages, ...ofComments],
    ['bodies of blogposts', 'attachments'],
  ],
  [
    'all but pages by content types',
    { filters: { contentTypes: { operator: 'in', values: ['page'] } } },
    [...ofPosts, ...ofComments, ...ofAttachments],
    ['bodies of pages'],
  ],
])('%s that are off are requested by no run', async (_name, settings, never, asks) => {
  const connection = await read(settings);
  const inFull = Object.keys(asked(harness));
  expect(inFull).toEqual(expect.arrayContaining(asks));
  expect(inFull.filter((name) => never.includes(name))).toEqual([]);
  await expectWanted(harness, connection);
  for (const kind of ['incremental', 'sweep', 'permissions'] as const) {
    harness.sandbox.context.counters.reset();
    expect(await connection.sync(kind)).toMatchObject({ state: 'succeeded', failed: '0' });
    expect(Object.keys(asked(harness)).filter((name) => never.includes(name))).toEqual([]);
  }
  await expectWanted(harness, connection);
});

const off = (...names: string[]) => ({
  indexing: Object.fromEntries(names.map((name) => [name, false])),
});

test.each<[name: string, settings: Connection['settings'], reads: string[], spares: string[]]>([
  [
    'blog posts',
    off('blogposts'),
    ['bodies of blogposts by id'],
    ['bodies of pages', 'bodies of pages by id'],
  ],
  [
    'comments',
    off('pageComments', 'blogpostComments'),
    [],
    ['bodies of pages by id', 'bodies of blogposts by id'],
  ],
  [
    'attachments of pages',
    off('pageAttachments'),
    [],
    ['bodies of pages by id', 'bodies of blogposts by id'],
  ],
  ['pages', off('pages'), ['bodies of pages by id'], ['bodies of blogposts by id']],
])(
  '%s turned off are gone, and turned on again are there with what was missed',
  async (_name, settings, reads, spares) => {
    const connection = await read({});
    const everything = await indexedIds(harness, connection.connectionId);
    await set(harness, connection, settings);
    await arrival(harness, connection);
    await expectWanted(harness, connection);
    expect((await indexedIds(harness, connection.connectionId)).length).toBeLessThan(everything.length);

    harness.sandbox.context.counters.reset();
    expect(await connection.sync('permissions')).toMatchObject({ state: 'succeeded' });
    const isOfPosts = (name: string) => name.startsWith('blogposts');
    const hasPosts = (settings.indexing as { blogposts?: boolean }).blogposts !== false;
    expect(Object.keys(asked(harness)).some(isOfPosts)).toBe(hasPosts);

    const post = site().addContent({
      type: 'blogpost',
      spaceId: '1001',
      title: 'Late post',
      body: '<p>x</p>',
    });
    const page = site().addContent({
      spaceId: '1001',
      title: 'Late page',
      body: '<p>y</p>',
      parentId: SITE.tree,
    });
    for (const { id } of [post, page]) {
      site().addComment({ containerId: id, body: '<p>Late.</p>' });
      site().addAttachment({ containerId: id, title: `late ${id}.png`, mediaType: 'image/png' });
    }
    site().addComment({ containerId: SITE.two, body: '<p>Said meanwhile.</p>' });
    site().updateContent(SITE.posts[1], { body: '<p>Edited meanwhile.</p>' });
    await arrival(harness, connection);
    await expectWanted(harness, connection);

    await set(harness, connection, {});
    await arrival(harness, connection);
    const again = Object.keys(asked(harness));
    expect(again).toEqual(expect.arrayContaining(reads));
    expect(again.filter((name) => spares.includes(name) && name.endsWith('by id'))).toEqual([]);
    await expectWanted(harness, connection);
    const { indexed, requests } = await arrival(harness, connection);
    expect({ indexed, few: requests <= 10 }).toEqual({ indexed: 0, few: true });
  },
);

test('a full sync without comments is made up for when they are wanted', async () => {
  const connection = await read(off('pageComments', 'blogpostComments'));
  expect(await indexedIds(harness, connection.connectionId, 'comment')).toEqual([]);
  await set(harness, connection, {});
  await arrival(harness, connection);
  await expectWanted(harness, connection);
  expect((await indexedIds(harness, connection.connectionId, 'comment')).length).toBe(world.comments.length);
});

test.each(['pageComments', 'blogpostComments', 'pageAttachments', 'blogpostAttachments'])(
  'a full sync without %s is made up for when they are wanted',
  async (toggle) => {
    const connection = await read(off(toggle));
    await arrival(harness, connection);
    await expectWanted(harness, connection);
    await set(harness, connection, {});
    await arrival(harness, connection);
    await expectWanted(harness, connection);
    const { requests } = await arrival(harness, connection);
    expect(requests).toBeLessThanOrEqual(8);
  },
);

test('settings that say the same in other words read nothing anew', async () => {
  const connection = await read({});
  await arrival(harness, connection);
  await set(harness, connection, { indexing: { pages: true, mode: 'automatic' }, scope: { by: 'filters' } });
  const { requests, points, indexed } = await arrival(harness, connection);
  expect({ indexed, within: requests <= 8 && points <= 80 }).toEqual({ indexed: 0, within: true });
});
