import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { generateWorld } from '../../sandbox/world/generate.ts';
import { noteVanished } from '../../store/vanished.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { expectSafe } from './invariants.ts';

jest.setTimeout(120_000);

const world = generateWorld({ seed: 48, spaces: 2, pagesPerSpace: 1_200, commentsPerPage: 0, bodyBytes: 20 });
const [, large] = world.spaces;
const pages = world.content
  .filter(({ spaceId, type }) => spaceId === large?.id && type === 'page')
  .sort((one, other) => Number(one.id) - Number(other.id));
// What is listed first is too new for the search index, as much of it as is named at a time.
const lately = new Date(Date.now() - 30 * 60_000).toISOString();
for (const page of pages.slice(0, 1_000))
  Object.assign(page, { createdAt: lately, version: { ...page.version, createdAt: lately } });

let harness: SyncHarness;
let connection: HarnessConnection;
beforeAll(async () => {
  harness = await createSyncHarness({ world });
  const site = harness.sandbox.context.store;
  const id = large?.id ?? '';
  const before = site.space(id)?.permissions ?? [];
  site.setSpacePermissions(id, []);
  connection = await harness.connect({ world });
  await connection.sync();
  site.setSpacePermissions(id, before);
});
afterAll(() => harness.close());

const shownPages = () =>
  harness.database.db
    .selectFrom('records')
    .innerJoin('spaces', 'spaces.id', 'records.space_id')
    .select((eb) => [
      eb.fn.count<string>('records.id').filterWhere('records.acl_id', 'is', null).as('hidden'),
      eb.fn.count<string>('records.id').filterWhere('records.acl_id', 'is not', null).as('shown'),
    ])
    .where('spaces.external_id', '=', large?.id ?? '')
    .where('records.kind', '=', 'page')
    .executeTakeFirstOrThrow();

test('a large space that comes is shown whole by the run that it came with, whatever the search index holds', async () => {
  harness.sandbox.context.options.searchLagSeconds = 3_600;
  expect(await connection.sync('incremental')).toMatchObject({ state: 'succeeded', failed: '0' });
  harness.sandbox.context.options.searchLagSeconds = 0;
  expect(await shownPages()).toEqual({ hidden: '0', shown: String(pages.length) });
  await expectSafe({ harness, connectionId: connection.connectionId });
});

test('what shows again is settled once, however much it is', async () => {
  const { db } = harness.database;
  const { connectionId } = connection;
  // Of a page that does not show again each settling says that nobody sees it.
  const site = harness.sandbox.context.store;
  const shut = pages.find(({ id }) => site.children(id).length === 0)?.id ?? '';
  const left = pages.find(({ id }) => id !== shut)?.id ?? '';
  site.setRestriction(shut, 'read', { users: ['somebody-else'], groups: [] });
  // One page is left, or the space would count as one that came back and be read whole.
  const vanished = pages
    .filter(({ id }) => id !== left)
    .map(({ id }) => ({ externalId: id, evidence: 'unanswered' as const }));
  await noteVanished(db, { connectionId, runId: null }, vanished, new Date());
  const run = await connection.sync('incremental');
  expect(run).toMatchObject({ state: 'succeeded', deleted: '0' });
  expect(await shownPages()).toMatchObject({ hidden: '1' });
  const settlings = await db
    .selectFrom('sync_log')
    .select('message')
    .where('run_id', '=', run.id)
    .where('message', 'like', '%are hidden from everybody%')
    .execute();
  // After what changed, and after what showed again.
  expect(settlings).toHaveLength(2);
});
