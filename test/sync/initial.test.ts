import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { generateWorld } from '../../sandbox/world/generate.ts';
import { createSyncHarness, recordIds, type SyncHarness } from './harness.ts';

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: generateWorld({ seed: 3, spaces: 3, pagesPerSpace: 30 }) });
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

test('an incremental run without news costs at most 8 requests and 80 points', async () => {
  harness.sandbox.context.counters.reset();
  const run = await harness.sync('incremental');
  expect(run).toMatchObject({ state: 'succeeded', seen: '0' });
  const { total, routes } = harness.sandbox.context.counters.view();
  expect({ routes, within: total.requests <= 8 && total.points <= 80 }).toMatchObject({ within: true });
});
