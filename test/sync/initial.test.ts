import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { generateWorld, GENERATED_ADMIN } from '../../sandbox/world/generate.ts';
import { createSyncHarness, recordIds, type SyncHarness } from './harness.ts';

let harness: SyncHarness;
beforeAll(async () => {
  const world = generateWorld({ seed: 3, spaces: 3, pagesPerSpace: 30 });
  // Somebody who has left every group, and whose pages stayed.
  const leaver = world.people.find((one) => one.accountId !== GENERATED_ADMIN.accountId)?.accountId ?? '';
  for (const group of world.groups) group.members = group.members.filter((id) => id !== leaver);
  for (const one of world.content.slice(0, 5)) one.authorId = leaver;
  harness = await createSyncHarness({ world });
});
afterAll(() => harness.close());

test('a first sync brings in everything, and its counters balance', async () => {
  const run = await harness.sync();
  const log = await harness.database.db.selectFrom('sync_log').select('message').execute();
  expect([run.state, run.message, ...log.map((line) => line.message)]).toEqual(['succeeded', null]);
  const { store } = harness.sandbox.context;
  const world = store.snapshot();
  const ids = await recordIds(harness);
  expect(ids.get('page')).toEqual(
    new Set(world.content.filter((one) => one.type === 'page').map((one) => one.id)),
  );
  expect(ids.get('comment')).toEqual(new Set(world.comments.map((one) => one.id)));
  expect(ids.get('attachment')).toEqual(new Set(world.attachments.map((one) => one.id)));
  const sum = ['indexed', 'unchanged', 'filtered', 'failed'] as const;
  expect(Number(run.seen)).toBe(sum.reduce((total, name) => total + Number(run[name]), 0));
});

test('every author has a name, whoever they are', async () => {
  const { db } = harness.database;
  const nameless = await db
    .selectFrom('records as r')
    .leftJoin('atlassian_accounts as a', (join) =>
      join.onRef('a.connection_id', '=', 'r.connection_id').onRef('a.account_id', '=', 'r.author_id'),
    )
    .select('r.author_id')
    .where('r.author_id', 'is not', null)
    .where('r.kind', '=', 'page')
    .where((eb) => eb.or([eb('a.display_name', 'is', null), eb('a.display_name', '=', '')]))
    .execute();
  expect(nameless).toEqual([]);
});

test('an incremental run without news costs at most 8 requests and 80 points', async () => {
  harness.sandbox.context.counters.reset();
  const run = await harness.sync('incremental');
  expect(run).toMatchObject({ state: 'succeeded', seen: '0' });
  const { total, routes } = harness.sandbox.context.counters.view();
  expect({ routes, within: total.requests <= 8 && total.points <= 80 }).toMatchObject({ within: true });
});
