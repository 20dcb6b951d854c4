import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createSmallWorld } from '../../sandbox/world/small.ts';
import { moveConnectionIfPossible } from '../../store/connection-state.ts';
import { apply, randomChange } from '../oracle/changes.ts';
import { buildCompany } from '../oracle/company.ts';
import { randomPlan } from '../oracle/worlds.ts';
import { openCompany } from './company.ts';
import { randomFailure } from './failing-calls.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';

const runs = Number(process.env['PROVE_RUNS'] ?? 6);
const failures = fc.array(randomFailure(), { minLength: 1, maxLength: 3 });

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: createSmallWorld() });
});
afterAll(() => harness.close());

/** The calls answer again, and somebody has seen to a credential that was taken for dead: such a connection rests. */
async function mend({ connectionId }: HarnessConnection): Promise<void> {
  harness.sandbox.context.faults.clear();
  await moveConnectionIfPossible(harness.database.db, connectionId, 'authorized');
}

test(
  'P3: whatever call about access fails in a first sync, nobody is shown more than is right',
  async () => {
    await fc.assert(
      fc.asyncProperty(randomPlan(), failures, async (plan, failing) => {
        const { faults } = harness.sandbox.context;
        const { connection, differences, leaks } = await openCompany(harness, buildCompany(plan));
        for (const failure of failing) faults.add(failure);
        await connection.sync();
        expect(await leaks()).toEqual([]);
        await mend(connection);
        expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
        expect(await differences()).toEqual([]);
      }),
      { numRuns: runs, endOnFailure: true },
    );
  },
  60_000 + runs * 30_000,
);

test(
  'P3: a change that failing calls keep from us shows nobody what was right neither before nor after',
  async () => {
    const kinds = fc.constantFrom('full', 'incremental', 'permissions');
    await fc.assert(
      fc.asyncProperty(randomPlan(), randomChange(), failures, kinds, async (plan, change, failing, kind) => {
        const { faults, store } = harness.sandbox.context;
        const before = buildCompany(plan);
        const { connection, differences, leaks } = await openCompany(harness, before);
        await connection.sync();
        apply(store, [change], before);
        for (const failure of failing) faults.add(failure);
        await connection.sync(kind);
        expect(await leaks(before.world)).toEqual([]);
        await mend(connection);
        expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
        expect(await differences()).toEqual([]);
      }),
      { numRuns: runs, endOnFailure: true },
    );
  },
  60_000 + runs * 30_000,
);
