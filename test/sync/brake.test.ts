import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { generateWorld } from '../../sandbox/world/generate.ts';
import { findBrake, settleBrake } from '../../store/brakes.ts';
import { createSyncHarness, recordIds, type HarnessConnection, type SyncHarness } from './harness.ts';
import { expectInvariants, expectSafe, type Subject } from './invariants.ts';

const world = generateWorld({ seed: 63, spaces: 5, pagesPerSpace: 25, commentsPerPage: 1, bodyBytes: 100 });

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
afterEach(() => harness.database.db.deleteFrom('connections').execute());

const pages = async () =>
  (await recordIds({ ...harness, connectionId: connection.connectionId })).get('page') ?? new Set();
const brakes = () =>
  harness.database.db
    .selectFrom('deletion_brakes')
    .selectAll()
    .where('connection_id', '=', connection.connectionId)
    .orderBy('asked_at')
    .execute();
const notices = () =>
  harness.database.db
    .selectFrom('notices')
    .select(['code', 'subject', 'ended_at'])
    .where('connection_id', '=', connection.connectionId)
    .where('code', '=', 'mass_deletion')
    .execute();
const status = () =>
  harness.database.db
    .selectFrom('connections')
    .select(['status', 'status_cause'])
    .where('id', '=', connection.connectionId)
    .executeTakeFirstOrThrow();

/** Pages of a space below which nothing hangs, so that purging them moves nothing. */
function leavesOf(space: number): string[] {
  const { store } = harness.sandbox.context;
  return world.content
    .filter((one) => one.type === 'page' && one.spaceId === world.spaces[space]?.id)
    .filter(({ id }) => store.children(id).length === 0)
    .map(({ id }) => id);
}

/** As the service does it when an administrator has decided. */
async function decide(state: 'confirmed' | 'kept'): Promise<void> {
  const { db } = harness.database;
  const [{ id } = { id: '' }] = await brakes();
  await db.transaction().execute(async (trx) => {
    const brake = await findBrake(trx, connection.connectionId, id);
    if (brake !== undefined) await settleBrake(trx, brake, state, null);
  });
}

/** Ten of 25 pages, with a comment and an attachment each: 40 % of the space, 8 % of the connection. */
async function purgeMuch(): Promise<{ held: string[]; free: string }> {
  const { store } = harness.sandbox.context;
  const held = leavesOf(1).slice(0, 10);
  const [free = ''] = leavesOf(2);
  for (const id of [...held, free]) store.purge(id);
  return { held, free };
}

test('40 % of a space are hidden and asked about, while other spaces lose what is gone there', async () => {
  const { held, free } = await purgeMuch();
  const run = await connection.sync('sweep');
  expect(run).toMatchObject({ state: 'succeeded', deleted: '3' });
  expect(run.changes).toMatchObject({ removed: 3, hidden: 30 });
  const stored = await pages();
  expect([stored.has(free), held.every((id) => stored.has(id))]).toEqual([false, true]);
  const [brake, ...others] = await brakes();
  expect(others).toEqual([]);
  expect(brake).toMatchObject({
    scope: world.spaces[1]?.id,
    name: world.spaces[1]?.name,
    found: '30',
    total: '75',
    causes: { not_shown: 10, container_gone: 20 },
    state: 'asked',
  });
  expect(brake?.sample).toHaveLength(20);
  expect(brake?.sample.slice(0, 10).map(({ externalId }) => externalId)).toEqual(held);
  expect(await status()).toEqual({ status: 'attention', status_cause: 'mass_deletion' });
  expect(await notices()).toEqual([{ code: 'mass_deletion', subject: world.spaces[1]?.id, ended_at: null }]);
  const hidden = await harness.database.db
    .selectFrom('records')
    .select('acl_id')
    .where('external_id', 'in', held)
    .execute();
  expect(hidden.every(({ acl_id: acl }) => acl === null)).toBe(true);
  await expectSafe(subject);
});

test('nobody is asked twice about the same, by whatever runs', async () => {
  await purgeMuch();
  for (const kind of ['sweep', 'sweep', 'incremental', 'full'] as const) await connection.sync(kind);
  expect(await brakes()).toHaveLength(1);
  await expectSafe(subject);
});

test('what was confirmed is removed by the next run, and the connection is active again', async () => {
  const { held } = await purgeMuch();
  await connection.sync('sweep');
  await decide('confirmed');
  expect(await status()).toEqual({ status: 'active', status_cause: null });
  expect(await connection.sync('incremental')).toMatchObject({ state: 'succeeded', deleted: '30' });
  const stored = await pages();
  expect(held.some((id) => stored.has(id))).toBe(false);
  expect((await notices()).every(({ ended_at: at }) => at !== null)).toBe(true);
  await expectInvariants(subject);
});

test('what came back before it was removed stays, although its removal was confirmed', async () => {
  const { store } = harness.sandbox.context;
  const held = leavesOf(1).slice(0, 10);
  for (const id of held) store.trash(id);
  expect(await connection.sync('incremental')).toMatchObject({ deleted: '0' });
  await decide('confirmed');
  for (const id of held.slice(0, 4)) store.restore(id);
  expect(await connection.sync('incremental')).toMatchObject({ state: 'succeeded', deleted: '18' });
  await expectInvariants(subject);
});

test('what is kept stays hidden and is not asked about again, until it shows up', async () => {
  const { store } = harness.sandbox.context;
  const held = leavesOf(1).slice(0, 10);
  for (const id of held) store.trash(id);
  await connection.sync('sweep');
  await decide('kept');
  expect(await status()).toEqual({ status: 'active', status_cause: null });
  for (const kind of ['sweep', 'full', 'incremental'] as const)
    expect(await connection.sync(kind)).toMatchObject({ state: 'succeeded', deleted: '0' });
  expect((await brakes()).map(({ state }) => state)).toEqual(['kept']);
  for (const id of held) store.restore(id);
  expect(await connection.sync('sweep')).toMatchObject({ state: 'succeeded', deleted: '0' });
  await expectInvariants(subject);
});

test('what shows up again releases the brake by itself', async () => {
  const { store } = harness.sandbox.context;
  const spaceId = world.spaces[1]?.id ?? '';
  const before = store.space(spaceId)?.permissions ?? [];
  store.setSpacePermissions(spaceId, []);
  expect(await connection.sync('sweep')).toMatchObject({ deleted: '0' });
  expect((await brakes()).map(({ scope, state }) => [scope, state])).toEqual([[spaceId, 'asked']]);
  store.setSpacePermissions(spaceId, before);
  expect(await connection.sync('sweep')).toMatchObject({ state: 'succeeded', deleted: '0' });
  expect((await brakes()).map(({ state }) => state)).toEqual(['released']);
  expect(await status()).toEqual({ status: 'active', status_cause: null });
  await expectInvariants(subject);
});

test('an archived space is no surprise in that space, and needs nobody as long as it is a small part of the whole', async () => {
  const { store } = harness.sandbox.context;
  store.changeSpace(world.spaces[1]?.id ?? '', { status: 'archived' });
  expect(await connection.sync('sweep')).toMatchObject({ state: 'succeeded', deleted: '75' });
  expect(await brakes()).toEqual([]);
  await expectInvariants(subject);
});

test('the share that is asked about is the settings', async () => {
  await harness.database.db
    .updateTable('connections')
    .set({ settings: '{"deletions":{"askAbovePercent":50}}' })
    .execute();
  await purgeMuch();
  expect(await connection.sync('sweep')).toMatchObject({ state: 'succeeded', deleted: '33' });
  await expectInvariants(subject);
});
