import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import { askReadable } from '../store/readable-sets.ts';
import type { Db } from '../store/schema.ts';
import type { ViewerId } from '../store/visibility.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { createSampleSite } from '../test/sample-site.ts';
import { matchingOf } from './matching.ts';
import { parseQuery } from './query.ts';
import { erasSince, type Reach } from './reach.ts';
import { searchStatement, type StatementResult } from './statement.ts';

let database: TestDatabase;
const viewers: ViewerId[] = [];
const words = ['zebra', 'giraffe', 'lion'];

beforeAll(async () => {
  database = await createTestDatabase();
  const site = await createSampleSite(database.db);
  viewers.push(await site.person('anna', ['everyone', 'finance']), await site.person('bert', ['everyone']));
  viewers.push(await site.person('olga'));
  await site.layer('space-FIN', ['group:finance']);
  for (let at = 0; at < 40; at += 1) {
    const secret = at % 3 === 0;
    await site.record(`r${at}`, {
      title: `${words[at % 3]} ${at}`,
      text: words.slice(at % 4).join(' '),
      kind: at % 5 === 0 ? 'blogpost' : 'page',
      space: secret ? 'FIN' : 'TEAM',
      layers: secret ? ['product', 'space-FIN'] : ['product'],
      modifiedAt: at % 7 === 0 ? null : `2026-01-${String(1 + (at % 28)).padStart(2, '0')}T00:00:00Z`,
    });
  }
});
afterAll(() => database.close());

async function found(
  viewer: ViewerId,
  q: string,
  reach: Reach,
  db: Db = database.db,
  cap = 100,
): Promise<StatementResult> {
  const matching = matchingOf(parseQuery(q));
  return askReadable(db, viewer, async (readable) => {
    const input = { readable, matching, filters: [], after: null, asOf: 0, limit: 50, cap, reach };
    const { rows } = await searchStatement({ ...input, excerptAround: null }).execute(db);
    return rows[0]?.page ?? null;
  });
}

const everything: Reach = { depth: null, since: null, within: null };
const reach = fc.record({
  depth: fc.constantFrom(1, 3, 10, 1_000),
  since: fc.constantFrom(null, new Date('2026-01-15')),
  within: fc.constantFrom<Reach['within']>(null, 'viewer', 'filter'),
});

test('whichever way is gone, nothing is found that all matches do not hold, and what is called complete is all', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...words, 'zebra lion', 'lion -giraffe', '"giraffe lion"', '', '-zebra'),
      reach,
      fc.nat(2),
      async (q, given, who) => {
        const viewer = viewers[who] as ViewerId;
        // Times cut off matches, not what may be seen.
        const tried = given.within === null ? given : { ...given, since: null };
        const all = await found(viewer, q, everything);
        const some = await found(viewer, q, tried);
        const ids = all.hits.map((hit) => hit.id);
        expect(some.hits.map((hit) => hit.id).filter((id) => !ids.includes(id))).toEqual([]);
        if (some.complete) {
          expect({ ...some, hits: some.hits.map((hit) => hit.id) }).toEqual({ ...all, hits: ids });
        }
      },
    ),
    { numRuns: 80 },
  );
});

test('a reach that holds every match says that it is complete', async () => {
  for (const within of [null, 'viewer', 'filter'] as const) {
    for (const viewer of viewers) {
      const { complete } = await found(viewer, 'lion', { depth: 1_000, since: null, within });
      expect(complete).toBe(true);
    }
  }
});

test('where it is not known in which spaces the viewer sees something, a search there is not complete', async () => {
  const { db } = database;
  await db.deleteFrom('readable_sets').execute();
  await db.transaction().execute(async (transaction) => {
    const tried: Reach = { depth: 1_000, since: null, within: 'viewer' };
    const { complete, total } = await found(viewers[0] as ViewerId, 'lion', tried, transaction);
    expect([complete, total]).toEqual([false, 0]);
  });
});

test('what is hidden takes no place among what is ranked, counted and cut', async () => {
  const own = await createTestDatabase();
  try {
    const site = await createSampleSite(own.db);
    const bert = await site.person('bert', ['everyone']);
    await site.layer('space-FIN', ['group:finance']);
    for (let at = 0; at < 60; at += 1) {
      const modifiedAt = new Date(Date.UTC(2026, 0, 1) + at * 3_600_000).toISOString();
      const title = at % 2 === 0 ? `zebra ${at}` : `giraffe ${at}`;
      await site.record(`v${at}`, {
        title,
        text: 'zebra',
        modifiedAt,
        kind: at % 3 === 0 ? 'blogpost' : 'page',
      });
    }
    const ask = () => found(bert, 'zebra', { depth: 1_000, since: null, within: null }, own.db, 20);
    const before = await ask();
    expect(before.total).toBeGreaterThan(20);
    for (let at = 0; at < 30; at += 1) {
      const modifiedAt = new Date(Date.UTC(2026, 5, 1) + at * 3_600_000).toISOString();
      const layers = ['product', 'space-FIN'];
      await site.record(`h${at}`, { title: `zebra ${at}`, text: 'zebra', modifiedAt, space: 'FIN', layers });
    }
    expect(await ask()).toEqual(before);
  } finally {
    await own.close();
  }
});

test('what heads alone fill is not enough: hidden matches may have taken the places of newer visible ones', async () => {
  const viewer = viewers[0] as ViewerId;
  const shallow: Reach = { depth: 3, since: null, within: null };
  const { total, enough, complete } = await found(viewer, 'zebra', shallow, database.db, 5);
  expect({ total, enough, complete }).toEqual({ total: 6, enough: false, complete: false });
  const deep = await found(viewer, 'zebra', { ...shallow, depth: 1_000 }, database.db, 5);
  expect(deep.enough).toBe(true);
});

test('the months and days since some time are those that the database knows later times by', async () => {
  const day = 86_400_000;
  const now = Date.now();
  const ago = fc.integer({ min: 0, max: 3_000 * day });
  await fc.assert(
    fc.asyncProperty(ago, fc.array(ago, { minLength: 1 }), async (since, times) => {
      const eras = erasSince(new Date(now - since), now);
      const later = times.map((time) => new Date(now - Math.min(time, since)));
      const { rows } = await sql<{ missed: number }>`
        select count(*)::int as missed from unnest(${later}::timestamptz[]) at
        where not sluice_eras(at) && ${eras}::int[]`.execute(database.db);
      expect(rows).toEqual([{ missed: 0 }]);
    }),
    { numRuns: 40 },
  );
});
