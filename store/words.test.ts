import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import { foldText } from '../content/fold.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const word = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    'résumé',
    'report.pdf',
    'a/b',
    '東京都庁',
    'カタカナ',
    'ｶﾀｶﾅ',
    '한국어',
    'ﬁle',
    'List<String>',
    "it's",
    '𠀋𠀌𠀍',
    'x東y京z',
  ),
);
const text = fc
  .array(word, { maxLength: 12 })
  .map((words) => words.join(' ').replaceAll('\u0000', '').toWellFormed());

test('texts folded by Node make the same search vector as those folded by PostgreSQL', async () => {
  await fc.assert(
    fc.asyncProperty(text, text, async (title, body) => {
      const [head, rest] = [foldText(title, 1_000), foldText(body)];
      const { rows } = await sql<{ folded: string; plain: string }>`select
        sluice_words_folded(${head.plain}, ${head.pairs}, '', null, ${rest.plain}, ${rest.pairs})::text as folded,
        sluice_words(${title}, '', ${body})::text as plain`.execute(database.db);
      expect(rows[0]?.folded).toBe(rows[0]?.plain);
    }),
    { numRuns: 400 },
  );
});

test('a text of more different words than a vector holds is cut, not refused', async () => {
  const { plain, pairs } = foldText(Array.from({ length: 200_000 }, (_, index) => `word${index}`).join(' '));
  const { rows } = await sql<{ size: number }>`select
    length(sluice_words_folded('t', null, '', null, ${plain}, ${pairs})) as size`.execute(database.db);
  expect(rows[0]?.size).toBeGreaterThan(5_000);
});
