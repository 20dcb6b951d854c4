import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { generateWorld } from '../../sandbox/world/generate.ts';
import { createSyncHarness, recordIds, type HarnessConnection, type SyncHarness } from './harness.ts';
import { expectInvariants, type Subject } from './invariants.ts';

const world = generateWorld({ seed: 61, spaces: 6, pagesPerSpace: 15, commentsPerPage: 1 });

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
const leaves = () =>
  world.content.filter(
    ({ id, type }) => type === 'page' && harness.sandbox.context.store.children(id).length === 0,
  );
const ids = (list: { id: string }[]) => list.map(({ id }) => id);

function three<T>(list: readonly T[]): [T, T, T] {
  const [first, second, third] = list;
  if (first === undefined || second === undefined || third === undefined) throw new Error('Too few.');
  return [first, second, third];
}

async function causes(): Promise<Record<string, string[]>> {
  const rows = await harness.database.db
    .selectFrom('removals')
    .select(['external_id', 'cause'])
    .where('connection_id', '=', connection.connectionId)
    .where('kind', 'not in', ['comment', 'attachment'])
    .orderBy('external_id')
    .execute();
  const of: Record<string, string[]> = {};
  for (const { cause, external_id: id } of rows) (of[cause] ??= []).push(id);
  return of;
}

test('a sweep of a site where nothing changed changes nothing', async () => {
  const before = await current();
  const run = await connection.sync('sweep');
  expect(run).toMatchObject({ state: 'succeeded', deleted: '0', indexed: '0', failed: '0' });
  expect(await current()).toEqual(before);
  await expectInvariants(subject);
});

test('what was purged, archived and shut to the crawler leaves with a sweep, each with its cause', async () => {
  const { store } = harness.sandbox.context;
  const [purged, archived, shut] = three(leaves());
  store.purge(purged.id);
  store.archive(archived.id);
  store.setRestriction(shut.id, 'read', { users: ['somebody-else'], groups: [] });
  expect(await connection.sync('sweep')).toMatchObject({ state: 'succeeded' });
  expect(await causes()).toEqual({ not_shown: ids([purged, shut]).sort(), archived: [archived.id] });
  store.purge(shut.id);
  await expectInvariants(subject);
});

test('comments and attachments that were purged leave with a sweep', async () => {
  const { store } = harness.sandbox.context;
  store.purgeComment(world.comments[0]?.id ?? '');
  store.purgeAttachment(world.attachments[3]?.id ?? '');
  expect(await connection.sync('sweep')).toMatchObject({ state: 'succeeded', deleted: '2' });
  await expectInvariants(subject);
});

test('where the listings of comments hold no replies, no reply is taken for gone', async () => {
  const { store } = harness.sandbox.context;
  const root = world.comments[0]?.id ?? '';
  const { containerId } = world.comments[0] ?? { containerId: '' };
  store.addComment({ containerId, parentId: root, body: '<p>A reply.</p>' });
  store.setBehaviour({ commentListingsHoldReplies: false });
  expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
  await expectInvariants(subject);
  expect(await connection.sync('sweep')).toMatchObject({ state: 'succeeded', deleted: '0' });
  await expectInvariants(subject);
});

test('pages, comments and attachments that no feed has shown are taken in by a sweep', async () => {
  const { store } = harness.sandbox.context;
  const spaceId = world.spaces[1]?.id ?? '';
  const long = '2001-01-01T00:00:00.000Z';
  const page = store.addContent({ spaceId, title: 'Imported', body: '<p>old</p>', createdAt: long });
  store.addComment({ containerId: page.id, body: '<p>Said.</p>' });
  store.addContent({ type: 'blogpost', spaceId, title: 'Old news', body: '<p>old</p>', createdAt: long });
  store.addAttachment({
    containerId: world.content.find(({ type }) => type === 'page')?.id ?? '',
    title: 'a.txt',
  });
  expect(await connection.sync('sweep')).toMatchObject({ state: 'succeeded' });
  await expectInvariants(subject);
});

test('a page that moved without a version is found where it is now, by a sweep of both spaces', async () => {
  const { store } = harness.sandbox.context;
  const [one] = leaves();
  const other = world.spaces.find(({ id }) => id !== one?.spaceId)?.id ?? '';
  store.moveContent(one?.id ?? '', { parentId: null, spaceId: other });
  expect(await connection.sync('sweep')).toMatchObject({ state: 'succeeded', deleted: '0' });
  await expectInvariants(subject);
});

test('pages that move between two spaces while both are swept, each by its own listing, stay', async () => {
  const { store, faults, counters } = harness.sandbox.context;
  const { db } = harness.database;
  // A hundred ids further on begins the next lot.
  await sql`select nextval(pg_get_serial_sequence('spaces', 'id')) from generate_series(1, 100)`.execute(db);
  const [first] = three(world.spaces);
  const late = store.addSpace({ id: '999001', key: 'LATE', name: 'Late' }).id;
  store.setSpacePermissions(late, store.space(first.id)?.permissions ?? []);
  const away = store.addContent({ spaceId: late, title: 'Moves away', body: '<p>a</p>' }).id;
  const here = leaves().find(({ spaceId }) => spaceId === first.id)?.id ?? '';
  expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
  counters.reset();
  const lists = '/api/v2/pages\\?space-id';
  faults.add({ match: { path: lists }, after: 1, times: 1, action: { kind: 'barrier', name: 'between' } });
  const runId = await connection.start('sweep');
  await faults.barriers.whenHeld('between');
  store.moveContent(away, { parentId: null, spaceId: first.id });
  store.moveContent(here, { parentId: null, spaceId: late });
  faults.barriers.release('between');
  expect(await connection.ended(runId)).toMatchObject({ state: 'succeeded', deleted: '0' });
  expect(
    counters.log().filter(({ path, query }) => `${path}?${query}`.includes('/pages?space-id')),
  ).toHaveLength(2);
  await expectInvariants(subject);
});

test('what hung below a purged page is asked for at once, and hangs where it is now', async () => {
  const { store } = harness.sandbox.context;
  const parent = world.content.find(({ id }) => store.children(id).length > 0)?.id ?? '';
  store.purge(parent);
  expect(await connection.sync('sweep')).toMatchObject({ state: 'succeeded', deleted: '3' });
  await expectInvariants(subject);
});

test('a space that is archived leaves with all that is in it, and so does one in the trash and one that is gone', async () => {
  const { store } = harness.sandbox.context;
  const { db } = harness.database;
  const [archived, trashed, gone] = three(world.spaces);
  await db.updateTable('connections').set({ settings: '{"deletions":{"askAbovePercent":100}}' }).execute();
  store.changeSpace(archived.id, { status: 'archived' });
  store.changeSpace(trashed.id, { status: 'trashed' });
  store.setSpacePermissions(gone.id, []);
  expect(await connection.sync('sweep')).toMatchObject({ state: 'succeeded' });
  const of = await causes();
  const pagesOf = (id: string) => ids(world.content.filter(({ spaceId }) => spaceId === id)).sort();
  expect(of['space_archived']).toEqual(pagesOf(archived.id));
  expect(of['space_gone']).toEqual([...pagesOf(trashed.id), ...pagesOf(gone.id)].sort());
  const left = await db.selectFrom('spaces').select('external_id').execute();
  expect(left.map((one) => one.external_id).sort()).toEqual(ids(world.spaces.slice(3)).sort());
  store.changeSpace(gone.id, { status: 'trashed' });
  await expectInvariants(subject);
});

test('a folder that is gone leaves when nothing hangs below it any more', async () => {
  const { store } = harness.sandbox.context;
  const spaceId = world.spaces[0]?.id ?? '';
  const folder = store.addContent({ type: 'folder', spaceId, title: 'Shelf' }).id;
  const page = store.addContent({ spaceId, parentId: folder, title: 'On the shelf', body: '<p>x</p>' }).id;
  expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
  expect((await current()).get('folder')).toEqual(new Set([folder]));
  store.moveContent(page, { parentId: null });
  store.purge(folder);
  // Nothing lists folders: the permission sync meets its absence, the sweep weighs it.
  await harness.database.db
    .insertInto('permission_due')
    .values({ connection_id: connection.connectionId, kind: 'content', source_id: folder })
    .execute();
  await connection.sync('permissions');
  expect(await connection.sync('sweep')).toMatchObject({ state: 'succeeded', deleted: '1' });
  await expectInvariants(subject);
});

test('a page comes back from the trash with what was said about it and attached to it', async () => {
  const { store } = harness.sandbox.context;
  const [leaf] = leaves();
  store.trash(leaf?.id ?? '');
  expect(await connection.sync('incremental')).toMatchObject({ deleted: '3' });
  store.restore(leaf?.id ?? '');
  expect(await connection.sync('sweep')).toMatchObject({ state: 'succeeded', deleted: '0' });
  await expectInvariants(subject);
});
