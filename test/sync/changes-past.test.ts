import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { generateWorld, GENERATED_ADMIN } from '../../sandbox/world/generate.ts';
import { arrival } from './arrivals.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { expectInvariants } from './invariants.ts';

jest.setTimeout(120_000);

const world = generateWorld({
  seed: 48,
  spaces: 2,
  pagesPerSpace: 25,
  commentsPerPage: 2,
  restrictedEvery: 0,
});
const [inside, outside] = world.spaces;
if (outside !== undefined) outside.type = 'personal';
const leavesOf = (spaceId: string | undefined) =>
  world.content
    .filter((one) => one.spaceId === spaceId && !world.content.some(({ parentId }) => parentId === one.id))
    .map(({ id }) => id);
const [leaf = ''] = leavesOf(inside?.id);
const [far = ''] = leavesOf(outside?.id);

let harness: SyncHarness;
let connection: HarnessConnection;
beforeAll(async () => {
  harness = await createSyncHarness({ world, sandbox: { logLength: 100_000 } });
});
afterAll(() => harness.close());
beforeEach(async () => {
  harness.sandbox.context.store.replace(structuredClone(world));
  connection = await harness.connect({ world, settings: { scope: { personalSpaces: false } } });
  await connection.sync();
});
afterEach(async () => {
  harness.sandbox.context.faults.clear();
  harness.sandbox.context.options.searchLagSeconds = 0;
  await harness.database.db.deleteFrom('connections').execute();
});

const site = () => harness.sandbox.context.store;
const invariants = () => expectInvariants({ harness, connectionId: connection.connectionId });
const arrives = (kind?: 'incremental' | 'permissions' | 'sweep') => arrival(harness, connection, kind);
const stateOf = (id: string) =>
  harness.database.db
    .selectFrom('records')
    .select(['state', 'acl_id'])
    .where('external_id', '=', id)
    .executeTakeFirst();

/** Whether its own restriction is known; null: it has none. */
async function restrictionOf(id: string): Promise<string | null> {
  const row = await harness.database.db
    .selectFrom('content_access')
    .leftJoin('acl_layers', 'acl_layers.id', 'content_access.layer_id')
    .select('acl_layers.state')
    .where('content_access.external_id', '=', id)
    .executeTakeFirstOrThrow();
  return row.state;
}

test('a page that moves into scope without a version brings what was said about it long ago', async () => {
  site().moveContent(far, { parentId: inside?.homepageId ?? null });
  // No feed shows it; its two comments and its attachment are older than any feed reaches.
  expect(await arrives()).toMatchObject({ changes: {}, beyond: [] });
  expect((await arrives('sweep')).changes).toEqual({ added: 4 });
  await invariants();
});

test('a page that is shown to the account again brings what was said about it long ago', async () => {
  const other =
    world.people.find(({ accountId }) => accountId !== GENERATED_ADMIN.accountId)?.accountId ?? '';
  site().setRestriction(leaf, 'read', { users: [other] });
  await arrives('permissions');
  await arrives('sweep');
  expect(await stateOf(leaf)).toBeUndefined();
  site().setRestriction(leaf, 'read', { users: [GENERATED_ADMIN.accountId] });
  site().updateContent(leaf, { body: '<p>Edited, so that the feed shows it.</p>' });
  expect((await arrives()).changes).toEqual({ added: 4 });
  await invariants();
});

test('what was said about many pages that come back is asked for by the hundred, not page by page', async () => {
  const many = leavesOf(outside?.id);
  for (const id of many) site().moveContent(id, { parentId: inside?.homepageId ?? null });
  const { beyond, changes } = await arrives('sweep');
  expect(changes).toEqual({ added: 4 * many.length });
  const asked = beyond.filter((one) => one.includes('container in'));
  expect(asked.filter((one) => one.includes('type = comment'))).toHaveLength(
    Math.ceil((2 * many.length) / 100),
  );
  expect(asked.filter((one) => one.includes('type = attachment'))).toHaveLength(1);
  await invariants();
});

test('questions for what came back whose cursor has expired are asked anew', async () => {
  const { faults } = harness.sandbox.context;
  site().setBehaviour({ contentSearchLimit: 10 });
  const many = leavesOf(outside?.id);
  for (const id of many) site().moveContent(id, { parentId: inside?.homepageId ?? null });
  const wornOut = { kind: 'status', status: 400, body: { message: "'cursor' is not valid" } } as const;
  for (const query of ['container', 'id(%20|\\+)in'])
    faults.add({
      match: { path: `/content/search\\?(?=.*cursor=).*cql=${query}` },
      times: 1,
      action: wornOut,
    });
  expect((await arrives('sweep')).changes).toEqual({ added: 4 * many.length });
  expect(faults.rules().map(({ hits }) => hits)).toEqual([1, 1]);
  await invariants();
});

test('a 404 for what was listed a moment ago hides it, removes nothing, and is taken back by the next answer', async () => {
  const { faults, options } = harness.sandbox.context;
  // The search index lags behind, so the restriction of a new page is asked for by itself.
  options.searchLagSeconds = 600;
  const { id } = site().addContent({ spaceId: inside?.id ?? '', title: 'Just listed', body: '<p>x</p>' });
  const gone = { kind: 'status', status: 404, body: { message: 'No content found' } } as const;
  faults.add({ match: { path: `/content/${id}/restriction` }, times: 1, action: gone });
  expect((await arrives()).run).toMatchObject({ deleted: '0' });
  expect(await restrictionOf(id)).toBe('unknown');
  expect((await arrives()).run).toMatchObject({ deleted: '0' });
  await arrives('permissions');
  expect(await restrictionOf(id)).toBeNull();

  // A listing by id that leaves out what is there.
  const none = {
    kind: 'rewrite',
    pattern: '"results":\\[.*\\],"_links"',
    replacement: '"results":[],"_links"',
  } as const;
  faults.add({ match: { path: '/api/v2/pages\\?.*(id=|id%5B)' }, times: 1, action: none });
  await arrives('permissions');
  expect(await stateOf(leaf)).toEqual({ state: 'pending', acl_id: null });
  expect((await arrives()).run).toMatchObject({ deleted: '0' });
  expect(await stateOf(leaf)).toMatchObject({ state: 'indexed', acl_id: expect.anything() });
  await invariants();
});

test('a feed whose cursor has expired or whose answers break off is walked anew', async () => {
  const { faults } = harness.sandbox.context;
  const pages = world.content.filter(({ spaceId }) => spaceId === inside?.id).map(({ id }) => id);
  for (const { id } of world.comments.slice(0, 30)) site().updateComment(id, { body: '<p>Again.</p>' });
  for (const id of pages) site().updateContent(id, { body: '<p>Again.</p>' });
  faults.add({ match: { path: 'pages\\?.*limit=50' }, times: 1, action: { kind: 'cut' } });
  faults.add({ match: { path: 'lastmodified' }, after: 1, times: 1, action: { kind: 'truncate' } });
  faults.add({ match: { path: 'attachments' }, times: 1, action: { kind: 'drop' } });
  expect(await connection.sync('incremental')).toMatchObject({ state: 'succeeded', failed: '0' });
  expect(faults.rules().map(({ hits }) => hits)).toEqual([1, 1, 1]);
  await invariants();
});

test('a run that goes on for one that was stopped walks the feeds from their top', async () => {
  const { faults } = harness.sandbox.context;
  faults.add({ match: { path: '/api/v2/attachments' }, times: 1, action: { kind: 'barrier', name: 'late' } });
  const stopped = await connection.start('incremental');
  await faults.barriers.whenHeld('late');
  await harness.engine.cancelRun(connection.connectionId);
  expect(await connection.ended(stopped)).toMatchObject({ state: 'cancelled' });
  faults.barriers.releaseAll();
  faults.clear();
  // The stopped run had read the feed of pages to its end before this.
  site().updateContent(leaf, { body: '<p>Meanwhile.</p>' });
  expect((await arrives()).changes).toEqual({ updated: 1 });
  await invariants();
});
