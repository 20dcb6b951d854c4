import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createSmallWorld } from '../../sandbox/world/small.ts';
import { apply, randomChange } from '../oracle/changes.ts';
import { buildCompany } from '../oracle/company.ts';
import { randomPlan } from '../oracle/worlds.ts';
import { openCompany } from './company.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { watchVisibility } from './visibility-watch.ts';

const runs = Number(process.env['PROVE_RUNS'] ?? 4);

let harness: SyncHarness;
beforeAll(async () => {
  // Slow answers, so that there are moments to look at.
  harness = await createSyncHarness({ world: createSmallWorld(), sandbox: { latencyMs: 40 } });
});
afterAll(() => harness.close());

/** One change: of several, a sync may learn the later first, and be for a moment where the source never was. */
test(
  'P2: at no moment of a sync is anybody shown what was allowed neither before nor after',
  async () => {
    await fc.assert(
      fc.asyncProperty(randomPlan(), randomChange(), async (plan, change) => {
        const { store } = harness.sandbox.context;
        const company = buildCompany(plan);
        const { connection, differences, truth, users } = await openCompany(harness, company);
        const { connectionId } = connection;
        await connection.sync();
        const watch = watchVisibility({ db: harness.database.db, connectionId, users, truth });
        apply(store, [change], company);
        watch.changed();
        for (const kind of ['incremental', 'permissions', 'full'] as const)
          await watch.during(connection.sync(kind));
        expect(watch.leaks()).toEqual([]);
        expect(await differences()).toEqual([]);
      }),
      { numRuns: runs, endOnFailure: true },
    );
  },
  60_000 + runs * 30_000,
);

test('the watch itself would notice: what nobody may see is told, once', async () => {
  const { db } = harness.database;
  const [plan] = fc.sample(randomPlan(), { seed: 5, numRuns: 1 });
  if (plan === undefined) throw new Error('The seed makes no company.');
  const { connection, truth, users } = await openCompany(harness, buildCompany(plan));
  await connection.sync();
  const { connectionId } = connection;
  const blind = watchVisibility({ db, connectionId, users, truth: () => ({ ...truth(), spaces: [] }) });
  const [first] = await blind.look();
  expect(first).toBeDefined();
  await blind.during(Promise.resolve());
  expect(blind.leaks()).toContainEqual(first);
  expect(blind.looks).toBe(3 * users.length);
});
