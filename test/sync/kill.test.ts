import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { LoggedRequest } from '../../sandbox/counters.ts';
import { generateWorld } from '../../sandbox/world/generate.ts';
import { withCrawlers, type Crawler } from './crawlers.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { expectNoLeaks, expectSound } from './invariants.ts';
import { startWorkerProcess } from './worker-process.ts';

/** Each kill is noticed by a heartbeat that is missing for 15 s: few kills, and many syncs that each strikes. */
const sideBySide = 10;
const kills = 2;

const { world, crawlers } = withCrawlers(
  generateWorld({ seed: 8, spaces: 3, pagesPerSpace: 120, commentsPerPage: 3, bodyBytes: 400 }),
  sideBySide + 1,
);
// Many small answers: many points to be killed at.
world.behaviour.contentSearchLimit = 25;

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({
    world,
    sandbox: { logLength: 100_000 },
    worker: false,
    ownNamespace: true,
  });
});
afterAll(() => harness.close());

/** Listings that go on from a checkpoint, by what tells their batches apart. */
const listings =
  /\/api\/v2\/(pages|blogposts|footer-comments|inline-comments|attachments)$|\/content\/search$/;

/**
 * How often a batch was asked for again, for each listing of one crawler. Feeds of changes begin anew by design: they
 * are asked newest first.
 */
function repeated(log: readonly LoggedRequest[], { accountId }: Crawler): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { path, query, accountId: by } of log) {
    if (by !== accountId || !listings.test(path) || query.includes('sort=-')) continue;
    counts.set(`${path}?${query}`, (counts.get(`${path}?${query}`) ?? 0) + 1);
  }
  const again = new Map<string, number>();
  for (const [request, count] of counts) {
    const listing = request.replace(/[?&]cursor=[^&]*/, '');
    again.set(listing, (again.get(listing) ?? 0) + count - 1);
  }
  return again;
}

test('a worker killed at twenty points of its syncs loses nothing, doubles nothing and hardly asks twice', async () => {
  const { counters, faults } = harness.sandbox.context;
  const output: string[][] = [];
  const start = async () => {
    const worker = await startWorkerProcess(harness);
    output.push(worker.output);
    return worker;
  };
  const connect = (crawler: Crawler) => harness.connect({ world, token: crawler.token });
  const [first, ...others] = crawlers as [Crawler, ...Crawler[]];
  let worker = await start();
  expect(await (await connect(first)).sync()).toMatchObject({ state: 'succeeded' });
  const requests = counters.log().filter(({ accountId }) => accountId === first.accountId).length;
  expect(repeated(counters.log(), first)).toEqual(
    new Map([...repeated(counters.log(), first).keys()].map((key) => [key, 0])),
  );

  const connections: HarnessConnection[] = [];
  for (const crawler of others) connections.push(await connect(crawler));
  // Twenty different points: each kill strikes each sync at a request of its own, spread over the whole run.
  const struck = Array.from({ length: kills }, (_kill, kill) =>
    others.map(({ accountId }, number) => {
      const name = `kill ${kill} of ${number}`;
      const after =
        Math.floor(((requests - 1) * (kill * sideBySide + number + 1)) / (kills * sideBySide)) - 1;
      faults.add({ match: { accountId }, after, times: 1, action: { kind: 'barrier', name } });
      return faults.barriers.whenHeld(name);
    }),
  );
  const runs = await Promise.all(connections.map((connection) => connection.start()));
  for (const points of struck) {
    await Promise.all(points);
    await worker.kill();
    faults.barriers.releaseAll();
    worker = await start();
  }
  for (const [number, connection] of connections.entries()) {
    const runId = runs[number] ?? '';
    expect(await connection.ended(runId)).toMatchObject({ state: 'succeeded', deleted: '0' });
    await expectSound({ harness, connectionId: connection.connectionId });
  }
  await expectNoLeaks(harness, output.flat());
  await worker.stop();
  // One batch is being stored, one converted and one asked for when the worker is killed: never more.
  for (const crawler of others) {
    for (const [listing, again] of repeated(counters.log(), crawler)) {
      expect({ listing, again, most: 3 * kills, ok: again <= 3 * kills }).toMatchObject({ ok: true });
    }
  }
}, 400_000);

test('a sync that is started twice at once runs once', async () => {
  const { counters } = harness.sandbox.context;
  const { db } = harness.database;
  const crawler = crawlers[0] as Crawler;
  const connection = await harness.connect({ world, token: crawler.token });
  const { connectionId } = connection;
  const { id: runId } = await db
    .insertInto('sync_runs')
    .values({ connection_id: connectionId, kind: 'full' })
    .returning('id')
    .executeTakeFirstOrThrow();
  counters.reset();
  const workers = await Promise.all([startWorkerProcess(harness), startWorkerProcess(harness)]);
  const run = { runId, connectionId, kind: 'full' } as const;
  await Promise.all([
    harness.engine.startRun(run),
    harness.engine.startRun(run),
    harness.engine.startRun(run),
  ]);
  // A second run of the same connection is refused by the database itself.
  await expect(connection.start()).rejects.toThrow(/unique/);
  expect(await connection.ended(runId)).toMatchObject({ state: 'succeeded' });
  await expectSound({ harness, connectionId });
  expect([...repeated(counters.log(), crawler).values()].filter((again) => again > 0)).toEqual([]);
  await Promise.all(workers.map((worker) => worker.stop()));
}, 60_000);
