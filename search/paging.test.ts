import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ViewerId } from '../store/visibility.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { createSampleSite } from '../test/sample-site.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { searchRecords } from './search.ts';
import type { SearchQuery } from './types.ts';

let database: TestDatabase;
let site: Awaited<ReturnType<typeof createSampleSite>>;
let viewer: ViewerId;
let serial = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  site = await createSampleSite(database.db);
  viewer = await site.person('anna', ['everyone']);
  // Many with equal scores and equal times: the id must break the ties.
  for (let at = 0; at < 23; at += 1) {
    const modifiedAt = at % 5 === 0 ? null : `2026-01-0${1 + (at % 3)}T00:00:00Z`;
    await site.record(`z${at}`, { text: 'zebra '.repeat(1 + (at % 4)), modifiedAt });
  }
});
afterAll(() => database.close());

test('pages neither repeat nor lose a hit while other records arrive', async () => {
  const all = Array.from({ length: 23 }, (_, at) => `z${at}`).sort();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('zebra', '', 'zeb'),
      fc.integer({ min: 2, max: 9 }),
      fc.array(fc.constantFrom('zebra zebra zebra', 'giraffe'), { maxLength: 4 }),
      async (q, limit, arrivals) => {
        const query: SearchQuery = { q, limit, prefix: true };
        const seen: string[] = [];
        let cursor: string | null | undefined;
        while (cursor !== null) {
          const page = await searchRecords(database.db, viewer, { ...query, cursor });
          seen.push(...page.hits.map((hit) => hit.externalId));
          cursor = page.nextCursor;
          const text = arrivals.pop();
          if (text !== undefined) {
            serial += 1;
            await site.record(`n${serial}`, { title: text, text, modifiedAt: '2026-05-01T00:00:00Z' });
          }
        }
        expect(new Set(seen).size).toBe(seen.length);
        expect(seen.filter((id) => id.startsWith('z')).sort()).toEqual(all);
        await database.db.deleteFrom('records').where('external_id', 'like', 'n%').execute();
      },
    ),
    { numRuns: 12 },
  );
});

test('a total stays the same from page to page while matching records arrive', async () => {
  const first = await searchRecords(database.db, viewer, { q: 'zebra', limit: 5 });
  await site.record('late', { title: 'zebra' });
  const second = await searchRecords(database.db, viewer, {
    q: 'zebra',
    limit: 5,
    cursor: first.nextCursor ?? '',
  });
  expect([first.totalVisible, second.totalVisible]).toEqual([23, 23]);
  expect((await searchRecords(database.db, viewer, { q: 'zebra' })).totalVisible).toBe(24);
  await database.db.deleteFrom('records').where('external_id', '=', 'late').execute();
});

test('a cursor is read back exactly, and only whole and with its own query', () => {
  const position = fc.record({
    asOf: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    newestId: fc.bigInt({ min: 1n, max: 10n ** 18n - 1n }).map(String),
    score: fc.double({ min: -1e15, max: 1e15, noNaN: true }).map(String),
    id: fc.bigInt({ min: 1n, max: 10n ** 18n - 1n }).map(String),
  });
  fc.assert(
    fc.property(position, fc.string(), fc.nat(), (given, q, at) => {
      const cursor = encodeCursor(given, { q, space: ['A'] });
      expect(decodeCursor(cursor, { q, space: ['A'] })).toEqual(given);
      const spoilt = `${cursor.slice(0, at % cursor.length)}~${cursor.slice(at % cursor.length)}`.slice(
        0,
        -1,
      );
      const attempts: [string, SearchQuery][] = [
        [cursor, { q: `${q}x`, space: ['A'] }],
        [cursor, { q, space: ['B'] }],
        [cursor.slice(0, -2), { q, space: ['A'] }],
        [spoilt.slice(1), { q, space: ['A'] }],
        ['', { q, space: ['A'] }],
      ];
      for (const [bad, query] of attempts) {
        expect(() => decodeCursor(bad, query)).toThrow(
          expect.objectContaining({ code: 'invalid_cursor', status: 400 }),
        );
      }
    }),
  );
});
