import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { generateWorld, GENERATED_ADMIN } from '../../sandbox/world/generate.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { addViewer } from './viewer.ts';

/** What a run did not see, or could not read, is shown to nobody, also where it may not be removed. */
const world = generateWorld({ seed: 77, spaces: 1, pagesPerSpace: 40, restrictedEvery: 0 });
const { accountId } = GENERATED_ADMIN;
const member =
  world.people.find((one) => one.accountId !== accountId && one.status === 'active')?.accountId ?? '';

let harness: SyncHarness;
let connection: HarnessConnection;
let found: Awaited<ReturnType<typeof addViewer>>;
beforeAll(async () => {
  harness = await createSyncHarness({ world });
  found = await addViewer(harness, member);
});
afterAll(() => harness.close());
beforeEach(async () => {
  harness.sandbox.context.store.replace(structuredClone(world));
  const { store } = harness.sandbox.context;
  const all = [member, accountId].map((id) => ({
    principal: { type: 'user' as const, id },
    operation: 'read',
    target: 'space',
  }));
  store.setSpacePermissions(world.spaces[0]?.id ?? '', all);
  connection = await harness.connect({ world: store.snapshot() });
  await connection.sync();
});
afterEach(async () => {
  harness.sandbox.context.faults.clear();
  await harness.database.db.deleteFrom('connections').execute();
});

const shown = async () => (await found(connection.connectionId)).total;
const root = () => world.content.find(({ parentId }) => parentId === null)?.id ?? '';
const leaf = () =>
  world.content.find(({ id }) => !world.content.some(({ parentId }) => parentId === id))?.id ?? '';

test('what is shut to the crawling account is hidden, also when it is too much to remove', async () => {
  const { store } = harness.sandbox.context;
  expect(await shown()).toBe(120);
  store.setRestriction(root(), 'read', { users: [member], groups: [] });
  const run = await connection.sync();
  expect(run).toMatchObject({ state: 'succeeded', deleted: '0' });
  expect(await shown()).toBe(0);
  store.setRestriction(root(), 'read', { users: [], groups: [] });
  await connection.sync();
  expect(await shown()).toBe(120);
});

test('what was purged is hidden, also when a failed item keeps it from being removed', async () => {
  const { store, faults } = harness.sandbox.context;
  const spaceId = world.spaces[0]?.id ?? '';
  const folder = store.addContent({ type: 'folder', spaceId, title: 'Shelf' }).id;
  store.addContent({ spaceId, parentId: folder, title: 'On the shelf', body: '<p>x</p>' });
  store.purge(leaf());
  faults.add({ match: { path: '/folders/' }, action: { kind: 'status', status: 404, body: {} } });
  expect(await connection.sync()).toMatchObject({ state: 'succeeded', deleted: '0' });
  expect(await shown()).toBe(117);
});

test('a run that goes on where a failed one stopped reads restrictions anew: what was restricted meanwhile is hidden at once', async () => {
  const { store, faults } = harness.sandbox.context;
  const rule = faults.add({
    match: { path: '/footer-comments' },
    action: { kind: 'status', status: 403, body: {} },
  });
  expect(await connection.sync()).toMatchObject({ state: 'failed' });
  store.setRestriction(root(), 'read', { users: [accountId], groups: [] });
  faults.remove(rule.id);
  expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
  expect(await shown()).toBe(0);
});
