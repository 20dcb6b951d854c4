import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createSmallWorld } from '../../sandbox/world/small.ts';
import { apply, randomChange } from '../oracle/changes.ts';
import { buildCompany, pick } from '../oracle/company.ts';
import { randomPlan, type Size } from '../oracle/worlds.ts';
import { openCompany } from './company.ts';
import { compared, leaksOf } from './differences.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';

/** Random companies in one run; PROVE_RUNS asks for more, and `npm run prove` for many. */
const runs = Number(process.env['PROVE_RUNS'] ?? 10);
const changes = fc.array(randomChange(), { minLength: 1, maxLength: 6 });
const some = fc.array(fc.nat({ max: 1000 }), { maxLength: 3 });
const larger: Size = { people: 24, groups: 8, spaces: 5, items: 110, comments: 40, attachments: 30 };

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: createSmallWorld() });
});
afterAll(() => harness.close());

test(
  'P1: after a sync everybody is shown exactly what Atlassian would show, by every way',
  async () => {
    await fc.assert(
      fc.asyncProperty(randomPlan(), async (plan) => {
        const { connection, differences } = await openCompany(harness, buildCompany(plan));
        expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
        expect(await differences()).toEqual([]);
      }),
      { numRuns: runs, endOnFailure: true },
    );
  },
  60_000 + runs * 10_000,
);

test(
  'P1: after changes the next sync shows everybody exactly what is right',
  async () => {
    await fc.assert(
      fc.asyncProperty(randomPlan(), changes, async (plan, made) => {
        const before = buildCompany(plan);
        const { connection, differences } = await openCompany(harness, before);
        await connection.sync();
        apply(harness.sandbox.context.store, made, before);
        expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
        expect(await differences()).toEqual([]);
      }),
      { numRuns: runs, endOnFailure: true },
    );
  },
  60_000 + runs * 20_000,
);

test(
  'P1: in larger companies too',
  async () => {
    const look = { limit: 50, looksEverywhere: (_: unknown, at: number) => at % 6 === 0 };
    await fc.assert(
      fc.asyncProperty(randomPlan(larger), changes, async (plan, made) => {
        const before = buildCompany(plan);
        const { connection, differences } = await openCompany(harness, before, undefined, look);
        await connection.sync();
        expect(await differences()).toEqual([]);
        apply(harness.sandbox.context.store, made, before);
        expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
        expect(await differences()).toEqual([]);
      }),
      { numRuns: Math.ceil(runs / 5), endOnFailure: true },
    );
  },
  60_000 + runs * 20_000,
);

test(
  'P1: what is held is shown to nobody, with all below it, now and after the next sync',
  async () => {
    await fc.assert(
      fc.asyncProperty(randomPlan(), some, async (plan, held) => {
        const company = buildCompany(plan);
        const { connection, differences, hold } = await openCompany(harness, company);
        await connection.sync();
        await hold([...new Set(held.flatMap((n) => pick(company.world.content, n)?.id ?? []))]);
        expect(await differences()).toEqual([]);
        await connection.sync();
        expect(await differences()).toEqual([]);
      }),
      { numRuns: Math.ceil(runs / 3), endOnFailure: true },
    );
  },
  60_000 + runs * 10_000,
);

test(
  'what the crawler may not open is shown to nobody, with all that is below it',
  async () => {
    await fc.assert(
      fc.asyncProperty(randomPlan(), some, async (plan, shut) => {
        const company = buildCompany(plan);
        for (const n of shut) {
          const item = pick(company.world.content, n);
          if (item !== undefined) item.restrictions.read = { users: ['acc-0', 'acc-1'], groups: [] };
        }
        const { connection, differences } = await openCompany(harness, company);
        expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
        expect(leaksOf(await differences())).toEqual([]);
      }),
      { numRuns: Math.ceil(runs / 3), endOnFailure: true },
    );
  },
  60_000 + runs * 10_000,
);

test('ten thousand pairs of a person and an item were compared at the least', () => {
  expect(compared.pairs).toBeGreaterThanOrEqual(10_000);
});
