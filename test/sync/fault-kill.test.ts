import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { generateWorld } from '../../sandbox/world/generate.ts';
import { withCrawlers, type Crawler } from './crawlers.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { expectNoLeaks, expectSound } from './invariants.ts';
import { startWorkerProcess } from './worker-process.ts';

/** Each kill is noticed by a heartbeat that is missing for 15 s: few kills, and many sweeps that each strikes. */
const sideBySide = 8;
const kills = 2;

const { world, crawlers } = withCrawlers(
  generateWorld({ seed: 14, spaces: 3, pagesPerSpace: 40, commentsPerPage: 2, bodyBytes: 300 }),
  sideBySide + 1,
);

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

/** Some pages are purged, some go to the trash and the archive, and what is said about others is deleted. */
function removeSome(): void {
  const { store } = harness.sandbox.context;
  const pages = world.content
    .map(({ id }) => id)
    .filter((id) => store.content(id)?.status === 'current' && store.children(id).length === 0);
  for (const id of pages.slice(0, 4)) store.purge(id);
  for (const id of pages.slice(4, 6)) store.trash(id);
  for (const id of pages.slice(6, 8)) store.archive(id);
  for (const id of pages.slice(8, 12)) {
    for (const comment of store.commentsOf(id).slice(0, 1)) store.purgeComment(comment.id);
    for (const file of store.attachmentsOf(id)) store.purgeAttachment(file.id);
  }
}

test('a worker killed at any request of a sweep, and of what it removes, removes nothing else and nothing twice', async () => {
  const { counters, faults } = harness.sandbox.context;
  const output: string[][] = [];
  const start = async () => {
    const worker = await startWorkerProcess(harness);
    output.push(worker.output);
    return worker;
  };
  let worker = await start();
  const connections: HarnessConnection[] = [];
  for (const { token } of crawlers) connections.push(await harness.connect({ world, token }));
  for (const connection of connections)
    expect(await connection.sync()).toMatchObject({ state: 'succeeded', deleted: '0' });
  removeSome();

  // How many requests a sweep has that removes: the first connection's is left alone.
  counters.reset();
  const [first, ...others] = connections as [HarnessConnection, ...HarnessConnection[]];
  const whole = await first.sync('sweep');
  expect(whole).toMatchObject({ state: 'succeeded', failed: '0' });
  expect(Number(whole.deleted)).toBeGreaterThan(10);
  const requests = counters.log().length;

  const struck = Array.from({ length: kills }, (_kill, kill) =>
    crawlers.slice(1).map(({ accountId }: Crawler, number) => {
      const name = `kill ${kill} of ${number}`;
      const after =
        Math.floor(((requests - 1) * (kill * sideBySide + number + 1)) / (kills * sideBySide)) - 1;
      faults.add({
        match: { accountId },
        after: Math.max(0, after),
        times: 1,
        action: { kind: 'barrier', name },
      });
      return faults.barriers.whenHeld(name);
    }),
  );
  const runs = await Promise.all(others.map((connection) => connection.start('sweep')));
  for (const points of struck) {
    await Promise.all(points);
    await worker.kill();
    faults.barriers.releaseAll();
    worker = await start();
  }
  const { db } = harness.database;
  for (const [number, connection] of others.entries()) {
    const run = await connection.ended(runs[number] ?? '');
    expect(run).toMatchObject({ state: 'succeeded', failed: '0', deleted: whole.deleted });
    const removed = await db
      .selectFrom('removals')
      .select('external_id')
      .where('connection_id', '=', connection.connectionId)
      .execute();
    const ids = removed.map((row) => row.external_id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(Number(whole.deleted));
    await expectSound({ harness, connectionId: connection.connectionId });
  }
  await expectNoLeaks(harness, output.flat());
  await worker.stop();
}, 400_000);
