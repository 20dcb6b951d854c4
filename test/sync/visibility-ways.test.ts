import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createSmallWorld } from '../../sandbox/world/small.ts';
import { recordKinds } from '../../search/types.ts';
import { visibleTo } from '../oracle/canView.ts';
import { buildCompany, everywhere, pick } from '../oracle/company.ts';
import { accountOf } from '../oracle/identity.ts';
import { layerAdmits } from '../oracle/layers.ts';
import { randomPlan, type Size } from '../oracle/worlds.ts';
import { createTestServer, type TestServer } from '../server.ts';
import { openCompany, type OpenCompany } from './company.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { viewOf, walk, type ApiView } from './ways.ts';

/** Every way that there is to a record, through the whole server; each pair is several requests, so few and small. */
const runs = Number(process.env['PROVE_RUNS'] ?? 3);
const size: Size = { people: 5, groups: 4, spaces: 2, items: 12, comments: 3, attachments: 2 };
const held = fc.option(fc.nat({ max: 1000 }));

let harness: SyncHarness;
let server: TestServer;
beforeAll(async () => {
  harness = await createSyncHarness({ world: createSmallWorld() });
  server = await createTestServer({ database: harness.database });
});
afterAll(async () => {
  await server.close();
  await harness.close();
});

/** A random company that was read, as an administrator's key sees it, and through the eyes of each of its people. */
async function readCompany(plan: Parameters<typeof buildCompany>[0], hold: number | null) {
  const company = buildCompany(plan);
  const open = await openCompany(harness, company);
  await open.connection.sync();
  const item = hold === null ? undefined : pick(company.world.content, hold);
  if (item !== undefined) await open.hold([item.id]);
  const key = await server.key(await server.person('root@sluice.example', 'administrator'));
  const records = await harness.database.db.selectFrom('records').select(['id', 'external_id']).execute();
  const administrator = viewOf(server.app, key, null);
  const people = open.users.map(({ email }) => viewOf(server.app, key, email));
  return { open, records, administrator, people };
}

async function allowedTo({ truth, held: heldNow }: OpenCompany, { email }: ApiView): Promise<Set<string>> {
  const now = { ...truth(), held: await heldNow() };
  return visibleTo(now, accountOf(now, email));
}

const sum = (facets: { count: number }[]) => facets.reduce((all, { count }) => all + count, 0);

test(
  'P6: search, filters, facets, lists, single records, breadcrumbs and explanations agree with the oracle',
  async () => {
    await fc.assert(
      fc.asyncProperty(randomPlan(size), held, async (plan, hold) => {
        const { open, records, people } = await readCompany(plan, hold);
        const connection = `connection=${open.connection.connectionId}`;
        for (const person of people) {
          const may = await allowedTo(open, person);
          const shown = records.map((record) => record.external_id).filter((id) => may.has(id));
          const found = await walk(person, `/search?q=&limit=5&${connection}`);
          const named = await walk(person, `/search?q=${everywhere}&limit=50&${connection}`);
          const listed = await walk(person, `/records?limit=5&${connection}`);
          expect([found.ids, named.ids, listed.ids]).toEqual([found.ids, found.ids, found.ids]);
          expect(found.ids.filter((id) => !may.has(id))).toEqual([]);
          // What the oracle allows and is not shown is judged in visibility.test.ts: roles and permissions may differ.
          expect(shown.length).toBeGreaterThanOrEqual(found.ids.length);

          const visible = new Set(found.ids);
          for (const { above, first } of [found, named])
            expect([above.filter((id) => !visible.has(id)), first.totalVisible]).toEqual([[], visible.size]);
          expect(listed.above.filter((id) => !visible.has(id))).toEqual([]);
          const { facets } = found.first;
          expect([sum(facets.connections), sum(facets.types)]).toEqual([visible.size, visible.size]);
          const byType = [];
          for (const type of recordKinds)
            byType.push(...(await walk(person, `/search?q=&limit=50&type=${type}&${connection}`)).ids);
          expect(byType.sort()).toEqual(found.ids);
          const bySpace = [];
          for (const { value } of facets.spaces)
            bySpace.push(...(await walk(person, `/search?q=&limit=50&space=${value}&${connection}`)).ids);
          expect(bySpace.sort()).toEqual(found.ids);

          for (const { id, external_id } of records) {
            const [one, access] = [
              await person.get(`/records/${id}`),
              await person.get(`/records/${id}/access`),
            ];
            const sees = visible.has(external_id);
            expect([external_id, one.status, access.status]).toEqual([
              external_id,
              sees ? 200 : 404,
              sees ? 200 : 404,
            ]);
            if (!sees) continue;
            expect(access.body.visible).toBe(true);
            expect(one.body.ancestors.filter((place) => !visible.has(place.externalId))).toEqual([]);
          }
        }
      }),
      { numRuns: runs, endOnFailure: true },
    );
  },
  60_000 + runs * 60_000,
);

test(
  'P7: the explanation’s verdict is the search’s, and the layers that it says refuse truly refuse',
  async () => {
    await fc.assert(
      fc.asyncProperty(randomPlan(size), held, async (plan, hold) => {
        const { open, records, administrator, people } = await readCompany(plan, hold);
        const now = open.truth();
        const inTransition = now.site.spaceRoleMode === 'ROLES_TRANSITION';
        for (const person of people) {
          const { ids } = await walk(
            person,
            `/search?q=&limit=50&connection=${open.connection.connectionId}`,
          );
          for (const { id, external_id } of records) {
            const { body } = await administrator.get(`/records/${id}/access?user=${person.email}`);
            expect([external_id, body.visible]).toEqual([external_id, ids.includes(external_id)]);
            const isSomebody = body.accountId !== null || now.visitorsWelcome === true;
            for (const { kind, sourceId, state, admitted } of body.layers) {
              const right = isSomebody && layerAdmits(now, body.accountId, kind, sourceId);
              // Of two lists that differ while a site changes over, less may be admitted than is right.
              const expected = inTransition && kind === 'space' ? right && admitted : right;
              expect([external_id, kind, sourceId, state, admitted]).toEqual([
                external_id,
                kind,
                sourceId,
                'known',
                expected,
              ]);
            }
          }
        }
      }),
      { numRuns: runs, endOnFailure: true },
    );
  },
  60_000 + runs * 60_000,
);
