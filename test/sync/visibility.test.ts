import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createSmallWorld } from '../../sandbox/world/small.ts';
import { buildCompany, type Company } from '../oracle/company.ts';
import { apply, randomChanges } from '../oracle/changes.ts';
import { randomPlan } from '../oracle/worlds.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { compare, leaksOfBoth, makeUsers } from './shown.ts';

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
        const { db } = harness.database;
        const { store } = harness.sandbox.context;
        const before = buildCompany({ ...plan, commentListingsHoldReplies: true });
        const connection = await open(before);
        const users = await makeUsers(db, before);
        await connection.sync();
        apply(store, changes);
        const after = { world: store.snapshot() };

        expect(await connection.sync('incremental')).toMatchObject({ state: 'succeeded' });
        const stale = await compare(db, connection.connectionId, users, before);
        const fresh = await compare(db, connection.connectionId, users, after);
        expect(leaksOfBoth(stale, fresh)).toEqual([]);

        expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
        expect(await compare(db, connection.connectionId, users, after)).toEqual([]);
      }),
      { numRuns: runs, endOnFailure: true },
    );
  },
  60_000 + runs * 20_000,
);
