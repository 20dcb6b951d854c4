import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { generateWorld, GENERATED_ADMIN } from '../../sandbox/world/generate.ts';
import type { Actor } from '../../server/actor.ts';
import { createTestServer, type TestServer } from '../server.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { expectInvariants } from './invariants.ts';

/** A few large spaces, and many small ones with folders of people and restrictions. */
const worlds = {
  large: generateWorld({ seed: 5, spaces: 3, pagesPerSpace: 400, people: 40, bodyBytes: 300 }),
  scattered: generateWorld({
    seed: 6,
    spaces: 30,
    pagesPerSpace: 20,
    people: 80,
    groups: 12,
    commentsPerPage: 3,
    attachmentsPerPage: 2,
    restrictedEvery: 4,
    bodyBytes: 300,
  }),
};

let harness: SyncHarness;
let server: TestServer;
let ines: Actor;
beforeAll(async () => {
  harness = await createSyncHarness({ world: worlds.large });
  server = await createTestServer({
    database: harness.database,
    gatewayUrl: harness.sandbox.url,
    key: harness.key,
  });
  ines = await server.person('ines@example.com', 'administrator');
});
afterAll(async () => {
  await server.close();
  await harness.close();
});
afterEach(async () => {
  await harness.database.db.deleteFrom('connections').execute();
});

const counters = () => harness.sandbox.context.counters;

/** How far off a forecast is: 0.25 is a quarter. */
const off = (told: number | null, is: number) => Math.abs((told ?? 0) - is) / is;

test.each(['large', 'scattered'] as const)(
  'before the first sync of a site (%s) its cost is told within a quarter, and afterwards more exactly',
  async (name) => {
    const world = worlds[name];
    harness.sandbox.context.store.replace(world);
    const connection = await harness.connect({ world, oauth: { accountId: GENERATED_ADMIN.accountId } });
    const { connectionId } = connection;
    counters().reset();
    const before = await server.services.forecast.forecast(ines, connectionId, 'full');
    // A handful: the counts, the spaces, the groups.
    expect(counters().view().total.requests).toBeLessThanOrEqual(8);
    expect(before).toMatchObject({ basis: 'counted', obstacle: null });
    counters().reset();
    await server.services.forecast.forecast(ines, connectionId, 'full');
    expect(counters().view().total.requests).toBe(0);

    const run = await connection.sync();
    expect(run.state).toBe('succeeded');
    // What it spent, to its last request; points by our reckoning, which counts each principal of a restriction.
    expect(Number(run.requests)).toBe(counters().view().total.requests);
    const [requests, points] = [Number(run.requests), Number(run.points)];
    const told = { requests: before.requests, points: before.points };
    expect({ told, is: { requests, points }, off: off(told.requests, requests) < 0.25 }).toMatchObject({
      off: true,
    });
    expect({ told, is: { requests, points }, off: off(told.points, points) < 0.25 }).toMatchObject({
      off: true,
    });

    const after = await server.services.forecast.forecast(ines, connectionId, 'full');
    expect(after).toMatchObject({ basis: 'past_runs', runs: 1 });
    const again = await connection.sync();
    expect(again).toMatchObject({ state: 'succeeded' });
    expect(off(after.requests, Number(again.requests))).toBeLessThan(0.1);
    expect(off(after.points, Number(again.points))).toBeLessThan(0.1);
    expect(after.quota).toMatchObject({ limit: 65_000, used: expect.any(Number), sharing: 1 });
    await expectInvariants({ harness, connectionId });
  },
  120_000,
);

test('what cannot be started says why, and who is no administrator learns nothing', async () => {
  harness.sandbox.context.store.replace(worlds.large);
  const connection = await harness.connect({ world: worlds.large });
  const { connectionId } = connection;
  const { items, quota } = await server.services.forecast.all(ines, connectionId);
  const obstacles = Object.fromEntries(items.map(({ kind, obstacle }) => [kind, obstacle]));
  expect(obstacles).toMatchObject({ full: null, incremental: 'A full sync must succeed first.' });
  expect(quota).toBeNull();
  const max = await server.person('max@example.com', 'member');
  await expect(server.services.forecast.all(max, connectionId)).rejects.toMatchObject({
    code: 'administrators_only',
  });
});

test('a site that does not answer is not foretold, and the page can still be looked at', async () => {
  harness.sandbox.context.store.replace(worlds.large);
  const connection = await harness.connect({ world: worlds.large });
  harness.sandbox.context.faults.add({ action: { kind: 'status', status: 403 } });
  const told = await server.services.forecast.forecast(ines, connection.connectionId, 'full');
  harness.sandbox.context.faults.clear();
  expect(told).toMatchObject({ requests: null, points: null, minutes: null, basis: 'unknown' });
});

test('what is not asked for is not forecast', async () => {
  harness.sandbox.context.store.replace(worlds.large);
  const connection = await harness.connect({
    world: worlds.large,
    oauth: { accountId: GENERATED_ADMIN.accountId },
    settings: {
      indexing: {
        pageComments: false,
        blogpostComments: false,
        pageAttachments: false,
        blogpostAttachments: false,
      },
    },
  });
  const { connectionId } = connection;
  const told = await server.services.forecast.forecast(ines, connectionId, 'full');
  const run = await connection.sync();
  expect(run.state).toBe('succeeded');
  expect({
    // A handful of requests that find nothing are told all the same.
    requests: (told.requests ?? 0) - Number(run.requests) <= 12,
    points: off(told.points, Number(run.points)) < 0.25,
  }).toEqual({ requests: true, points: true });
});

test.each(['in', 'not_in'] as const)(
  'a first sync of some spaces is foretold by these (%s)',
  async (operator) => {
    harness.sandbox.context.store.replace(worlds.large);
    const keys = worlds.large.spaces.map(({ key }) => key);
    const values = operator === 'in' ? keys.slice(0, 2) : keys.slice(2);
    const connection = await harness.connect({
      world: worlds.large,
      oauth: { accountId: GENERATED_ADMIN.accountId },
      settings: { filters: { spaceKeys: { operator, values } } },
    });
    const told = await server.services.forecast.forecast(ines, connection.connectionId, 'full');
    const run = await connection.sync();
    expect(run.state).toBe('succeeded');
    expect(off(told.points, Number(run.points))).toBeLessThan(0.25);
    const { n } = await harness.database.db
      .selectFrom('records')
      .select((select) => select.fn.countAll<string>().as('n'))
      .where('connection_id', '=', connection.connectionId)
      .where('kind', 'in', ['page', 'blogpost'])
      .executeTakeFirstOrThrow();
    expect(told.pages).toBe(Number(n));
  },
);
