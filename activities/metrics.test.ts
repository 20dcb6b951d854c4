import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { unlimitedBudget } from '../atlassian/budget.ts';
import { createLogger } from '../log.ts';
import { workerRegistry } from '../temporal/worker-health.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection, makeRun } from '../test/factories.ts';
import type { ActivityDeps } from './deps.ts';
import { endRun } from './ending.ts';
import { measureBudget } from './site-metrics.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const registry = workerRegistry();

/** Samples of a metric by their labels. */
async function samples(name: string): Promise<Record<string, number>> {
  const lines = (await registry.getSingleMetricAsString(name)).split('\n');
  return Object.fromEntries(
    lines
      .filter((line) => line.startsWith(name))
      .map((line) => [line.slice(name.length, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  );
}

test('a run that ends is counted once, with its items and how long it took', async () => {
  const { db } = database;
  const connectionId = await makeConnection(db);
  const runId = await makeRun(db, connectionId);
  const startedAt = new Date(Date.now() - 20_000);
  await db
    .updateTable('sync_runs')
    .set({ state: 'running', seen: 3, indexed: 2, failed: 1, started_at: startedAt })
    .where('id', '=', runId)
    .execute();
  const deps = { db, log: createLogger('silent') } as unknown as ActivityDeps;
  await endRun(deps, { runId, connectionId }, 'succeeded');
  await endRun(deps, { runId, connectionId }, 'cancelled');
  expect(await samples('sluice_runs_total')).toEqual({ '{kind="full",state="succeeded"}': 1 });
  expect(await samples('sluice_run_items_total')).toMatchObject({
    '{kind="full",outcome="indexed"}': 2,
    '{kind="full",outcome="failed"}': 1,
    '{kind="full",outcome="deleted"}': 0,
  });
  expect(await samples('sluice_run_duration_seconds')).toMatchObject({
    '_bucket{le="15",kind="full",state="succeeded"}': 0,
    '_bucket{le="60",kind="full",state="succeeded"}': 1,
  });
});

test('what is sent to Atlassian is counted on its way to the budget, which still decides', async () => {
  const seen: unknown[] = [];
  const budget = measureBudget(
    {
      ...unlimitedBudget(),
      charge: (cost) => void seen.push(cost),
      blockUntil: async (...args) => void seen.push(args),
      outcome: async (...args) => void seen.push(args),
    },
    'permissions',
  );
  const until = new Date();
  budget.charge({ requests: 1, points: 51 });
  await budget.blockUntil(until, 'Too many', { scope: 'endpoint', endpoint: 'GET /x' });
  await budget.outcome('GET /x', null);
  await budget.outcome('GET /x', 'HTTP 502');
  expect(seen).toEqual([
    { requests: 1, points: 51 },
    [until, 'Too many', { scope: 'endpoint', endpoint: 'GET /x' }],
    ['GET /x', null],
    ['GET /x', 'HTTP 502'],
  ]);
  expect(await samples('sluice_atlassian_requests_total')).toEqual({ '{purpose="permissions"}': 1 });
  expect(await samples('sluice_atlassian_points_total')).toEqual({ '{purpose="permissions"}': 51 });
  expect(await samples('sluice_atlassian_blocks_total')).toEqual({ '{scope="endpoint"}': 1 });
  expect(await samples('sluice_atlassian_failures_total')).toEqual({ '': 1 });
});
