import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import type { Connection } from '../../store/schema.ts';
import { arrival } from './arrivals.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { createWantedSite, SITE } from './wanted-site.ts';
import { expectWanted, indexedIds, set, statesOf } from './wanted.ts';

jest.setTimeout(120_000);

/** Beside the site's two spaces forty that nobody asks for. */
const world = createWantedSite((made) => {
  const [one] = made.spaces;
  for (let n = 0; n < 40; n += 1)
    made.spaces.push({ ...one!, id: String(1100 + n), key: `MORE${n}`, homepageId: null });
});
let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: structuredClone(world), sandbox: { logLength: 100_000 } });
});
afterAll(() => harness.close());
afterEach(() => harness.database.db.deleteFrom('connections').execute());

const keys = (...values: string[]): Connection['settings'] => ({
  filters: { spaceKeys: { operator: 'in', values } },
});

async function read(settings: Connection['settings']): Promise<HarnessConnection> {
  const connection = await harness.connect({ world, settings });
  harness.sandbox.context.counters.reset();
  expect(await connection.sync()).toMatchObject({ state: 'succeeded', failed: '0' });
  return connection;
}

/** Each listing of spaces that was asked for, by what it named. */
const listings = () =>
  harness.sandbox.context.counters
    .log()
    .filter(({ path }) => path.endsWith('/api/v2/spaces'))
    .map(({ query }) => new URLSearchParams(query))
    .map((query) => [...query.getAll('keys'), ...query.getAll('ids').map((id) => `#${id}`)].join(' '));

test('where few spaces are named, only these are asked for, by every run', async () => {
  const connection = await read(keys('TWO', 'ONE'));
  expect(listings()).toEqual(['TWO ONE']);
  await expectWanted(harness, connection);
  for (const kind of ['incremental', 'sweep'] as const) {
    harness.sandbox.context.counters.reset();
    expect(await connection.sync(kind)).toMatchObject({ state: 'succeeded' });
    expect(listings()).toEqual(['TWO ONE']);
  }
  const { requests, points } = await arrival(harness, connection);
  expect({ requests, points, within: requests <= 8 && points <= 80 }).toMatchObject({ within: true });
});

test('a space that the filter leaves out goes with all that is in it, and nobody is asked', async () => {
  const connection = await read({});
  await set(harness, connection, keys('TWO'));
  const { run } = await arrival(harness, connection);
  expect(Number(run.deleted)).toBeGreaterThan(20);
  await expectWanted(harness, connection);
  const rows = await statesOf(harness, connection.connectionId);
  expect(rows.map(({ id }) => id)).toEqual([SITE.two, '75000', '85000', 'att95000']);
  expect(await harness.database.db.selectFrom('deletion_brakes').select('id').execute()).toEqual([]);
});

test('a space that the filter takes in is there after the next incremental run', async () => {
  const connection = await read(keys('TWO'));
  await set(harness, connection, keys('TWO', 'ONE'));
  await arrival(harness, connection);
  await expectWanted(harness, connection);
  expect((await indexedIds(harness, connection.connectionId, 'page')).length).toBeGreaterThan(10);
});

test('keys are told apart by their case, and one that the site does not know takes in nothing', async () => {
  const connection = await read(keys('one', 'NONE'));
  expect(await statesOf(harness, connection.connectionId)).toEqual([]);
  await arrival(harness, connection);
  // What content is met in is asked for once by id.
  expect(listings().filter((one) => !one.startsWith('#'))).toEqual(['one NONE', 'one NONE']);
});

test('spaces that are left out by a Not In are not listed', async () => {
  const connection = await read({ filters: { spaceKeys: { operator: 'not_in', values: ['ONE'] } } });
  await expectWanted(harness, connection);
  expect(await indexedIds(harness, connection.connectionId, 'page')).toEqual([SITE.two]);
});
