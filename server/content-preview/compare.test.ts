import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compare, type Change } from './compare.ts';

const joined = (changes: Change[], without: Change['kind']) =>
  changes
    .filter(({ kind }) => kind !== without)
    .map(({ text }) => text)
    .join('');

test('the pieces are both texts', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', ' ', '\n', 'word', '| c |', '漢字'), { maxLength: 30 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const changes = compare(before, after);
      expect(joined(changes, 'added')).toBe(before);
      expect(joined(changes, 'removed')).toBe(after);
    }),
  );
});

test('equal texts have no change', () => {
  expect(compare('a\nb\n', 'a\nb\n')).toEqual([{ kind: 'same', text: 'a\nb\n' }]);
  expect(compare('', '')).toEqual([]);
});

test('a changed line is told by its words, the others as they are', () => {
  expect(compare('one\nthe old dock\ntwo\n', 'one\nthe new dock\ntwo\n')).toEqual([
    { kind: 'same', text: 'one\n' },
    { kind: 'same', text: 'the ' },
    { kind: 'removed', text: 'old' },
    { kind: 'added', text: 'new' },
    { kind: 'same', text: ' dock\n' },
    { kind: 'same', text: 'two\n' },
  ]);
});

test('a line that is gone, and one that came', () => {
  expect(compare('a\nb\nc\n', 'b\nc\nd\n')).toEqual([
    { kind: 'removed', text: 'a\n' },
    { kind: 'same', text: 'b\nc\n' },
    { kind: 'added', text: 'd\n' },
  ]);
});

test('texts with nothing in common come back whole', () => {
  const lines = (letter: string) => Array.from({ length: 5_000 }, (_, at) => `${letter}${at}`).join('\n');
  expect(compare(lines('a'), lines('b'))).toEqual([
    { kind: 'removed', text: lines('a') },
    { kind: 'added', text: lines('b') },
  ]);
});
