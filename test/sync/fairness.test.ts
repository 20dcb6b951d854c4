import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { startSandbox, type RunningSandbox } from '../../sandbox/main.ts';
import { generateWorld, GENERATED_ADMIN } from '../../sandbox/world/generate.ts';
import { createCipher, keyProviderFromKey } from '../../store/encryption.ts';
import type { SyncRun } from '../../store/schema.ts';
import { giveConsent } from './consented.ts';
import { withCrawlers } from './crawlers.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { expectInvariants } from './invariants.ts';
import { startGateway, startLimitedWorker } from './limited-worker.ts';

/** Two sites of one app: what one of them spends or may not ask must not keep the other from being read. */
const large = generateWorld({ seed: 41, spaces: 2, pagesPerSpace: 150, bodyBytes: 200 });
/** One account has one consent with an app, so the second site is read by another one. */
const { world: small, crawlers } = withCrawlers(
  generateWorld({ seed: 42, spaces: 1, pagesPerSpace: 10, bodyBytes: 200 }),
  1,
);
small.site = { ...small.site, cloudId: 'second-cloud', url: 'https://second.atlassian.net' };
const hourlyPoints = 2_400;
const oauth = { accountId: GENERATED_ADMIN.accountId };

let harness: SyncHarness;
let second: RunningSandbox;
let stop: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  [harness, second] = await Promise.all([
    createSyncHarness({ world: large, worker: false, sandbox: { logLength: 10_000 } }),
    startSandbox({ port: 0, world: small, options: { logLength: 10_000 } }),
  ]);
  const gateway = await startGateway(harness.sandbox, second);
  const worker = await startLimitedWorker(harness, { hourlyPoints, gatewayUrl: gateway.url });
  stop = [worker.stop, gateway.close, second.close];
});
afterAll(async () => {
  for (const each of stop) await each();
  await harness.close();
});
afterEach(async () => {
  for (const { context } of [harness.sandbox, second]) {
    context.faults.clear();
    context.clock.reset();
    context.counters.reset();
  }
  const { db } = harness.database;
  for (const table of ['connections', 'rate_limits', 'points_ledger'] as const)
    await db.deleteFrom(table).execute();
});

/** A connection to the second site, by the same app. */
async function connectSecond(): Promise<HarnessConnection> {
  const consent = { accountId: crawlers[0]?.accountId ?? '' };
  const connection = await harness.connect({ world: small, oauth: consent });
  const { db } = harness.database;
  const cipher = createCipher(keyProviderFromKey(harness.key));
  const { grantId } = await giveConsent({ db, cipher, sandbox: second, consent });
  await db
    .updateTable('connections')
    .set({ grant_id: grantId })
    .where('id', '=', connection.connectionId)
    .execute();
  return connection;
}

async function waiting(runId: string): Promise<SyncRun> {
  for (;;) {
    const run = await harness.database.db
      .selectFrom('sync_runs')
      .selectAll()
      .where('id', '=', runId)
      .executeTakeFirstOrThrow();
    if (run.state === 'waiting' || run.finished_at !== null) return run;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('a site whose quota is spent waits; the other site of the same app goes on', async () => {
  const first = await harness.connect({ world: large, oauth });
  const other = await connectSecond();
  const { faults, counters } = harness.sandbox.context;
  faults.add({ action: { kind: 'rate-limit', retryAfter: 8, reason: 'confluence-quota-tenant-based' } });
  const runId = await first.start();
  expect(await waiting(runId)).toMatchObject({ state: 'waiting' });
  const refused = counters.log().length;
  expect(await other.sync()).toMatchObject({ state: 'succeeded' });
  expect(counters.log().length).toBe(refused);
  faults.clear();
  expect(await first.ended(runId)).toMatchObject({ state: 'succeeded', message: null });
  // Those that were on their way together were refused together; nobody sent early.
  const log = counters.log();
  expect(log.filter(({ status }) => status === 429).length).toBeLessThanOrEqual(6);
  const at = log.map((each) => Date.parse(each.at));
  const block = Math.max(...log.flatMap(({ status }, index) => (status === 429 ? [at[index] ?? 0] : [])));
  expect(log.filter(({ status }, index) => status !== 429 && (at[index] ?? 0) < block + 8_000)).toEqual([]);
  await expectInvariants({ harness, connectionId: first.connectionId });
}, 60_000);

test('a large sync leaves the other its share of the hour, and has what is left when the hour ends', async () => {
  // Fifteen seconds before what is kept for others is lent to whoever asks.
  const hour = 3_600_000;
  const now = (Math.floor(Date.now() / hour) + 1) * hour + 50 * 60_000 - 15_000;
  for (const { context } of [harness.sandbox, second]) context.clock.set(new Date(now));
  const first = await harness.connect({ world: large, oauth });
  const other = await connectSecond();
  // The other has begun, and its first request is on its way.
  second.context.faults.add({ times: 1, action: { kind: 'barrier', name: 'begun', when: 'before' } });
  const otherRun = await other.start();
  await second.context.faults.barriers.whenHeld('begun');
  const runId = await first.start();
  const run = await waiting(runId);
  expect(run).toMatchObject({ state: 'waiting', cause: null });
  expect(run.message).toContain('kept for another connection of the same app');
  const spent = harness.sandbox.context.counters.view().total.points;
  expect(spent).toBeLessThanOrEqual(hourlyPoints / 2);
  second.context.faults.barriers.releaseAll();
  expect(await other.ended(otherRun)).toMatchObject({ state: 'succeeded' });
  expect(await first.ended(runId)).toMatchObject({ state: 'succeeded', message: null });
  await expectInvariants({ harness, connectionId: first.connectionId });
}, 90_000);
