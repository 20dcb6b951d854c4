import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createSmallWorld } from '../../sandbox/world/small.ts';
import { buildCompany, type Company } from '../oracle/company.ts';
import { randomPlan } from '../oracle/worlds.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { compare, makeUsers } from './shown.ts';

/** Random companies in one run; PROVE_RUNS asks for more. */
const runs = Number(process.env['PROVE_RUNS'] ?? 12);

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: createSmallWorld() });
});
afterAll(() => harness.close());

/** Gives the sandbox another company, and Sluice a new connection to it. */
async function open({ world }: Company): Promise<HarnessConnection> {
  await harness.database.db.deleteFrom('connections').execute();
  harness.sandbox.context.faults.clear();
  harness.sandbox.context.store.replace(structuredClone(world));
  return harness.connect({ world });
}

test(
  'after a sync everybody is shown exactly what Atlassian would show, by every way',
  async () => {
    await fc.assert(
      fc.asyncProperty(randomPlan(), async (plan) => {
        const company = buildCompany(plan);
        const { db } = harness.database;
        const connection = await open(company);
        const users = await makeUsers(db, company);
        expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
        expect(await compare(db, connection.connectionId, users, company)).toEqual([]);
      }),
      { numRuns: runs, endOnFailure: process.env['PROVE_SHRINK'] === undefined },
    );
  },
  60_000 + runs * 10_000,
);
