import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createSmallWorld } from '../../sandbox/world/small.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: createSmallWorld() });
});
afterAll(() => harness.close());

test('a permission sync is a run of its own kind', async () => {
  await harness.sync();
  expect(await harness.sync('permissions')).toMatchObject({
    kind: 'permissions',
    state: 'succeeded',
    indexed: '0',
  });
});
