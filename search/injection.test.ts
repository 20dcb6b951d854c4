import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ViewerId } from '../store/visibility.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { createSampleSite } from '../test/sample-site.ts';
import { parseQuery, type Term } from './query.ts';
import { searchRecords } from './search.ts';

const vocabulary = ['zeta', 'kappa', 'omega', 'sigma'];
/** Texts over the vocabulary: each word alone, pairs in order, and all. None of the words has other forms. */
const texts = [
  ...vocabulary,
  'zeta kappa',
  'kappa zeta',
  'omega sigma zeta',
  'zeta kappa omega sigma',
  "o'brien \\ 100% left_out",
];

let database: TestDatabase;
let viewer: ViewerId;
beforeAll(async () => {
  database = await createTestDatabase();
  const site = await createSampleSite(database.db);
  viewer = await site.person('anna', ['everyone']);
  for (const [at, text] of texts.entries()) await site.record(String(at), { title: 'Untold', text });
  await site.layer('secret', ['user:cleo']);
  await site.record('hidden', { text: texts.join(' '), layers: ['product', 'secret'] });
});
afterAll(() => database.close());

const noise = fc.constantFrom(
  ...'"\'\\-&|!()%_; ',
  'OR',
  ':*',
  '<->',
  '--',
  '$1',
  'space:',
  'label:x',
  "author:'||",
  'type:page',
  '\0',
  '\uD800',
  '¶',
  '京',
);
const query = fc
  .array(fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...vocabulary) }, noise, fc.constant(' ')), {
    maxLength: 14,
  })
  .map((parts) => parts.join(''));

test('a query finds what its words mean and nothing more, whatever stands between them', async () => {
  await fc.assert(
    fc.asyncProperty(query, fc.boolean(), async (q, prefix) => {
      const page = await searchRecords(database.db, viewer, { q, prefix, limit: 50 });
      const parsed = parseQuery(q, { prefix });
      // Stop words alone look for titles: a rule of its own, tested elsewhere.
      fc.pre(![...parsed.groups.flat(), ...parsed.excluded].some((term) => term.text.toLowerCase() === 'or'));
      const expected = texts.filter((_, at) => {
        const holds = (term: Term) => isIn(term, `Untold | ${texts[at]}`);
        return parsed.groups.every((group) => group.some(holds)) && !parsed.excluded.some(holds);
      });
      const { type, ...others } = parsed.fields;
      const narrowed = Object.keys(others).length > 0 || (type !== undefined && !type.includes('page'));
      const found = page.hits.map((hit) => texts[Number(hit.externalId)]);
      expect(found.sort()).toEqual(narrowed ? [] : expected.sort());
    }),
    { numRuns: 80 },
  );
});

test('no string at all makes a search fail or show what is hidden', async () => {
  const anything = fc.string({ unit: 'binary', maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(anything, anything, fc.boolean(), async (q, value, prefix) => {
      for (const filter of [
        {},
        { space: [value] },
        { label: [value] },
        { author: [value] },
        { connection: [value] },
      ]) {
        const page = await searchRecords(database.db, viewer, { q, prefix, limit: 50, ...filter });
        expect(page.hits.every((hit) => hit.externalId !== 'hidden')).toBe(true);
        expect(page.totalVisible).toBe(page.hits.length);
      }
    }),
    { numRuns: 25 },
  );
});

/** Independent of SQL: the term's words stand in the text one after the other. */
function isIn(term: Term, text: string): boolean {
  if (term.cjk) return false;
  const words = (given: string) =>
    given
      .toLowerCase()
      .split(/[^\p{L}\p{N}|]+/u)
      .filter(Boolean);
  const wanted = words(term.text);
  const held = words(text);
  return held.some((_, at) =>
    wanted.every((word, offset) => {
      const there = held[at + offset];
      return term.prefix && offset === wanted.length - 1 ? there?.startsWith(word) === true : there === word;
    }),
  );
}
