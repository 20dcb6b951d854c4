import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createSmallWorld } from '../../sandbox/world/small.ts';
import { everythingIn } from '../oracle/canView.ts';
import { buildCompany, pick } from '../oracle/company.ts';
import { apply, randomChange } from '../oracle/changes.ts';
import { randomPlan } from '../oracle/worlds.ts';
import { openCompany } from './company.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { leaksOf } from './differences.ts';

/** Random companies in one run; PROVE_RUNS asks for more. */
const runs = Number(process.env['PROVE_RUNS'] ?? 12);

let pairs = 0;
let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: createSmallWorld() });
});
afterAll(async () => {
  await harness.close();
  if (process.env['PROVE_RUNS'] !== undefined)
    process.stdout.write(
      `${runs} companies, ${pairs} pairs of a person and a record, each looked at in four ways\n`,
    );
});

test(
  'after a sync everybody is shown exactly what Atlassian would show, by every way',
  async () => {
    await fc.assert(
      fc.asyncProperty(randomPlan(), async (plan) => {
        const company = buildCompany(plan);
        const { connection, users, differences } = await openCompany(harness, company);
        expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
        expect(await differences()).toEqual([]);
        pairs += users.length * everythingIn(company.world).length;
      }),
      { numRuns: runs, endOnFailure: true },
    );
  },
  60_000 + runs * 10_000,
);

const changes = fc.array(randomChange(), { minLength: 1, maxLength: 6 });

test(
  'after changes the next sync shows everybody exactly what is right',
  async () => {
    await fc.assert(
      fc.asyncProperty(randomPlan(), changes, async (plan, made) => {
        const { store } = harness.sandbox.context;
        const before = buildCompany(plan);
        const { connection, differences } = await openCompany(harness, before);
        await connection.sync();
        apply(store, made, before);
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
