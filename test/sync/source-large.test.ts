import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { generateWorld } from '../../sandbox/world/generate.ts';
import { asked } from './asked.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { expectWanted, indexedIds, set, wantedIn } from './wanted.ts';

jest.setTimeout(120_000);

const world = generateWorld({
  seed: 62,
  spaces: 1,
  pagesPerSpace: 2_000,
  bodyBytes: 300,
  restrictedEvery: 40,
});
const [space] = world.spaces;
const children = world.content.filter(({ parentId }) => parentId === space?.homepageId);
const settings = (id: string | undefined) => ({
  filters: { pageIds: { operator: 'in' as const, values: [id ?? ''] } },
});
const pagesOf = (id: string | undefined) => {
  const wanted = wantedIn(world, settings(id));
  return world.content.filter((one) => one.type === 'page' && wanted.has(one.id)).length;
};
/** A branch with many pages below it, and no more than half of all. */
const branch = children
  .toSorted((one, other) => pagesOf(other.id) - pagesOf(one.id))
  .find(({ id }) => pagesOf(id) < 1_000);

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: structuredClone(world), sandbox: { logLength: 100_000 } });
});
afterAll(() => harness.close());

test('of a space of 2,000 pages the bodies of one branch alone are read, 250 a request', async () => {
  const wanted = pagesOf(branch?.id);
  expect(wanted).toBeGreaterThan(50);
  const connection = await harness.connect({ world, settings: settings(branch?.id) });
  harness.sandbox.context.counters.reset();
  expect(await connection.sync()).toMatchObject({ state: 'succeeded', failed: '0' });
  const { pages, ...of } = asked(harness);
  expect(of['bodies of pages']).toBeUndefined();
  expect(of['bodies of pages by id']).toEqual({ requests: Math.ceil(wanted / 250), objects: wanted });
  expect(pages?.objects).toBeGreaterThanOrEqual(2_000);
  expect(await indexedIds(harness, connection.connectionId, 'page')).toHaveLength(wanted);
  await expectWanted(harness, connection);
  // The rest, once it is wanted, and no body twice.
  await set(harness, connection, {});
  harness.sandbox.context.counters.reset();
  expect(await connection.sync('incremental')).toMatchObject({ state: 'succeeded', failed: '0' });
  const all = world.content.filter(({ type }) => type === 'page').length;
  const rest = asked(harness)['bodies of pages by id'];
  // The feed's first batch may hold some of them.
  expect({ ...rest, most: (rest?.objects ?? 0) <= all - wanted }).toMatchObject({
    requests: Math.ceil((all - wanted) / 250),
    most: true,
  });
  await expectWanted(harness, connection);
});
