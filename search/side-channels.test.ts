import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import type { ViewerId } from '../store/visibility.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { createSampleSite } from '../test/sample-site.ts';
import { searchRecords } from './search.ts';
import type { Facet, SearchPage } from './types.ts';

/**
 * A site whose records never change and whose rights change with every run: two products of the same words, so that
 * every count that is too large by one hidden record shows.
 */
const layerNames = ['product', 'space-A', 'space-B', 'top', 'inner'];
const groups = ['g1', 'g2', 'g3'];
const people = ['anna', 'bert', 'cleo'];
const records = Array.from({ length: 36 }, (_, at) => ({
  externalId: `r${at}`,
  text: at % 3 === 0 ? 'zebra crossing' : 'zebra',
  kind: (['page', 'blogpost', 'attachment'] as const)[at % 3] ?? 'page',
  space: at % 2 === 0 ? 'A' : 'B',
  labels: [`l${at % 4}`],
  parent: at < 4 ? undefined : `r${at - 4}`,
  layers:
    at === 35
      ? null
      : ['product', at % 2 === 0 ? 'space-A' : 'space-B', ...layerNames.slice(3, 3 + (at % 4) - 1)],
}));

let database: TestDatabase;
let site: Awaited<ReturnType<typeof createSampleSite>>;
const viewers = new Map<string, ViewerId>();

beforeAll(async () => {
  database = await createTestDatabase();
  site = await createSampleSite(database.db);
  for (const name of layerNames.slice(1)) await site.layer(name, []);
  for (const name of people) viewers.set(name, await site.person(name));
  for (const group of groups) {
    await sql`insert into atlassian_groups (connection_id, group_id, members_state)
      values (${site.connectionId}, ${group}, 'known')`.execute(database.db);
  }
  for (const { externalId, parent, ...record } of records) {
    await site.record(externalId, { ...record, ...(parent !== undefined && { parent }) });
  }
});
afterAll(() => database.close());

const principal = fc.constantFrom(...groups.map((g) => `group:${g}`), ...people.map((p) => `user:${p}`));
const rights = fc.record({
  layers: fc.tuple(
    ...layerNames.map(() => fc.option(fc.uniqueArray(principal, { maxLength: 5 }), { nil: null, freq: 8 })),
  ),
  members: fc.uniqueArray(fc.tuple(fc.constantFrom(...groups), fc.constantFrom(...people)), {
    selector: (pair) => pair.join(),
    maxLength: 7,
  }),
});
type Rights = typeof rights extends fc.Arbitrary<infer T> ? T : never;

/** Who may see a record, by a reckoning of its own: no ACL, or a layer that is unknown (null), closes it. */
function sees(person: string, layers: string[] | null, { layers: principals, members }: Rights): boolean {
  const held = [
    `user:${person}`,
    ...members.filter(([, who]) => who === person).map(([group]) => `group:${group}`),
  ];
  return (
    layers !== null &&
    layers.every((name) => principals[layerNames.indexOf(name)]?.some((one) => held.includes(one)) === true)
  );
}

async function grant({ layers, members }: Rights): Promise<void> {
  const { db } = database;
  await db.deleteFrom('group_members').execute();
  for (const [group, person] of members) await site.member(person, group);
  for (const [at, principals] of layers.entries()) {
    await db
      .updateTable('acl_layers')
      .set({ state: principals === null ? 'unknown' : 'known', principals: principals ?? [] })
      .where('source_id', '=', layerNames[at] ?? '')
      .execute();
  }
}

test('totals, facets, pages and breadcrumbs equal a count over what each person may see', async () => {
  await fc.assert(
    fc.asyncProperty(
      rights,
      fc.constantFrom('zebra', 'zebra crossing', 'label:l1', '', 'zeb'),
      async (given, q) => {
        await grant(given);
        for (const [person, viewer] of viewers) {
          const seen = records.filter((record) => sees(person, record.layers, given));
          const expected = seen.filter((record) =>
            q === 'label:l1' ? record.labels.includes('l1') : q !== 'zebra crossing' || record.text === q,
          );
          const pages: SearchPage[] = [];
          let cursor: string | null | undefined;
          while (cursor !== null) {
            const page = await searchRecords(database.db, viewer, {
              q,
              cursor,
              limit: 7,
              prefix: q === 'zeb',
            });
            pages.push(page);
            cursor = page.nextCursor;
          }
          const hits = pages.flatMap((page) => page.hits);
          expect(hits.map((hit) => hit.externalId).sort()).toEqual(expected.map((r) => r.externalId).sort());
          for (const page of pages) {
            expect(page.totalVisible).toBe(expected.length);
            expect(counts(page.facets.types)).toEqual(tally(expected.map((record) => record.kind)));
            expect(counts(page.facets.spaces)).toEqual(tally(expected.map((record) => record.space)));
            expect(counts(page.facets.labels)).toEqual(tally(expected.flatMap((record) => record.labels)));
            expect(counts(page.facets.connections)).toEqual(tally(expected.map(() => site.connectionId)));
          }
          const titles = new Set(seen.map((record) => record.externalId));
          expect(hits.flatMap((hit) => hit.breadcrumbs).filter((crumb) => !titles.has(crumb.title))).toEqual(
            [],
          );
        }
      },
    ),
    { numRuns: 20 },
  );
});

function counts(facets: Facet[]): Record<string, number> {
  return Object.fromEntries(facets.map((facet) => [facet.value, facet.count]));
}

function tally(values: string[]): Record<string, number> {
  const result: Record<string, number> = {};
  for (const value of values) result[value] = (result[value] ?? 0) + 1;
  return result;
}
