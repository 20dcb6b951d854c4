import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { generateWorld } from '../../sandbox/world/generate.ts';
import { withCrawlers, type Crawler } from './crawlers.ts';
import { syncWorkflowId } from '../../temporal/names.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { expectNoLeaks, expectSound } from './invariants.ts';
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts';

const sideBySide = 4;
const { world, crawlers } = withCrawlers(
  generateWorld({ seed: 17, spaces: 3, pagesPerSpace: 40, bodyBytes: 300 }),
  sideBySide + 1,
);
world.behaviour.contentSearchLimit = 25;
const [slow, ...others] = crawlers as [Crawler, ...Crawler[]];

jest.setTimeout(120_000);

let harness: SyncHarness;
let workers: WorkerProcess[] = [];
beforeAll(async () => {
  harness = await createSyncHarness({
    world,
    sandbox: { logLength: 100_000 },
    worker: false,
    ownNamespace: true,
  });
  workers = await Promise.all([1, 2, 3].map(() => startWorkerProcess(harness)));
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  await harness.close();
});
afterEach(() => {
  harness.sandbox.context.faults.clear();
  harness.sandbox.context.faults.barriers.releaseAll();
});

const hasWorked = ({ output }: WorkerProcess) =>
  output.some((line) => line.includes('A step of a sync has ended'));

/** The workers that have a step of these syncs in their hands, by their process numbers. */
async function busy(connections: readonly HarnessConnection[]): Promise<number[]> {
  const pids = connections.map(async ({ connectionId }) => {
    const handle = harness.temporal.client.workflow.getHandle(syncWorkflowId(connectionId));
    const { raw } = await handle.describe();
    return (raw.pendingActivities ?? []).map((step) => Number.parseInt(step.lastWorkerIdentity ?? '', 10));
  });
  return (await Promise.all(pids)).flat();
}

test('the requests a minute of a connection are those of all workers together', async () => {
  const { counters } = harness.sandbox.context;
  const perMinute = 600;
  const settings = { sync: { strategy: 'manual' as const, requestsPerMinute: perMinute } };
  const connection = await harness.connect({ world, token: slow.token, settings });
  expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
  // Whoever has a run's workflow in its memory takes its steps first: some runs, and others have had theirs.
  for (const beside of ['incremental', 'sweep', 'full', 'incremental', 'sweep', 'full'] as const) {
    if (workers.filter(hasWorked).length > 1) break;
    await Promise.all([connection.sync(beside), connection.sync('permissions')]);
  }
  expect(workers.filter(hasWorked).length).toBeGreaterThan(1);
  const at = counters
    .log()
    .filter(({ accountId }) => accountId === slow.accountId)
    .map((request) => Date.parse(request.at))
    .sort((one, other) => one - other);
  // One after another at even distances, whoever asks: workers with a count of their own would be as many times as quick.
  const distance = 60_000 / perMinute;
  expect(at.length).toBeGreaterThan(30);
  expect((at.at(-1) ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual((at.length - 1) * distance * 0.75);
  await expectSound({ harness, connectionId: connection.connectionId });
});

test('three workers share the syncs, and where one is killed the others go on with its steps', async () => {
  const { faults } = harness.sandbox.context;
  const connections: HarnessConnection[] = [];
  for (const { token } of others) connections.push(await harness.connect({ world, token }));
  // Every sync stands still in the middle, so that the worker that dies has something in its hands.
  const held = others.map(({ accountId }, number) => {
    const action = { kind: 'barrier', name: `held ${number}` } as const;
    faults.add({ match: { accountId }, after: 12, times: 1, action });
    return faults.barriers.whenHeld(action.name);
  });
  const runs = await Promise.all(connections.map((connection) => connection.start()));
  await Promise.all(held);
  const hands = await busy(connections);
  expect(new Set(hands).size).toBeGreaterThan(1);
  const victim = workers.find(({ pid }) => hands.includes(pid));
  await victim?.kill();
  faults.barriers.releaseAll();
  for (const [number, connection] of connections.entries()) {
    expect(await connection.ended(runs[number] ?? '')).toMatchObject({ state: 'succeeded', deleted: '0' });
    await expectSound({ harness, connectionId: connection.connectionId });
  }
  await expectNoLeaks(
    harness,
    workers.flatMap(({ output }) => output),
  );
});
