import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { FaultRuleInput } from '../../sandbox/faults.ts';
import { generateWorld, GENERATED_ADMIN } from '../../sandbox/world/generate.ts';
import type { SyncRun } from '../../store/schema.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { expectInvariants } from './invariants.ts';

const world = generateWorld({ seed: 31, spaces: 2, pagesPerSpace: 20 });
const hour = 3_600_000;

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world, sandbox: { logLength: 100_000 } });
});
afterAll(() => harness.close());
beforeEach(() => harness.sandbox.context.counters.reset());
afterEach(async () => {
  const { context } = harness.sandbox;
  context.faults.clear();
  context.meter.reset();
  context.clock.reset();
  const { db } = harness.database;
  for (const table of ['connections', 'rate_limits', 'points_ledger'] as const)
    await db.deleteFrom(table).execute();
});

const log = () => harness.sandbox.context.counters.log();

/** Looks at a run until it waits; the test's own time limit ends it. */
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

/** A connection with everything stored; changes are then read one request after another. */
async function ready(): Promise<HarnessConnection> {
  const connection = await harness.connect({ world });
  expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
  harness.sandbox.context.counters.reset();
  return connection;
}

/** Milliseconds between the refused request and the next to the same endpoint, by the sandbox's clock. */
function pauseAfterRefusal(): number {
  const at = log().findIndex(({ status }) => status === 429);
  const refused = log()[at];
  const after = log().slice(at + 1);
  const again = after.findIndex(({ path }) => path === refused?.path);
  return Date.parse(after[again]?.at ?? '') - Date.parse(refused?.at ?? '');
}

const limited = (action: Omit<Extract<FaultRuleInput['action'], { kind: 'rate-limit' }>, 'kind'>) =>
  harness.sandbox.context.faults.add({
    match: { path: '/api/v2/blogposts' },
    times: 1,
    action: { kind: 'rate-limit', ...action },
  });

test.each([
  { name: 'seconds', action: { retryAfter: 6 }, ms: 6_000 },
  { name: 'a date', action: { retryAfter: 'http-date', seconds: 7 } as const, ms: 6_000 },
])(
  'Retry-After in $name becomes a durable wait, and nothing is asked before its end',
  async ({ action, ms }) => {
    const connection = await ready();
    limited(action);
    const runId = await connection.start('incremental');
    const run = await waiting(runId);
    expect(run).toMatchObject({ state: 'waiting' });
    expect(run.message).toContain('Atlassian asks to slow down');
    expect(run.waiting_until).toBeInstanceOf(Date);
    expect(await connection.ended(runId)).toMatchObject({ state: 'succeeded', waiting_until: null });
    expect(pauseAfterRefusal()).toBeGreaterThanOrEqual(ms);
    await expectInvariants({ harness, connectionId: connection.connectionId });
  },
);

test.each([
  { name: 'a short Retry-After is sat out', action: { retryAfter: 2 }, ms: 2_000 },
  { name: 'without Retry-After the pace is our own', action: { retryAfter: null }, ms: 1_400 },
  { name: 'Retry-After of nothing is taken at its word once', action: { retryAfter: 0 }, ms: 0 },
])('$name', async ({ action, ms }) => {
  const connection = await ready();
  limited(action);
  expect(await connection.sync('incremental')).toMatchObject({ state: 'succeeded' });
  expect(log().filter(({ status }) => status === 429).length).toBe(1);
  expect(pauseAfterRefusal()).toBeGreaterThanOrEqual(ms);
  await expectInvariants({ harness, connectionId: connection.connectionId });
});

test('an absurd Retry-After is cut to an hour, and the wait can be ended by stopping the sync', async () => {
  const connection = await ready();
  limited({ retryAfter: 99_999 });
  const runId = await connection.start('incremental');
  const asked = Date.now();
  const run = await waiting(runId);
  expect(run.message).toContain('cut to 61 minutes');
  const until = run.waiting_until?.getTime() ?? 0;
  expect(until).toBeGreaterThan(asked + hour);
  expect(until).toBeLessThan(Date.now() + hour + 2 * 60_000);
  const requests = log().length;
  await harness.engine.cancelRun(connection.connectionId);
  expect(await connection.ended(runId)).toMatchObject({ state: 'cancelled', waiting_until: null });
  expect(log().length).toBe(requests);
  await expectInvariants({ harness, connectionId: connection.connectionId });
});

test('a spent hour stops one app until the hour is over, and nobody else', async () => {
  const { clock, meter, store } = harness.sandbox.context;
  const clientId = store.oauthApps()[0]?.clientId ?? '';
  const byApp = await harness.connect({ world, oauth: { accountId: GENERATED_ADMIN.accountId } });
  const byToken = await harness.connect({ world });
  // Ten seconds before the hour ends.
  const top = (Math.floor(Date.now() / hour) + 1) * hour;
  clock.set(new Date(top - 10_000));
  meter.setUsed(clientId, 65_000);
  const runId = await byApp.start();
  const run = await waiting(runId);
  expect(run).toMatchObject({ state: 'waiting' });
  expect(run.message).toContain('hourly points are used up');
  expect(await byToken.sync()).toMatchObject({ state: 'succeeded' });
  expect(await byApp.ended(runId)).toMatchObject({ state: 'succeeded' });
  const asked = log().filter(({ credential }) => credential === 'bearer');
  const through = asked.filter(({ status }) => status === 200).map(({ at }) => Date.parse(at));
  expect(Math.min(...through)).toBeGreaterThanOrEqual(top);
  // Those that were on their way together are refused together; after that, silence.
  const refused = asked.filter(({ status }) => status === 429);
  expect(refused.length).toBeLessThanOrEqual(6);
  for (const { connectionId } of [byApp, byToken]) await expectInvariants({ harness, connectionId });
}, 90_000);

test('a burst limit stops the endpoint that it names, and nothing else', async () => {
  const connection = await ready();
  limited({ retryAfter: 8 });
  const runId = await connection.start();
  expect(await connection.ended(runId)).toMatchObject({ state: 'succeeded', failed: '0' });
  const at = log().findIndex(({ status }) => status === 429);
  const refused = Date.parse(log()[at]?.at ?? '');
  const within = log()
    .slice(at + 1)
    .filter((each) => Date.parse(each.at) < refused + 8_000);
  expect(within.filter(({ path }) => path.endsWith('/blogposts'))).toEqual([]);
  // Which of the others come after it is chance; that some do is not.
  expect(within.length).toBeGreaterThan(0);
  await expectInvariants({ harness, connectionId: connection.connectionId });
}, 90_000);

test('a connection that may ask so often a minute asks no more often', async () => {
  const requestsPerMinute = 300;
  const settings = { sync: { strategy: 'manual' as const, requestsPerMinute } };
  const connection = await harness.connect({ world, settings });
  expect(await connection.sync()).toMatchObject({ state: 'succeeded', failed: '0' });
  const times = log().map((each) => Date.parse(each.at));
  expect(times.length).toBeGreaterThan(20);
  // At the sandbox's end requests may come closer together than they were sent, but no ten seconds hold more.
  for (const begin of times) {
    const within = times.filter((at) => at >= begin && at < begin + 10_000).length;
    expect(within).toBeLessThanOrEqual(requestsPerMinute / 6 + 1);
  }
  expect(Math.max(...times) - Math.min(...times)).toBeGreaterThanOrEqual((times.length - 2) * 200);
  await expectInvariants({ harness, connectionId: connection.connectionId });
}, 90_000);
