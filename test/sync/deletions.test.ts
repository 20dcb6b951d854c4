import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { generateWorld, GENERATED_ADMIN } from '../../sandbox/world/generate.ts';
import { createSyncHarness, recordIds, type HarnessConnection, type SyncHarness } from './harness.ts';
import { expectInvariants, expectSafe, type Subject } from './invariants.ts';

const world = generateWorld({ seed: 51, spaces: 3, pagesPerSpace: 20 });

let harness: SyncHarness;
let connection: HarnessConnection;
let subject: Subject;
beforeAll(async () => {
  harness = await createSyncHarness({ world });
});
afterAll(() => harness.close());
beforeEach(async () => {
  harness.sandbox.context.store.replace(structuredClone(world));
  connection = await harness.connect({ world });
  subject = { harness, connectionId: connection.connectionId };
  await connection.sync();
});
afterEach(async () => {
  harness.sandbox.context.faults.clear();
  await harness.database.db.deleteFrom('connections').execute();
});

const current = async () => recordIds({ ...harness, connectionId: connection.connectionId });

async function status() {
  return harness.database.db
    .selectFrom('connections')
    .select(['status', 'status_cause', 'status_message'])
    .where('id', '=', connection.connectionId)
    .executeTakeFirstOrThrow();
}

test('a trashed page goes with the next incremental run, what was purged with the next full one', async () => {
  const { store } = harness.sandbox.context;
  const leaf = world.content.find(({ id }) => store.children(id).length === 0)?.id ?? '';
  store.trash(leaf);
  const comment = world.comments.find(({ containerId }) => containerId !== leaf)?.id ?? '';
  const attachment = world.attachments.find(({ containerId }) => containerId !== leaf)?.id ?? '';
  store.purgeComment(comment);
  store.purgeAttachment(attachment);
  // The page with its comment and attachment; no feed tells of what was purged, and nothing goes on suspicion.
  expect(await connection.sync('incremental')).toMatchObject({ state: 'succeeded', deleted: '3' });
  expect((await current()).get('comment')?.has(comment)).toBe(true);
  expect(await connection.sync()).toMatchObject({ state: 'succeeded', deleted: '2' });
  await expectInvariants(subject);
  const removals = await harness.database.db
    .selectFrom('removals')
    .select(['external_id', 'kind', 'cause', 'space_key'])
    .where('connection_id', '=', connection.connectionId)
    .execute();
  expect(new Map(removals.map((one) => [one.external_id, one.cause]))).toEqual(
    new Map([
      [leaf, 'trashed'],
      ...world.comments
        .filter((one) => one.containerId === leaf)
        .map(({ id }) => [id, 'container_gone'] as const),
      ...world.attachments
        .filter((one) => one.containerId === leaf)
        .map(({ id }) => [id, 'container_gone'] as const),
      [comment, 'not_shown'],
      [attachment, 'not_shown'],
    ]),
  );
  expect(removals.every(({ space_key: key }) => key !== null)).toBe(true);
});

test('when most of a site is gone at once nothing is removed, and the connection says why', async () => {
  const { store } = harness.sandbox.context;
  const before = await current();
  for (const { id, spaceId } of world.content) if (spaceId !== world.spaces[0]?.id) store.trash(id);
  const run = await connection.sync();
  expect(run).toMatchObject({ state: 'succeeded', deleted: '0' });
  expect(await current()).toEqual(before);
  const told = await status();
  expect(told).toMatchObject({ status: 'attention', status_cause: 'mass_deletion' });
  expect(told.status_message).toMatch(
    /^120 of 180 records of "Simulated site" would be removed: \d+ in the trash, \d+ comments/,
  );
  const log = await harness.database.db
    .selectFrom('sync_log')
    .select(['level', 'message'])
    .where('run_id', '=', run.id)
    .execute();
  expect(log).toContainEqual({ level: 'warning', message: told.status_message });
  await expectSafe(subject);
});

test('what one reading alone did not show is hidden, and removed by nothing but a complete listing', async () => {
  const { store } = harness.sandbox.context;
  const { db } = harness.database;
  const leaf = world.content.find(({ id }) => store.children(id).length === 0)?.id ?? '';
  store.setRestriction(leaf, 'read', { users: ['somebody-else'], groups: [] });
  await db
    .insertInto('permission_due')
    .values({ connection_id: connection.connectionId, kind: 'content', source_id: leaf })
    .execute();
  await connection.sync('permissions');
  for (const kind of ['incremental', 'incremental'] as const)
    expect(await connection.sync(kind)).toMatchObject({ state: 'succeeded', deleted: '0' });
  expect((await current()).get('page')?.has(leaf)).toBe(true);
  const hidden = await db.selectFrom('records').select('acl_id').where('external_id', '=', leaf).execute();
  expect(hidden).toEqual([{ acl_id: null }]);
  await expectSafe(subject);
  expect(await connection.sync('sweep')).toMatchObject({ state: 'succeeded', deleted: '3' });
});

test('an account that loses its spaces deletes nothing', async () => {
  const { store } = harness.sandbox.context;
  const before = await current();
  for (const { id } of world.spaces) store.setSpacePermissions(id, []);
  expect(await connection.sync()).toMatchObject({ deleted: '0' });
  expect(await current()).toEqual(before);
  expect(await status()).toMatchObject({ status: 'attention' });
  for (const { id } of world.spaces)
    store.setSpacePermissions(id, [
      { principal: { type: 'user', id: GENERATED_ADMIN.accountId }, operation: 'read', target: 'space' },
    ]);
  expect(await connection.sync()).toMatchObject({ state: 'succeeded', deleted: '0' });
  await expectInvariants(subject);
});

test('a full run whose credential changes on the way removes nothing for being absent', async () => {
  const { store, faults } = harness.sandbox.context;
  const leaf = world.content.find(({ id }) => store.children(id).length === 0)?.id ?? '';
  store.purge(leaf);
  faults.add({
    match: { path: '/footer-comments' },
    times: 1,
    action: { kind: 'barrier', name: 'on the way' },
  });
  const runId = await connection.start();
  await faults.barriers.whenHeld('on the way');
  await harness.database.db
    .updateTable('connections')
    .set((eb) => ({ credential_version: eb('credential_version', '+', 1) }))
    .execute();
  faults.barriers.release('on the way');
  expect(await connection.ended(runId)).toMatchObject({ state: 'succeeded', deleted: '0' });
  expect((await current()).get('page')?.has(leaf)).toBe(true);
  await expectSafe(subject);
  expect(await connection.sync()).toMatchObject({ state: 'succeeded', deleted: '3' });
  await expectInvariants(subject);
});

test('a few pages that are gone are below the brake', async () => {
  const { store } = harness.sandbox.context;
  for (const { id } of world.content.filter((one) => store.children(one.id).length === 0).slice(0, 5))
    store.trash(id);
  expect(await connection.sync()).toMatchObject({ state: 'succeeded', deleted: '15' });
  expect(await status()).toMatchObject({ status: 'active' });
  await expectInvariants(subject);
});

test('a run with an unreadable folder removes what Confluence calls trashed alone, the next complete one the rest', async () => {
  const { store, faults } = harness.sandbox.context;
  const spaceId = world.spaces[0]?.id ?? '';
  const folder = store.addContent({ type: 'folder', spaceId, title: 'Shelf' }).id;
  store.addContent({ spaceId, parentId: folder, title: 'On the shelf', body: '<p>x</p>' });
  expect(await connection.sync()).toMatchObject({ state: 'succeeded', failed: '0' });
  const [trashed = '', purged = ''] = world.content
    .filter(({ id }) => store.children(id).length === 0)
    .map(({ id }) => id);
  store.trash(trashed);
  store.purge(purged);
  const rule = faults.add({
    match: { path: '/folders/' },
    action: { kind: 'status', status: 403, body: {} },
  });
  const run = await connection.sync();
  expect([run.state, run.deleted]).toEqual(['succeeded', '3']);
  expect((await current()).get('page')?.has(purged)).toBe(true);
  await expectSafe(subject);
  faults.remove(rule.id);
  expect(await connection.sync()).toMatchObject({ state: 'succeeded', deleted: '3' });
  await expectInvariants(subject);
});
