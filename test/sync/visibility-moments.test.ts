import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createSmallWorld } from '../../sandbox/world/small.ts';
import { apply, randomChange } from '../oracle/changes.ts';
import { buildCompany } from '../oracle/company.ts';
import { randomPlan } from '../oracle/worlds.ts';
import { openCompany } from './company.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';

const runs = Number(process.env['PROVE_RUNS'] ?? 4);

let harness: SyncHarness;
beforeAll(async () => {
  // Slow answers, so that there are moments to look at.
  harness = await createSyncHarness({ world: createSmallWorld(), sandbox: { latencyMs: 40 } });
});
afterAll(() => harness.close());

async function isOver(runId: string): Promise<boolean> {
  const run = await harness.database.db
    .selectFrom('sync_runs')
    .select('finished_at')
    .where('id', '=', runId)
    .executeTakeFirstOrThrow();
  return run.finished_at !== null;
}

/** One change: of several, a sync may learn the later first, and be for a moment where the source never was. */
test(
  'P2: at no moment of a sync is anybody shown what was allowed neither before nor after',
  async () => {
    await fc.assert(
      fc.asyncProperty(randomPlan(), randomChange(), async (plan, change) => {
        const { store } = harness.sandbox.context;
        const before = buildCompany(plan);
        const { connection, differences, leaks } = await openCompany(harness, before);
        await connection.sync();
        apply(store, [change], before);
        for (const kind of ['incremental', 'permissions', 'full'] as const) {
          const runId = await connection.start(kind);
          for (let over = false; !over;) {
            over = await isOver(runId);
            expect(await leaks(before.world)).toEqual([]);
          }
          await connection.ended(runId);
        }
        expect(await differences()).toEqual([]);
      }),
      { numRuns: runs, endOnFailure: true },
    );
  },
  60_000 + runs * 30_000,
);
