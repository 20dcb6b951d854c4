import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createSmallWorld } from '../../sandbox/world/small.ts';
import { apply, changeKinds, randomChange } from '../oracle/changes.ts';
import { buildCompany, crawler, everywhere, pick, restrictionOf } from '../oracle/company.ts';
import { randomNamed, randomPlan } from '../oracle/worlds.ts';
import { openCompany, type OpenCompany } from './company.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { shownTo } from './shown.ts';

const runs = Number(process.env['PROVE_RUNS'] ?? 4);
const number = fc.nat({ max: 1000 });
const kinds = fc.constantFrom('full', 'incremental', 'permissions');

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: createSmallWorld() });
});
afterAll(() => harness.close());

/** What each person is shown now, by email. */
async function everybodySees(
  { users, connection }: OpenCompany,
  { connectionId } = connection,
): Promise<Map<string, string[]>> {
  const seen = new Map<string, string[]>();
  for (const { userId, email } of users)
    seen.set(email, (await shownTo(harness.database.db, connectionId, userId, everywhere, 50)).acls);
  return seen;
}

/** Somebody who is shown something new. */
function gains(before: Map<string, string[]>, after: Map<string, string[]>): [string, string[]][] {
  return [...after].flatMap(([email, ids]) => {
    const more = ids.filter((id) => !before.get(email)?.includes(id));
    return more.length === 0 ? [] : [[email, more] as [string, string[]]];
  });
}

test(
  'P4: adding a restriction, or shortening one, never adds a viewer',
  async () => {
    await fc.assert(
      fc.asyncProperty(randomPlan(), number, randomNamed(), kinds, async (plan, what, named, kind) => {
        const { store } = harness.sandbox.context;
        const open = await openCompany(harness, buildCompany(plan));
        await open.connection.sync();
        const before = await everybodySees(open);
        const world = store.snapshot();
        const item = pick(world.content, what);
        if (item === undefined) return;
        const { users, groups } = item.restrictions.read;
        const list = users.length + groups.length > 1 ? { users, groups: groups.slice(1) } : null;
        const people = world.people.filter(({ accountId }) => accountId !== crawler);
        const added = restrictionOf(named, people, world.groups);
        store.setRestriction(
          item.id,
          'read',
          list ?? (users.length + groups.length === 0 ? added : { users, groups }),
        );
        await open.connection.sync(kind);
        expect(gains(before, await everybodySees(open))).toEqual([]);
        await open.connection.sync();
        expect(gains(before, await everybodySees(open))).toEqual([]);
      }),
      { numRuns: runs, endOnFailure: true },
    );
  },
  60_000 + runs * 20_000,
);

test(
  'P5: taking somebody out of a group never adds a viewer',
  async () => {
    await fc.assert(
      fc.asyncProperty(randomPlan(), number, number, kinds, async (plan, what, who, kind) => {
        const { store } = harness.sandbox.context;
        const open = await openCompany(harness, buildCompany(plan));
        await open.connection.sync();
        const before = await everybodySees(open);
        const group = pick(store.snapshot().groups, what);
        const member = pick(group?.members.filter((id) => id !== crawler) ?? [], who);
        if (group === undefined || member === undefined) return;
        store.removeMember(group.id, member);
        await open.connection.sync(kind);
        expect(gains(before, await everybodySees(open))).toEqual([]);
        await open.connection.sync();
        expect(gains(before, await everybodySees(open))).toEqual([]);
      }),
      { numRuns: runs, endOnFailure: true },
    );
  },
  60_000 + runs * 20_000,
);

test(
  'P8: in whatever order changes come, and however often they are read on the way, the end is the same',
  async () => {
    // An email that has changed is another thing to whoever knew it before.
    const others = changeKinds.filter((kind) => !kind.endsWith('email'));
    const steps = fc.array(fc.tuple(randomChange(others), fc.option(kinds)), { minLength: 2, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(randomPlan(), steps, async (plan, taken) => {
        const { store } = harness.sandbox.context;
        const before = buildCompany(plan);
        const open = await openCompany(harness, before);
        await open.connection.sync();
        for (const [change, kind] of taken) {
          apply(store, [change], before);
          if (kind !== null) await open.connection.sync(kind);
        }
        expect(await open.connection.sync()).toMatchObject({ state: 'succeeded' });
        expect(await open.differences()).toEqual([]);
        // Where answers differed from the source's on the way, they are compared once more and agree.
        await open.connection.sync('permissions');
        expect(await open.held()).toEqual([]);

        // A connection that comes to the end of it, and saw nothing on the way.
        const late = await harness.connect({ world: before.world, settings: open.settings });
        expect(await late.sync()).toMatchObject({ state: 'succeeded' });
        expect(await everybodySees(open, late)).toEqual(await everybodySees(open));
      }),
      { numRuns: runs, endOnFailure: true },
    );
  },
  60_000 + runs * 30_000,
);
