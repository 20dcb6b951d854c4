import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { cjkRuns, pairsOf } from './cjk.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

async function words(title: string, labels: string, text: string): Promise<string[]> {
  const { rows } = await sql<{ lexemes: string[] }>`
    select tsvector_to_array(sluice_words(${title}, ${labels}, ${text})) as lexemes`.execute(database.db);
  return rows[0]?.lexemes ?? [];
}

/** `count` different characters from `first` on, round and round, cut by `separator`. */
function stream(first: number, range: number, count: number, step: number, separator = ''): string {
  return Array.from({ length: count }, (_, at) => String.fromCodePoint(first + ((at * step) % range))).join(
    separator,
  );
}

/** 200,000 different words of two letters of three bytes each: twice what a vector holds. */
const tooManyWords = Array.from({ length: 200_000 }, (_, at) =>
  String.fromCodePoint(0xa000 + (at % 1100), 0xa000 + (Math.floor(at / 1100) % 1100)),
).join(' ');

test('what a vector cannot hold is cut, and the beginning is still found', async () => {
  const { db } = database;
  await expect(sql`select to_tsvector('sluice', ${tooManyWords})`.execute(db)).rejects.toThrow(
    'too long for tsvector',
  );
  expect(await words('Kept', 'label', `zebra ${tooManyWords}`)).toEqual(
    expect.arrayContaining(['kept', 'label', 'zebra']),
  );
});

test.each([
  ['no spaces at all', 'a'.repeat(3_000_000)],
  ['different words', Array.from({ length: 150_000 }, (_, at) => at.toString(36)).join(' ')],
  ['one chain of hyphens', Array.from({ length: 100_000 }, (_, at) => at.toString(36)).join('-')],
  [
    'addresses',
    Array.from({ length: 60_000 }, (_, at) => `https://h${at}.example.com/p${at}?q=${at}`).join(' '),
  ],
  [
    'Chinese, every pair different',
    stream(0x4e00, 20_000, 200_000, 79) + stream(0x4e00, 19_997, 200_000, 137),
  ],
  ['one-letter words of three bytes', stream(0x1200, 9000, 200_000, 7, ' ')],
  ['characters beyond the basic plane', stream(0x1f300, 900, 200_000, 1)],
  ['combining marks', `e${'\u0301'.repeat(100_000)} `.repeat(3)],
])('a huge text never fails: %s', async (_, text) => {
  expect(await words('Kept', 'label', text)).toEqual(expect.arrayContaining(['kept', 'label']));
});

test('a huge title and huge labels never fail either', async () => {
  const huge = Array.from({ length: 100_000 }, (_, at) => at.toString(36)).join(' ');
  expect(await words(huge, huge, 'zebra')).toContain('zebra');
});

test('any text is taken', async () => {
  const text = fc
    .string({ unit: 'binary', maxLength: 200 })
    .map((s) => s.toWellFormed().replaceAll('\0', ''));
  await fc.assert(
    fc.asyncProperty(text, text, text, async (title, labels, body) => {
      await expect(words(title, labels, `${body} zebra`)).resolves.toContain('zebra');
    }),
    { numRuns: 60 },
  );
});

test('every substring in Chinese, Japanese or Korean is in the index as pairs', async () => {
  const character = fc.constantFrom(
    ...'東京都庁北京ひらがなカタカナー々서울특별시',
    'a',
    ' ',
    '、',
    '𠮟',
    '1',
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(character, { minLength: 1, maxLength: 30 }),
      fc.nat(),
      fc.nat(),
      async (text, a, b) => {
        const [from, to] = [a % text.length, b % text.length].sort((x, y) => x - y);
        const part = text.slice(from, (to ?? 0) + 1).join('');
        const indexed = await words('', '', text.join(''));
        for (const run of cjkRuns(part)) {
          for (const pair of pairsOf(run) ?? []) expect(indexed).toContain(pair);
          expect(indexed.some((lexeme) => lexeme.startsWith([...run][0] ?? ''))).toBe(true);
        }
      },
    ),
    { numRuns: 60 },
  );
});
