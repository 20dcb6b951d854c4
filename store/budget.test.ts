import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { pointsOf } from '../atlassian/budget.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { budgetKey, createBudget } from './budget.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

let serial = 0;
/** A budget of its own, or another worker's view of `key`. Waits are recorded; `waiting` is what they add up to. */
function setUp(options: { key?: string; points?: number | null; perMinute?: number } = {}) {
  serial += 1;
  const key = options.key ?? budgetKey.app(`client-${serial}`);
  const waits: number[] = [];
  const budget = createBudget({
    db: database.db,
    key,
    hourlyPoints: options.points === undefined ? 1_000 : options.points,
    requestsPerMinute: options.perMinute ?? null,
    pause: async (ms) => void waits.push(ms),
  });
  return { budget, key, waits };
}
const hourNow = () => new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000);
const ledger = (key: string) =>
  database.db.selectFrom('points_ledger').selectAll().where('budget', '=', key).orderBy('hour').execute();

test('points are one a request, one a core object and two an identity object', () => {
  expect(pointsOf({})).toBe(1);
  expect(pointsOf({ core: 250 })).toBe(251);
  expect(pointsOf({ identity: 200 })).toBe(401);
  expect(pointsOf({ core: 3, identity: 2 })).toBe(8);
});

test('what is charged is written by the hour of the server, in batches', async () => {
  const { budget, key } = setUp();
  const serverTime = new Date('2026-03-26T15:59:30Z');
  for (let request = 0; request < 5; request += 1) budget.charge({ requests: 1, points: 10, serverTime });
  expect(await ledger(key)).toEqual([]);
  budget.charge({ requests: 1, points: 7, serverTime: new Date('2026-03-26T16:00:10Z') });
  await budget.flush();
  await budget.flush();
  expect(await ledger(key)).toMatchObject([
    { hour: new Date('2026-03-26T15:00:00Z'), requests: '5', points: '50' },
    { hour: new Date('2026-03-26T16:00:00Z'), requests: '1', points: '7' },
  ]);
});

test('many charges are written without being asked to', async () => {
  const { budget, key } = setUp();
  for (let request = 0; request < 20; request += 1) budget.charge({ requests: 1, points: 1 });
  await budget.flush();
  expect((await ledger(key))[0]).toMatchObject({ requests: '20' });
});

test('nothing is admitted that would touch the reserve, until the next hour', async () => {
  const { budget } = setUp({ points: 1_000 });
  await budget.admit(251);
  budget.charge({ requests: 1, points: 700, serverTime: new Date(hourNow().getTime() + 1_800_000) });
  await budget.admit(250);
  const error = await budget.admit(251).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'rate_limited', quota: true });
  // Half past by the server's clock: half an hour to go, whatever our own clock says.
  const wait = (error as { retryAt: Date }).retryAt.getTime() - Date.now();
  expect(Math.abs(wait - 1_800_000)).toBeLessThan(10_000);
  // The next hour by the server's clock begins with nothing spent.
  budget.charge({ requests: 0, points: 0, serverTime: new Date(hourNow().getTime() + 3_600_001) });
  await budget.admit(251);
});

test('what other workers have spent counts', async () => {
  const one = setUp();
  await one.budget.admit(1);
  one.budget.charge({ requests: 1, points: 940 });
  await one.budget.flush();
  const two = setUp({ key: one.key });
  await two.budget.admit(10);
  await expect(two.budget.admit(11)).rejects.toMatchObject({ code: 'rate_limited' });
});

test('a request dearer than the whole allowance is admitted while nothing is spent', async () => {
  const { budget } = setUp({ points: 100 });
  await budget.admit(500);
  budget.charge({ requests: 1, points: 1 });
  await expect(budget.admit(500)).rejects.toMatchObject({ code: 'rate_limited' });
});

test('without a quota points are counted and never refused', async () => {
  const { budget, key } = setUp({ points: null });
  await budget.admit(1_000_000);
  budget.charge({ requests: 1, points: 1_000_000 });
  await budget.admit(1_000_000);
  await budget.flush();
  expect((await ledger(key))[0]).toMatchObject({ points: '1000000' });
});

test('a block reaches every worker and names its reason; a shorter one does not lift a longer one', async () => {
  const one = setUp();
  const until = new Date(Date.now() + 600_000);
  await one.budget.blockUntil(until, 'confluence-quota-global-based');
  await one.budget.blockUntil(new Date(Date.now() + 10_000), 'confluence-burst-based');
  for (const { budget } of [one, setUp({ key: one.key })]) {
    const error = await budget.admit(1).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ reason: 'confluence-quota-global-based', quota: true });
    const { retryAt } = error as { retryAt: Date };
    expect(Math.abs(retryAt.getTime() - until.getTime())).toBeLessThan(2_000);
  }
  await setUp().budget.admit(1);
});

test('a short block is sat out', async () => {
  const one = setUp();
  await one.budget.blockUntil(new Date(Date.now() + 300), 'confluence-burst-based');
  const waits: number[] = [];
  const two = createBudget({
    db: database.db,
    key: one.key,
    hourlyPoints: null,
    pause: async (ms) => {
      waits.push(ms);
      await new Promise((resolve) => {
        setTimeout(resolve, ms);
      });
    },
  });
  await two.admit(1);
  expect(waits.length).toBeGreaterThan(0);
});

test('a request rate is shared: both workers together get what the bucket holds', async () => {
  // 60 a minute: a bucket of ten, one more each second.
  const one = setUp({ points: null, perMinute: 60 });
  const two = setUp({ key: one.key, points: null, perMinute: 60 });
  for (let request = 0; request < 5; request += 1) {
    await one.budget.admit(1);
    await two.budget.admit(1);
  }
  expect([...one.waits, ...two.waits]).toEqual([]);
  await expect(two.budget.admit(1)).rejects.toMatchObject({ code: 'rate_limited', quota: false });
  expect(two.waits.length).toBeGreaterThan(0);
});

test('parallel callers of one worker take no more than the bucket holds', async () => {
  const { budget } = setUp({ points: null, perMinute: 240 });
  const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => budget.admit(1)));
  const admitted = outcomes.filter(({ status }) => status === 'fulfilled').length;
  // Forty in the bucket, and a few that came in while the callers waited.
  expect(admitted).toBeGreaterThanOrEqual(40);
  expect(admitted).toBeLessThan(60);
});

test('a failed write is kept and written with the next', async () => {
  const { budget, key } = setUp();
  budget.charge({ requests: 1, points: 5 });
  await sql`alter table points_ledger rename to elsewhere`.execute(database.db);
  await expect(budget.flush()).rejects.toThrow(/points_ledger/);
  await sql`alter table elsewhere rename to points_ledger`.execute(database.db);
  budget.charge({ requests: 1, points: 2 });
  await budget.flush();
  expect(await ledger(key)).toMatchObject([{ requests: '2', points: '7' }]);
});
