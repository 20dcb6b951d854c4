import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { generateWorld } from '../../sandbox/world/generate.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { expectInvariants, expectSafe } from './invariants.ts';

/** Half of the records are in personal spaces; each space holds 60. */
const world = generateWorld({ seed: 67, spaces: 4, pagesPerSpace: 20, commentsPerPage: 1, bodyBytes: 100 });
for (const space of world.spaces.slice(0, 2)) space.type = 'personal';

let harness: SyncHarness;
let connection: HarnessConnection;
beforeAll(async () => {
  harness = await createSyncHarness({ world });
});
afterAll(() => harness.close());
beforeEach(async () => {
  harness.sandbox.context.store.replace(structuredClone(world));
  connection = await harness.connect({ world });
  await connection.sync();
});
afterEach(() => harness.database.db.deleteFrom('connections').execute());

const site = () => harness.sandbox.context.store;
const leaveOutPersonal = () =>
  harness.database.db
    .updateTable('connections')
    .set({ settings: '{"scope":{"personalSpaces":false}}' })
    .execute();
const brakes = () =>
  harness.database.db
    .selectFrom('deletion_brakes')
    .select(['scope', 'state', 'found', 'total', 'causes'])
    .execute();
const removedAs = async () => [
  ...new Set(
    (await harness.database.db.selectFrom('removals').select(['kind', 'cause']).execute()).map(
      ({ kind, cause }) => `${kind} ${cause}`,
    ),
  ),
];
const subject = () => ({ harness, connectionId: connection.connectionId });

test.each(['incremental', 'sweep', 'full'] as const)(
  'what an administrator left out goes with the next run (%s), and nobody is asked',
  async (kind) => {
    await leaveOutPersonal();
    expect(await connection.sync(kind)).toMatchObject({ state: 'succeeded', deleted: '120' });
    expect(await brakes()).toEqual([]);
    expect((await removedAs()).sort()).toEqual([
      'attachment container_gone',
      'comment container_gone',
      'page out_of_scope',
    ]);
    await expectInvariants(subject());
  },
);

test('what is left out goes while somebody is asked about the rest, and makes the share of the rest no smaller', async () => {
  // 60 of the 120 that are left: half of these, a quarter of all.
  const [gone] = world.spaces.slice(2);
  for (const { id, spaceId } of world.content) if (spaceId === gone?.id) site().trash(id);
  await leaveOutPersonal();
  expect(await connection.sync('incremental')).toMatchObject({ state: 'succeeded', deleted: '120' });
  expect(await brakes()).toMatchObject([{ scope: 'connection', state: 'asked', found: '60', total: '120' }]);
  await expectSafe(subject());
});

test('spaces that the site itself has archived count for the connection, and the question says so', async () => {
  for (const { id } of world.spaces.slice(2)) site().changeSpace(id, { status: 'archived' });
  expect(await connection.sync('incremental')).toMatchObject({ state: 'succeeded', deleted: '0' });
  expect(await brakes()).toMatchObject([
    { scope: 'connection', found: '120', total: '240', causes: { space_archived: 40, container_gone: 80 } },
  ]);
  const { status_message: told } = await harness.database.db
    .selectFrom('connections')
    .select('status_message')
    .executeTakeFirstOrThrow();
  expect(told).toContain(
    '40 in archived spaces, 80 comments and attachments of pages and posts that are gone.',
  );
  await expectSafe(subject());
});
