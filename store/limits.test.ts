import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Budget } from '../atlassian/budget.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection } from '../test/factories.ts';
import { budgetKey, createBudget, type BudgetDeps } from './budget.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

let serial = 0;
const pages = 'GET /wiki/api/v2/pages';
const search = 'GET /wiki/rest/api/content/search';

/** Two workers' views of one app at a site of its own, and what each of them waited. */
function site() {
  serial += 1;
  const host = `site-${serial}.atlassian.net`;
  const key = budgetKey.app(`limits-${serial}`);
  const worker = (over: Partial<BudgetDeps> = {}): Budget =>
    createBudget({ db: database.db, key, hourlyPoints: 10_000, host, ...over });
  return { key, host, worker };
}

const admitted = (budget: Budget, endpoint = pages) =>
  budget.admit(1, { endpoint }).then(
    () => true,
    (error: { code?: string }) => error.code,
  );
const inTenMinutes = () => new Date(Date.now() + 600_000);
const pause = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));

test('a burst limit stops one endpoint for everybody at the site, and nothing else', async () => {
  const { host, worker } = site();
  const [one, two] = [worker(), worker()];
  await one.blockUntil(inTenMinutes(), 'confluence-burst-based', { scope: 'endpoint', endpoint: pages });
  const stranger = worker({ key: budgetKey.app('somebody-else') });
  for (const budget of [one, two, stranger]) {
    expect(await admitted(budget)).toBe('rate_limited');
    expect(budget.isBlocked(pages)).toBe(true);
    expect(await admitted(budget, search)).toBe(true);
  }
  expect(await admitted(worker({ host: `other.${host}` }))).toBe(true);
});

test('a quota of the tenant stops the app at that site alone; a global one everywhere', async () => {
  const { host, worker } = site();
  const one = worker();
  await one.blockUntil(inTenMinutes(), 'confluence-quota-tenant-based', { scope: 'site', endpoint: pages });
  const elsewhere = worker({ host: `other.${host}` });
  const otherApp = worker({ key: budgetKey.app('another-app') });
  expect(await admitted(worker(), search)).toBe('rate_limited');
  expect(await admitted(elsewhere)).toBe(true);
  expect(await admitted(otherApp)).toBe(true);
  await one.blockUntil(inTenMinutes(), 'confluence-quota-global-based', { scope: 'app', endpoint: pages });
  expect(await admitted(worker({ host: `third.${host}` }))).toBe('rate_limited');
  expect(await admitted(otherApp)).toBe(true);
});

test('a worker that is busy learns of a block within a second', async () => {
  const { worker } = site();
  const [one, two] = [worker(), worker()];
  await two.admit(1, { endpoint: pages });
  await one.blockUntil(inTenMinutes(), 'no reason given');
  await pause(1_000);
  expect(await admitted(two)).toBe('rate_limited');
});

/** Small enough to be waited for. */
const circuits = { failures: 3, firstMs: 400, longestMs: 800, probeMs: 5_000 };

test('an endpoint that fails several times in a row is left alone by all workers, and tried again by one', async () => {
  const { worker } = site();
  const [one, two, three] = [worker({ circuits }), worker({ circuits }), worker({ circuits })];
  await one.outcome(pages, 'server_error');
  await one.outcome(pages, 'server_error');
  await one.outcome(pages, null);
  for (const budget of [one, two]) expect(await admitted(budget)).toBe(true);
  for (let each = 0; each < 3; each += 1) await one.outcome(pages, 'server_error');
  expect(one.isBlocked(pages)).toBe(true);
  expect(await admitted(three, search)).toBe(true);
  expect(three.isBlocked(pages)).toBe(true);
  // Half open: whoever comes first tries for all; the others wait for what it finds.
  const tried = await Promise.all(
    [one, three].map(async (budget) => (await admitted(budget), budget)).slice(0, 1),
  );
  const waiting = admitted(three);
  await pause(300);
  await tried[0]?.outcome(pages, null);
  expect(await waiting).toBe(true);
  expect(three.isBlocked(pages)).toBe(false);
});

test('a try in vain doubles the wait, up to the longest; failures under way beside it do not', async () => {
  const { host, worker } = site();
  const long = { ...circuits, firstMs: 20_000, longestMs: 50_000 };
  const budget = worker({ circuits: long });
  const waitMs = async () => {
    const { rows } = await sql<{ ms: number; probes: number }>`
      select extract(epoch from blocked_until - clock_timestamp())::float8 * 1000 as ms, failed_probes as probes
      from rate_limits where budget = ${`site:${host} ${pages}`}`.execute(database.db);
    return rows[0]?.ms ?? 0;
  };
  for (let each = 0; each < 6; each += 1) await budget.outcome(pages, 'timeout');
  expect(Math.round((await waitMs()) / 1_000)).toBe(20);
  for (const seconds of [40, 50, 50]) {
    await sql`update rate_limits set blocked_until = clock_timestamp() where budget = ${`site:${host} ${pages}`}`.execute(
      database.db,
    );
    await budget.outcome(pages, 'timeout');
    expect(Math.round((await waitMs()) / 1_000)).toBe(seconds);
  }
  await expect(budget.admit(1, { endpoint: pages })).rejects.toMatchObject({
    code: 'endpoint_failing',
    message: expect.stringContaining('GET /wiki/api/v2/pages'),
  });
});

test('of many who wait for a failing endpoint, one tries', async () => {
  const { worker } = site();
  const budgets = Array.from({ length: 4 }, () =>
    worker({ circuits: { ...circuits, firstMs: 200, probeMs: 60_000 } }),
  );
  for (let each = 0; each < 3; each += 1) await budgets[0]?.outcome(pages, 'server_error');
  await pause(250);
  let through = 0;
  const asked = budgets.map(async (budget) => (await admitted(budget)) === true && (through += 1));
  await pause(600);
  expect(through).toBe(1);
  await Promise.all(asked);
  expect(through).toBe(1);
}, 30_000);

test('a connection never asks more often than its settings say, over all workers', async () => {
  const id = await makeConnection(database.db);
  const settings = JSON.stringify({ sync: { strategy: 'manual', requestsPerMinute: 240 } });
  await database.db.updateTable('connections').set({ settings }).where('id', '=', id).execute();
  const { worker } = site();
  const budgets = [worker({ connectionId: id }), worker({ connectionId: id })];
  const times: number[] = [];
  const ask = async (budget: Budget) => {
    await budget.admit(1, { endpoint: pages });
    times.push(Date.now());
  };
  await Promise.all(budgets.flatMap((budget) => [ask(budget), ask(budget), ask(budget), ask(budget)]));
  const apart = times.toSorted((a, b) => a - b).map((at, index, all) => at - (all[index - 1] ?? -Infinity));
  // Four a second: a quarter of a second apart, less what the database's answers differ by.
  expect(Math.min(...apart)).toBeGreaterThan(150);
  expect(Math.max(...times) - Math.min(...times)).toBeGreaterThanOrEqual(7 * 250 - 50);
});

test('a connection that stops waiting for its turn gives it up', async () => {
  const id = await makeConnection(database.db);
  const settings = JSON.stringify({ sync: { strategy: 'manual', requestsPerMinute: 1 } });
  await database.db.updateTable('connections').set({ settings }).where('id', '=', id).execute();
  const budget = site().worker({ connectionId: id });
  await budget.admit(1, { endpoint: pages });
  const stopping = new AbortController();
  const waiting = budget.admit(1, { endpoint: pages, signal: stopping.signal });
  setTimeout(() => stopping.abort(new Error('the run was cancelled')), 50);
  await expect(waiting).rejects.toThrow('the run was cancelled');
});

test('points are booked for the app and for the connection that spent them', async () => {
  const { key, worker } = site();
  const [first, second] = [await makeConnection(database.db), await makeConnection(database.db)];
  for (const connectionId of [first, second, second]) {
    const budget = worker({ connectionId });
    budget.charge({ requests: 1, points: 100 });
    await budget.flush();
  }
  const rows = await database.db
    .selectFrom('points_ledger')
    .select(['budget', 'points', 'requests'])
    .where('budget', 'in', [key, budgetKey.connection(first), budgetKey.connection(second)])
    .execute();
  expect(Object.fromEntries(rows.map(({ budget, points }) => [budget, points]))).toEqual({
    [key]: '300',
    [budgetKey.connection(first)]: '100',
    [budgetKey.connection(second)]: '200',
  });
});

test('what Atlassian says is left outranks what was counted here', async () => {
  const { worker } = site();
  const budget = worker({ pause: async () => {} });
  await budget.admit(100, { endpoint: pages });
  const near = { remaining: 550, limit: 10_000, resetMs: 60_000, quota: true, scope: 'app' } as const;
  budget.charge({ requests: 1, points: 1, near });
  expect(await admitted(budget)).toBe(true);
  await expect(budget.admit(100, { endpoint: pages })).rejects.toMatchObject({ quota: true });
});

test('near a limit requests are spread, one after another', async () => {
  const waits: number[] = [];
  const budget = site().worker({ pause: async (ms) => void waits.push(Math.round(ms / 100) * 100) });
  const near = { remaining: 100, limit: 100, resetMs: 60_000, quota: false, scope: 'app' } as const;
  budget.charge({ requests: 1, points: 1, near });
  await Promise.all([1, 2, 3].map(() => budget.admit(1, { endpoint: pages })));
  expect(waits).toEqual([600, 1_200, 1_800]);
});
