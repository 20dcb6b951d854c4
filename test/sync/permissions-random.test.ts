import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createSmallWorld } from '../../sandbox/world/small.ts';
import { apply, changeKinds, randomChange } from '../oracle/changes.ts';
import { buildCompany } from '../oracle/company.ts';
import { randomPlan } from '../oracle/worlds.ts';
import { openCompany } from './company.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';

const runs = Number(process.env['PROVE_RUNS'] ?? 8);

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: createSmallWorld() });
});
afterAll(() => harness.close());

/** Comments, attachments and titles are content: a sync of content brings them. */
const ofContent = ['withdraw comment', 'withdraw attachment', 'rename'];
const ofPermissions = changeKinds.filter((kind) => !ofContent.includes(kind));

test(
  'whatever changes about access and places, the next permission sync shows what is right',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        randomPlan(),
        fc.array(randomChange(ofPermissions), { minLength: 1, maxLength: 4 }),
        async (plan, changes) => {
          const { store } = harness.sandbox.context;
          // What comes out of the trash for the first time is new content.
          const items = plan.items.map((item) => ({ ...item, status: 'current' as const }));
          const company = buildCompany({ ...plan, items });
          const { connection, differences } = await openCompany(harness, company);
          await connection.sync();
          apply(store, changes, company);
          expect(await connection.sync('permissions')).toMatchObject({ state: 'succeeded' });
          expect(await differences()).toEqual([]);
        },
      ),
      { numRuns: runs, endOnFailure: true },
    );
  },
  60_000 + runs * 10_000,
);
