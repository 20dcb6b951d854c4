import { expect, test } from '@jest/globals';
import { count, duration, exactTime, plural, relativeTime } from './time.ts';

const now = new Date('2026-03-26T16:00:00Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);

test.each([
  [0, 'just now'],
  [44, 'just now'],
  [-10, 'in a moment'],
  [50, '1 min. ago'],
  [3 * 60 + 59, '3 min. ago'],
  [-2 * 3600 - 5, 'in 2 hr.'],
  [86_400, '1 day ago'],
  [40 * 86_400, 'Feb 14, 2026'],
])('%i seconds ago reads "%s"', (seconds, words) => {
  expect(relativeTime(ago(seconds), now)).toBe(words);
});

test('the exact time is UTC to the second', () => {
  expect(exactTime(now)).toBe('2026-03-26 16:00:00 UTC');
});

test.each([
  [0.4, '0 s'],
  [59, '59 s'],
  [200, '3 min 20 s'],
  [7200, '2 h'],
  [7500, '2 h 5 min'],
  [86_400 * 3 + 3600 * 4, '3 d 4 h'],
])('%d seconds last "%s"', (seconds, words) => {
  expect(duration(seconds)).toBe(words);
});

test('numbers are grouped and agree with their noun, also beyond what a JavaScript number holds', () => {
  expect(plural('12408', 'page')).toBe('12,408 pages');
  expect(plural(1, 'reply', 'replies')).toBe('1 reply');
  expect(count('9007199254740993')).toBe('9,007,199,254,740,993');
});
