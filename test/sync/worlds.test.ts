import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { generateWorld, GENERATED_ADMIN, type GenerationOptions } from '../../sandbox/world/generate.ts';
import type { ContentType, World } from '../../sandbox/world/types.ts';
import {
  createSyncHarness,
  type ConnectOptions,
  type HarnessConnection,
  type SyncHarness,
} from './harness.ts';
import { expectInvariants } from './invariants.ts';
import { addViewer } from './viewer.ts';

const small: GenerationOptions = { seed: 61, spaces: 4, pagesPerSpace: 15, commentsPerPage: 3 };

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: generateWorld(small), sandbox: { logLength: 100_000 } });
});
afterAll(() => harness.close());
afterEach(async () => {
  harness.sandbox.context.options.searchLagSeconds = 0;
  const { db } = harness.database;
  await db.deleteFrom('connections').execute();
  await db.deleteFrom('users').execute();
});

/** Gives the sandbox a world, and Sluice a connection to it. */
async function open(world: World, settings?: ConnectOptions['settings']): Promise<HarnessConnection> {
  harness.sandbox.context.store.replace(structuredClone(world));
  harness.sandbox.context.counters.reset();
  return harness.connect({ world, ...(settings === undefined ? {} : { settings }) });
}

async function syncs(connection: HarnessConnection, kind: 'full' | 'incremental' = 'full'): Promise<void> {
  expect(await connection.sync(kind)).toMatchObject({ state: 'succeeded', failed: '0' });
  await expectInvariants({ harness, connectionId: connection.connectionId });
}

test.each([true, false])(
  'replies arrive whether the listings of comments hold them or not: %s',
  async (held) => {
    const world = generateWorld(small);
    world.behaviour.commentListingsHoldReplies = held;
    const connection = await open(world);
    const { store } = harness.sandbox.context;
    for (const kind of ['footer', 'inline']) {
      const root = world.comments.find((comment) => comment.kind === kind);
      let parentId = root?.id ?? '';
      for (let depth = 1; depth <= 3; depth += 1) {
        const reply = { containerId: root?.containerId ?? '', parentId, body: `<p>Reply ${depth}</p>` };
        parentId = store.addComment(reply).id;
      }
    }
    await syncs(connection);
  },
);

test('restrictions that come 25 at a time are all read', async () => {
  const world = generateWorld({ ...small, spaces: 1, pagesPerSpace: 130, restrictedEvery: 3 });
  world.behaviour.contentSearchLimit = 25;
  await syncs(await open(world));
  const searches = harness.sandbox.context.counters
    .log()
    .filter(({ path }) => path.endsWith('/content/search'));
  expect(searches.length).toBeGreaterThanOrEqual(6);
});

test.each(['full', 'incremental'] as const)(
  'pages that the search index does not show yet are read one by one in a %s run',
  async (kind) => {
    const world = generateWorld(small);
    const connection = await open(world);
    const { store, options } = harness.sandbox.context;
    options.searchLagSeconds = 3_600;
    if (kind === 'incremental') await syncs(connection);
    const { id: spaceId = '', homepageId = null } = world.spaces[0] ?? {};
    const add = (title: string, read?: { users: string[] }) =>
      store.addContent({
        spaceId,
        parentId: homepageId,
        title,
        body: '<p>x</p>',
        ...(read === undefined ? {} : { restrictions: { read } }),
      }).id;
    const open_ = add('Just written');
    const closed = add('Just written, closed', { users: [GENERATED_ADMIN.accountId] });
    await syncs(connection, kind);
    const member = world.people.find(({ accountId }) => accountId !== GENERATED_ADMIN.accountId);
    const found = await (await addViewer(harness, member?.accountId ?? ''))(connection.connectionId);
    expect([open_, closed].map((id) => found.first.includes(id))).toEqual([true, false]);
  },
);

test.each([
  { name: 'as it is by default', scope: {} },
  { name: 'with archived spaces', scope: { archivedSpaces: true } },
  { name: 'without personal spaces', scope: { personalSpaces: false } },
  { name: 'with archived, without personal ones', scope: { archivedSpaces: true, personalSpaces: false } },
])('the scope is kept: $name', async ({ scope }) => {
  const world = generateWorld(small);
  const [, archived, personal, both] = world.spaces;
  if (archived === undefined || personal === undefined || both === undefined)
    throw new Error('Too few spaces.');
  archived.status = 'archived';
  Object.assign(personal, { type: 'personal', key: '~7120200000' });
  Object.assign(both, { type: 'personal', status: 'archived', key: '~7120200001' });
  await syncs(await open(world, { scope }));
});

test('what is in a folder in a database in a page, and deeper, has its place and its restrictions', async () => {
  const world = generateWorld(small);
  const connection = await open(world);
  const { store } = harness.sandbox.context;
  const { id: spaceId = '', homepageId = null } = world.spaces[0] ?? {};
  const chain: ContentType[] = ['page', 'database', 'folder', 'whiteboard', 'embed', 'folder', 'page'];
  const build = (name: string, closedAt: number | null) =>
    chain.reduce<string | null>((parentId, type, level) => {
      const restrictions = level === closedAt ? { read: { users: [GENERATED_ADMIN.accountId] } } : {};
      return store.addContent({ type, spaceId, parentId, title: `${name} ${level}`, restrictions }).id;
    }, homepageId);
  const openLeaf = build('Open', null) ?? '';
  const closedLeaf = build('Closed', 2) ?? '';
  await syncs(connection);
  const shown = async (accountId: string) => {
    const { first } = await (await addViewer(harness, accountId))(connection.connectionId);
    return [openLeaf, closedLeaf].map((id) => first.includes(id));
  };
  const member = world.people.find(({ accountId }) => accountId !== GENERATED_ADMIN.accountId);
  expect(await shown(member?.accountId ?? '')).toEqual([true, false]);
  expect(await shown(GENERATED_ADMIN.accountId)).toEqual([true, true]);
});

test('two thousand spaces are read in listings of a hundred', async () => {
  const world = generateWorld({
    seed: 62,
    spaces: 2_000,
    pagesPerSpace: 2,
    commentsPerPage: 0,
    attachmentsPerPage: 0,
    bodyBytes: 100,
  });
  await syncs(await open(world));
  const log = harness.sandbox.context.counters.log();
  const count = (pattern: RegExp) => log.filter(({ path, query }) => pattern.test(`${path}?${query}`)).length;
  // Pages, and the feed of what changed meanwhile.
  expect(count(/\/v2\/pages\?.*space-id=/)).toBeLessThanOrEqual(24);
  expect(count(/content\/search\?/)).toBeLessThanOrEqual(60);
}, 120_000);
