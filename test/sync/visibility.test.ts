import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createSmallWorld } from '../../sandbox/world/small.ts';
import { buildCompany, pick } from '../oracle/company.ts';
import { apply, randomChanges } from '../oracle/changes.ts';
import { randomPlan } from '../oracle/worlds.ts';
import { openCompany } from './company.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { leaksOf, leaksOfBoth } from './shown.ts';

/** Random companies in one run; PROVE_RUNS asks for more. */
const runs = Number(process.env['PROVE_RUNS'] ?? 12);

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: createSmallWorld() });
});
afterAll(() => harness.close());

test(
  'after a sync everybody is shown exactly what Atlassian would show, by every way',
  async () => {
    await fc.assert(
      fc.asyncProperty(randomPlan(), async (plan) => {
        const company = buildCompany(plan);
        const { connection, differences } = await openCompany(harness, company);
        expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
        expect(await differences()).toEqual([]);
      }),
      { numRuns: runs, endOnFailure: true },
    );
  },
  60_000 + runs * 10_000,
);

test(
  'after changes nobody is shown more than before and after together, and after the next sync exactly what is right',
  async () => {
    await fc.assert(
      fc.asyncProperty(randomPlan(), randomChanges(), async (plan, changes) => {
        const { store } = harness.sandbox.context;
        const before = buildCompany({ ...plan, commentListingsHoldReplies: true });
        const { connection, differences } = await openCompany(harness, before);
        await connection.sync();
        apply(store, changes);

        expect(await connection.sync('incremental')).toMatchObject({ state: 'succeeded' });
        expect(leaksOfBoth(await differences(before.world), await differences())).toEqual([]);

        expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
        expect(await differences()).toEqual([]);
      }),
      { numRuns: runs, endOnFailure: true },
    );
  },
  60_000 + runs * 20_000,
);

test(
  'what the crawler may not open is shown to nobody, with all that is below it',
  async () => {
    await fc.assert(
      fc.asyncProperty(randomPlan(), fc.array(fc.nat({ max: 40 }), { maxLength: 3 }), async (plan, shut) => {
        const company = buildCompany(plan);
        for (const n of shut) {
          const item = pick(company.world.content, n);
          if (item !== undefined) item.restrictions.read = { users: ['acc-0', 'acc-1'], groups: [] };
        }
        const { connection, differences } = await openCompany(harness, company);
        expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
        expect(leaksOf(await differences())).toEqual([]);
      }),
      { numRuns: runs, endOnFailure: true },
    );
  },
  60_000 + runs * 10_000,
);
