import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { SMALL } from '../../sandbox/world/small.ts';
import type { Connection } from '../../store/schema.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { createWantedSite, SITE } from './wanted-site.ts';
import { expectWanted, set } from './wanted.ts';

jest.setTimeout(240_000);

const world = createWantedSite();
let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: structuredClone(world) });
});
afterAll(() => harness.close());
afterEach(async () => {
  await harness.database.db.deleteFrom('connections').execute();
});

type Settings = Connection['settings'];

const ids = world.content.map(({ id }) => id);
const list = (values: readonly string[]) =>
  fc.record({
    operator: fc.constantFrom('in' as const, 'not_in' as const),
    values: fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 4 }),
  });
const day = fc.integer({ min: 1, max: 28 }).map((n) => `2026-02-${String(n).padStart(2, '0')}T00:00:00.000Z`);
const time = fc.oneof(
  fc.record({ operator: fc.constant('is_after' as const), from: day }),
  fc.record({ operator: fc.constant('is_before' as const), to: day }),
);
const toggles = ['pageAttachments', 'pageComments', 'blogposts', 'blogpostAttachments', 'blogpostComments'];
const settings: fc.Arbitrary<Settings> = fc.record(
  {
    filters: fc.record(
      {
        spaceKeys: list(['ONE', 'TWO']),
        pageIds: list(ids),
        blogpostIds: list(SITE.posts),
        labels: list(['alpha', 'beta', 'none']),
        contentTypes: list(['blogpost', 'comment', 'attachment']).map((one) => ({
          ...one,
          operator: 'not_in' as const,
        })),
        authors: list([SMALL.mia, SMALL.admin]),
        created: time,
        modified: time,
      },
      { requiredKeys: [] },
    ),
    scope: fc.constantFrom({}, {}, { by: 'labels' as const, pageLabel: 'beta', treeLabel: 'alpha' }),
    indexing: fc
      .subarray(toggles, { maxLength: 2 })
      .map((names) => Object.fromEntries(names.map((name) => [name, false]))),
  },
  { requiredKeys: [] },
);
/** Filters are rarely many at once, and many at once leave nothing. */
const usual = settings.map(({ filters = {}, ...rest }) => ({
  ...rest,
  filters: Object.fromEntries(Object.entries(filters).slice(0, 2)),
}));

const changes = [
  () => site().updateContent('4003', { body: '<p>Edited.</p>' }),
  () => site().setLabels('4004', ['beta']),
  () => site().setLabels('4001', []),
  () => site().setRestriction('4001', 'read', { users: [SMALL.admin] }),
  () => site().setRestriction(SITE.restricted, 'read', { users: [], groups: [] }),
  () => site().addComment({ containerId: '4003', body: '<p>Said.</p>' }),
  () => site().trash('4008'),
  () =>
    site().addContent({
      spaceId: '1002',
      parentId: SITE.two,
      title: 'New',
      body: '<p>n</p>',
      labels: ['alpha'],
    }),
  () => site().addContent({ type: 'blogpost', spaceId: '1001', title: 'Post', body: '<p>n</p>' }),
];
const site = () => harness.sandbox.context.store;

test('whatever the rules, and however they and the source change, all that is wanted is shown, to whom the source shows it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(usual, { minLength: 2, maxLength: 3 }),
      fc.subarray(changes),
      async (turns, made) => {
        site().replace(structuredClone(world));
        const [first = {}] = turns;
        const connection = await harness.connect({ world, settings: first });
        expect(await connection.sync()).toMatchObject({ state: 'succeeded', failed: '0' });
        await expectWanted(harness, connection);
        for (const change of made) change();
        for (const turn of turns.slice(1)) {
          await set(harness, connection, turn);
          // Restrictions and labels that changed are read by permission syncs.
          expect(await connection.sync('permissions')).toMatchObject({ state: 'succeeded' });
          expect(await connection.sync('incremental')).toMatchObject({ state: 'succeeded', failed: '0' });
          await expectWanted(harness, connection);
        }
        expect(await connection.sync('sweep')).toMatchObject({ state: 'succeeded' });
        await expectWanted(harness, connection);
        await harness.database.db.deleteFrom('connections').execute();
      },
    ),
    { numRuns: Number(process.env['SOURCE_WORLDS'] ?? 6), seed: Number(process.env['SOURCE_SEED'] ?? 1) },
  );
});
