import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { generateWorld, GENERATED_ADMIN } from '../../sandbox/world/generate.ts';
import type { World } from '../../sandbox/world/types.ts';
import { arrival } from './arrivals.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { expectInvariants } from './invariants.ts';

jest.setTimeout(120_000);

const world = generateWorld({
  seed: 45,
  spaces: 3,
  pagesPerSpace: 12,
  commentsPerPage: 1,
  restrictedEvery: 4,
});
const [first, second, third] = world.spaces as [World['spaces'][0], World['spaces'][0], World['spaces'][0]];

let harness: SyncHarness;
let connection: HarnessConnection;
beforeAll(async () => {
  harness = await createSyncHarness({ world, sandbox: { logLength: 100_000 } });
});
afterAll(() => harness.close());
beforeEach(() => harness.sandbox.context.store.replace(structuredClone(world)));
afterEach(() => harness.database.db.deleteFrom('connections').execute());

async function begin(settings?: { scope: { archivedSpaces?: boolean; personalSpaces?: boolean } }) {
  connection = await harness.connect({ world, ...(settings === undefined ? {} : { settings }) });
  await connection.sync();
}

const site = () => harness.sandbox.context.store;
const invariants = () => expectInvariants({ harness, connectionId: connection.connectionId });
const arrives = () => arrival(harness, connection);
const spaces = () =>
  harness.database.db
    .selectFrom('spaces')
    .select(['external_id', 'name', 'status'])
    .orderBy('external_id')
    .execute();
const set = (settings: object) =>
  harness.database.db
    .updateTable('connections')
    .set({ settings: JSON.stringify(settings) })
    .execute();
const readers = first.permissions.map(({ principal, operation, target }) => ({
  principal,
  operation,
  target,
}));

/** How many records of a space somebody could find. */
async function shownIn(spaceId: string): Promise<number> {
  const rows = await harness.database.db
    .selectFrom('records')
    .innerJoin('spaces', 'spaces.id', 'records.space_id')
    .select('records.id')
    .where('spaces.external_id', '=', spaceId)
    .where('records.acl_id', 'is not', null)
    .execute();
  return rows.length;
}

/** How many records a space has in the world: pages, and what hangs on them. */
function sizeOf(spaceId: string): number {
  const pages = new Set(world.content.filter((one) => one.spaceId === spaceId).map(({ id }) => id));
  const on = (one: { containerId: string }) => pages.has(one.containerId);
  return pages.size + world.comments.filter(on).length + world.attachments.filter(on).length;
}

test('another name of a space arrives, and nothing in it is read', async () => {
  await begin();
  site().changeSpace(second.id, { name: 'Another name' });
  expect(await arrives()).toMatchObject({ changes: { spaces_changed: 1 }, indexed: 0, beyond: [] });
  expect(await spaces()).toContainEqual(expect.objectContaining({ name: 'Another name' }));
  await invariants();
});

test('a space that was archived leaves with all that is in it, and comes back whole', async () => {
  await begin();
  // So that nobody is asked first whether so much may go.
  await set({ deletions: { askAbovePercent: 100 } });
  site().changeSpace(second.id, { status: 'archived' });
  const left = await arrives();
  expect(left.changes).toMatchObject({ spaces_changed: 1, removed: sizeOf(second.id) });
  await invariants();
  site().changeSpace(second.id, { status: 'current' });
  const back = await arrives();
  expect(back.changes).toMatchObject({ spaces_changed: 1, added: sizeOf(second.id) });
  await invariants();
  expect(await arrives()).toMatchObject({ changes: {}, beyond: [] });
});

test('a space that was deleted is hidden by the next run and removed by the next sweep', async () => {
  await begin();
  await set({ deletions: { askAbovePercent: 100 } });
  site().changeSpace(second.id, { status: 'trashed' });
  expect((await arrives()).changes).toMatchObject({ spaces_changed: 1 });
  expect(await shownIn(second.id)).toBe(0);
  await arrival(harness, connection, 'sweep');
  await invariants();
});

test('a space in which nothing is leaves with the run that does not find it any more', async () => {
  const empty = site().addSpace({ id: '990003', key: 'EMPTY', name: 'Empty' });
  site().setSpacePermissions(empty.id, readers);
  await begin();
  expect(await spaces()).toHaveLength(4);
  site().changeSpace(empty.id, { status: 'trashed' });
  expect((await arrives()).changes).toMatchObject({ spaces_changed: 1 });
  expect(await spaces()).toHaveLength(3);
  expect(await arrives()).toMatchObject({ changes: {}, beyond: [] });
  await invariants();
});

test('a page in a space that was not known brings the space, who may view it, and everything in it', async () => {
  site().setSpacePermissions(third.id, []);
  await begin();
  expect(await spaces()).toHaveLength(2);
  site().setSpacePermissions(third.id, readers);
  const page = world.content.find(({ spaceId }) => spaceId === third.id)?.id ?? '';
  site().updateContent(page, { body: '<p>News from where nobody looked.</p>' });
  const { changes } = await arrives();
  expect(changes).toMatchObject({ spaces_changed: 1, added: sizeOf(third.id) });
  await invariants();
  expect(await arrives()).toMatchObject({ changes: {}, beyond: [] });
});

test('what is out of scope is remembered, and not asked for by each run', async () => {
  const personal = site().addSpace({ id: '990001', key: '~one', name: 'Of one person', type: 'personal' });
  site().setSpacePermissions(personal.id, readers);
  await begin({ scope: { personalSpaces: false } });
  for (const title of ['One', 'Two']) {
    site().addContent({ spaceId: personal.id, title, body: '<p>Mine.</p>' });
    expect(await arrives()).toMatchObject({ changes: {}, beyond: [] });
  }
  await invariants();
  // Once the settings take it in, it arrives whole; once they leave it out again, it goes.
  await set({ scope: { personalSpaces: true } });
  expect((await arrives()).changes).toMatchObject({ added: 2 });
  await invariants();
  await set({ scope: { personalSpaces: false } });
  expect((await arrives()).changes).toMatchObject({ removed: 2 });
  await invariants();
});

test('a page that moves, without a version, into a space that was not known is not lost', async () => {
  await begin();
  const added = site().addSpace({ id: '990002', key: 'NEW', name: 'New' });
  site().setSpacePermissions(added.id, readers);
  const leaf = world.content.find(
    ({ id, spaceId }) => spaceId === first.id && !world.content.some(({ parentId }) => parentId === id),
  );
  site().moveContent(leaf?.id ?? '', { parentId: null, spaceId: added.id });
  expect(await arrival(harness, connection, 'permissions')).toMatchObject({
    changes: { moved: 1, spaces_changed: 1 },
  });
  await arrives();
  await invariants();
});

test('a space that the account may not see any more is hidden at once, and shown again with it', async () => {
  await begin();
  site().setSpacePermissions(second.id, []);
  await arrives();
  expect(await shownIn(second.id)).toBe(0);
  site().setSpacePermissions(second.id, [
    { principal: { type: 'user', id: GENERATED_ADMIN.accountId }, operation: 'read', target: 'space' },
  ]);
  await arrives();
  await arrival(harness, connection, 'permissions');
  await invariants();
});
