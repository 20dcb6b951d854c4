import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { generateWorld, GENERATED_ADMIN } from '../../sandbox/world/generate.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { expectInvariants, expectNoLeaks, expectSound } from './invariants.ts';
import { startWorkerProcess } from './worker-process.ts';

const { accountId } = GENERATED_ADMIN;
const world = generateWorld({ seed: 12, spaces: 3, pagesPerSpace: 100, commentsPerPage: 3, bodyBytes: 400 });
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
beforeEach(async () => {
  const { db } = harness.database;
  await db.deleteFrom('connections').execute();
  await db.deleteFrom('grants').execute();
  harness.sandbox.context.counters.reset();
  harness.sandbox.context.faults.clear();
});

const refreshes = () =>
  harness.sandbox.context.counters
    .log()
    .filter(({ path }) => path === '/oauth/token')
    .map(({ status }) => status);

/** Holds pages and restrictions of every connection half-way, lets all access tokens expire there, and goes on. */
async function expireHalfWay(connections: readonly HarnessConnection[]): Promise<string[]> {
  const { faults, grants } = harness.sandbox.context;
  const held = [
    { name: 'pages', path: '/api/v2/pages\\?' },
    { name: 'restrictions', path: '/content/search\\?.*cursor=' },
  ];
  for (const { name, path } of held) {
    const action = { kind: 'barrier', name } as const;
    faults.add({ id: name, match: { path }, times: connections.length, action });
  }
  const runs = await Promise.all(connections.map((connection) => connection.start()));
  for (const { name } of held) await faults.barriers.whenHeld(name, connections.length);
  expect(grants.expireAccessTokens(accountId)).toBeGreaterThan(0);
  for (const { name } of held) faults.remove(name);
  faults.barriers.releaseAll();
  return runs;
}

test('a token that expires mid-run is refreshed once for all streams of all worker processes', async () => {
  const workers = await Promise.all([startWorkerProcess(harness), startWorkerProcess(harness)]);
  const connections: HarnessConnection[] = [];
  // They share one grant, as connections of one account through one app do.
  for (let n = 0; n < 4; n += 1) connections.push(await harness.connect({ world, oauth: { accountId } }));
  // Each consent issued tokens of its own; only the last is stored.
  const runs = await expireHalfWay(connections);
  for (const [n, connection] of connections.entries()) {
    expect(await connection.ended(runs[n] ?? '')).toMatchObject({ state: 'succeeded' });
  }
  const output = workers.map((worker) => worker.output);
  for (const { connectionId } of connections) await expectSound({ harness, connectionId });
  await expectNoLeaks(harness, output.flat());
  expect(refreshes()).toEqual([200]);
  for (const lines of output) expect(lines.filter((line) => line.includes('"atlassian"')).length).not.toBe(0);
  await Promise.all(workers.map((worker) => worker.stop()));
}, 60_000);

test('a refresh whose reply is lost is made up for with the token before it', async () => {
  const worker = await startWorkerProcess(harness);
  const connection = await harness.connect({ world, oauth: { accountId } });
  harness.sandbox.context.faults.add({
    match: { path: '/oauth/token' },
    times: 1,
    action: { kind: 'drop', when: 'after' },
  });
  const [runId = ''] = await expireHalfWay([connection]);
  expect(await connection.ended(runId)).toMatchObject({ state: 'succeeded' });
  await expectInvariants({ harness, connectionId: connection.connectionId }, worker.output);
  expect(refreshes().at(-1)).toBe(200);
  const { db } = harness.database;
  expect(await db.selectFrom('grants').select('state').execute()).toEqual([{ state: 'active' }]);
  await worker.stop();
}, 60_000);

test('a worker killed between the reply to a refresh and its storing is made up for by the next', async () => {
  const { faults } = harness.sandbox.context;
  const killed = await startWorkerProcess(harness);
  const connection = await harness.connect({ world, oauth: { accountId } });
  faults.add({
    match: { path: '/oauth/token' },
    times: 1,
    action: { kind: 'barrier', name: 'reply', when: 'after' },
  });
  const reply = faults.barriers.whenHeld('reply');
  const releasing = expireHalfWay([connection]);
  await reply;
  await killed.kill();
  faults.barriers.releaseAll();
  const worker = await startWorkerProcess(harness);
  const [runId = ''] = await releasing;
  expect(await connection.ended(runId)).toMatchObject({ state: 'succeeded' });
  const { connectionId } = connection;
  await expectInvariants({ harness, connectionId }, [...killed.output, ...worker.output]);
  const { db } = harness.database;
  expect(await db.selectFrom('grants').select('state').execute()).toEqual([{ state: 'active' }]);
  expect(await db.selectFrom('connections').select('status').execute()).toEqual([{ status: 'active' }]);
  await worker.stop();
}, 90_000);
