import { expect, test } from '@jest/globals';
import { brakesFor, isTooMuch } from './brake.ts';

test.each([
  [19, 19, 30, false],
  [20, 20, 30, true],
  [30, 100, 30, false],
  [31, 100, 30, true],
  [300, 300, 100, false],
  [20, 1_000_000, 0, true],
] as const)('%d of %d at %d %%: %s', (found, total, percent, asked) => {
  expect(isTooMuch(found, total, percent)).toBe(asked);
});

const space = (externalId: string, found: number, unexplained: number, total: number) => ({
  externalId,
  found,
  unexplained,
  total,
});

test('a space that lost much is asked about, and the others go on', () => {
  const connection = { found: 45, total: 1000 };
  const spaces = [space('1', 40, 40, 100), space('2', 5, 5, 100)];
  expect(brakesFor({ connection, spaces }, 30)).toEqual(['1']);
});

test('what the site says of a space as a whole counts for the connection alone', () => {
  const spaces = [space('1', 100, 0, 100)];
  expect(brakesFor({ connection: { found: 100, total: 1000 }, spaces }, 30)).toEqual([]);
  expect(brakesFor({ connection: { found: 100, total: 200 }, spaces }, 30)).toBe('connection');
});
