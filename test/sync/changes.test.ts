import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { generateWorld } from '../../sandbox/world/generate.ts';
import { searchRecords } from '../../search/search.ts';
import { arrival } from './arrivals.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { expectInvariants } from './invariants.ts';

jest.setTimeout(120_000);

const world = generateWorld({
  seed: 43,
  spaces: 2,
  pagesPerSpace: 40,
  commentsPerPage: 1,
  restrictedEvery: 0,
});

let harness: SyncHarness;
let connection: HarnessConnection;
beforeAll(async () => {
  harness = await createSyncHarness({ world, sandbox: { logLength: 100_000 } });
});
afterAll(() => harness.close());
beforeEach(async () => {
  harness.sandbox.context.store.replace(structuredClone(world));
  connection = await harness.connect({ world });
  await connection.sync();
});
afterEach(() => harness.database.db.deleteFrom('connections').execute());

const site = () => harness.sandbox.context.store;
const invariants = () => expectInvariants({ harness, connectionId: connection.connectionId });
const arrives = (kind?: 'incremental' | 'permissions') => arrival(harness, connection, kind);

/** Pages that nothing hangs below, oldest first: none of them is in the first batch of a feed. */
const leaves = world.content
  .filter(({ id, type }) => type === 'page' && !world.content.some(({ parentId }) => parentId === id))
  .toSorted((a, b) => (a.version.createdAt < b.version.createdAt ? -1 : 1))
  .map(({ id }) => id);
const [leaf = '', other = ''] = leaves;

const accessOf = (...ids: string[]) => `content/search cql=id in (${ids.map((id) => `"${id}"`).join(', ')})`;

test('a comment alone arrives without a question about its page', async () => {
  site().addComment({ containerId: leaf, body: '<p>Only this.</p>' });
  expect(await arrives()).toMatchObject({ indexed: 1, changes: { added: 1 }, beyond: [] });
  await invariants();
});

test('an attachment alone arrives without a question about its page', async () => {
  site().addAttachment({ containerId: leaf, title: 'alone.png', mediaType: 'image/png' });
  expect(await arrives()).toMatchObject({ indexed: 1, changes: { added: 1 }, beyond: [] });
  await invariants();
});

test('of an attachment whose text is read the file is fetched besides, and nothing else', async () => {
  site().addAttachment({ containerId: leaf, title: 'alone.txt' });
  const { beyond, ...told } = await arrives();
  expect(told).toMatchObject({ indexed: 1, changes: { added: 1 } });
  expect(beyond).toEqual([
    expect.stringMatching(/^content\/\d+\/child\/attachment\/att\d+\/download$/),
    expect.stringMatching(/^\/file\//),
  ]);
  await invariants();
});

test('an edited page arrives as an update, with one question for its restriction and labels', async () => {
  site().updateContent(leaf, { body: '<p>Another body.</p>' });
  const { beyond, changes, indexed } = await arrives();
  expect({ indexed, changes }).toEqual({ indexed: 1, changes: { updated: 1 } });
  expect(beyond).toEqual([expect.stringContaining(accessOf(leaf))]);
  await invariants();
});

test('a title alone arrives as another title', async () => {
  site().updateContent(leaf, { title: 'Another title' });
  expect(await arrives()).toMatchObject({ indexed: 1, changes: { retitled: 1 } });
  await invariants();
});

test('a label alone is searchable by the next reading of permissions, and no page is fetched for it', async () => {
  const { db } = harness.database;
  site().setLabels(leaf, ['fresh-label']);
  const { beyond, changes } = await arrives('permissions');
  expect(changes).toEqual({ relabelled: 1 });
  expect(beyond.filter((one) => one.includes('body-format'))).toEqual([]);
  const admin = await db
    .insertInto('users')
    .values({ email: 'admin@example.com', name: 'Admin', role: 'administrator', email_verified: true })
    .returning('id')
    .executeTakeFirstOrThrow();
  const { hits } = await searchRecords(
    db,
    { userId: admin.id },
    { q: 'fresh-label', connection: [connection.connectionId] },
  );
  expect(hits.map(({ externalId }) => externalId)).toEqual([leaf]);
  await db.deleteFrom('users').where('id', '=', admin.id).execute();
  await invariants();
});

test('a move within a space and one to another arrive as moves, by the reading of permissions, without a version', async () => {
  const { spaces } = world;
  const home = (at: number) => spaces[at]?.homepageId ?? null;
  const here = spaces.findIndex(({ id }) => id === site().content(leaf)?.spaceId);
  site().moveContent(leaf, { parentId: home(here) });
  const parent = site().content(other)?.parentId;
  site().moveContent(other, {
    parentId: home(spaces.findIndex(({ id }) => id !== site().content(other)?.spaceId)),
  });
  expect(parent).not.toBeNull();
  const { changes } = await arrives('permissions');
  expect(changes).toEqual({
    moved: site().content(leaf)?.parentId === world.content.find(({ id }) => id === leaf)?.parentId ? 1 : 2,
  });
  await invariants();
  // What has moved is no news to the feeds.
  expect(await arrives()).toMatchObject({ changes: {}, beyond: [] });
});

test.each([true, false])(
  'a page that comes back from the trash arrives as restored, with what was said about it (the trash moves dates: %p)',
  async (trashingMovesDate) => {
    site().setBehaviour({ trashingMovesDate });
    // Newly edited, so that the first batch of a feed holds it whatever the trash does to its date.
    site().updateContent(leaf, { body: '<p>Newly edited.</p>' });
    await arrives();
    site().trash(leaf);
    expect((await arrives()).run).toMatchObject({ deleted: '3' });
    await invariants();
    site().restore(leaf);
    const { changes } = await arrives();
    expect(changes).toEqual({ added: 3 });
    await invariants();
  },
);

test('a page that went into the trash and came back before it was removed is shown again, unchanged', async () => {
  const { db } = harness.database;
  site().updateContent(leaf, { body: '<p>Newly edited.</p>' });
  await arrives();
  site().trash(leaf);
  // Noticed by the reading of permissions, which hides and does not remove.
  await arrives('permissions');
  const state = () =>
    db
      .selectFrom('records')
      .select(['state', 'acl_id'])
      .where('external_id', '=', leaf)
      .executeTakeFirstOrThrow();
  expect(await state()).toEqual({ state: 'pending', acl_id: null });
  site().restore(leaf);
  expect(await arrives()).toMatchObject({ changes: { restored: 1 }, indexed: 0 });
  expect(await state()).toMatchObject({ state: 'indexed', acl_id: expect.anything() });
  await invariants();
});

test('what hangs below a page in the trash is hidden with it, before the run has ended', async () => {
  const { faults } = harness.sandbox.context;
  const parent = site().content(leaf)?.parentId ?? '';
  site().setBehaviour({ trashingMovesDate: true });
  site().trash(parent);
  faults.add({
    match: { path: '/api/v2/pages\\?.*status=current' },
    times: 1,
    action: { kind: 'barrier', name: 'feed' },
  });
  const run = await connection.start('incremental');
  await faults.barriers.whenHeld('feed');
  const row = await harness.database.db
    .selectFrom('records')
    .select('acl_id')
    .where('external_id', '=', leaf)
    .executeTakeFirstOrThrow();
  expect(row.acl_id).toBeNull();
  faults.barriers.releaseAll();
  expect(await connection.ended(run)).toMatchObject({ state: 'succeeded' });
  await invariants();
});

test('an attachment that went into the trash leaves by the same feed, and comes back by it', async () => {
  site().setBehaviour({ trashingMovesDate: true });
  const [attachment = ''] = world.attachments.map(({ id }) => id);
  site().setAttachmentStatus(attachment, 'trashed');
  expect((await arrives()).run).toMatchObject({ deleted: '1' });
  await invariants();
  site().setAttachmentStatus(attachment, 'current');
  expect(await arrives()).toMatchObject({ changes: { added: 1 } });
  await invariants();
});

test('a feed is read in steps of 10, 50 and 250, and no further than there is news', async () => {
  const pages = (many: number) =>
    leaves.slice(0, many).map((id) => site().updateContent(id, { body: `<p>${many}</p>` }));
  const limits = async () => {
    await arrives();
    return harness.sandbox.context.counters
      .log()
      .filter(({ path }) => path.endsWith('/api/v2/pages'))
      .filter(({ query }) => query.includes('status=current'))
      .map(({ query }) => Number(new URLSearchParams(query).get('limit')));
  };
  expect(await limits()).toEqual([10]);
  pages(7);
  expect(await limits()).toEqual([10]);
  pages(30);
  expect(await limits()).toEqual([10, 50]);
  await invariants();
});
