import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseQuery, queryBounds, type ParsedQuery } from './query.ts';

const shape = (parsed: ParsedQuery) => ({
  groups: parsed.groups.map((group) => group.map((term) => term.text)),
  excluded: parsed.excluded.map((term) => term.text),
  fields: parsed.fields,
});
const none = { groups: [], excluded: [], fields: {} };

test.each<[string, Partial<ReturnType<typeof shape>>]>([
  ['', {}],
  ['  ', {}],
  ['holiday policy', { groups: [['holiday'], ['policy']] }],
  ['"holiday policy" leave', { groups: [['holiday policy'], ['leave']] }],
  ['"not closed', { groups: [['not closed']] }],
  ['a -b -"c d"', { groups: [['a']], excluded: ['b', 'c d'] }],
  ['a OR b c', { groups: [['a', 'b'], ['c']] }],
  ['a OR b OR c', { groups: [['a', 'b', 'c']] }],
  ['OR a', { groups: [['a']] }],
  ['a OR', { groups: [['a']] }],
  ['a OR -b', { groups: [['a']], excluded: ['b'] }],
  ['a or b', { groups: [['a'], ['or'], ['b']] }],
  ['"OR"', { groups: [['OR']] }],
  ['space:HR label:"on call" x', { groups: [['x']], fields: { space: ['HR'], label: ['on call'] } }],
  ['Type:page type:blogpost', { fields: { type: ['page', 'blogpost'] } }],
  ['label:', { groups: [['label']] }],
  ['error:404', { groups: [['error 404']] }],
  ['e-mail report.pdf', { groups: [['e mail'], ['report pdf']] }],
  ['-- - "" "-" & | !', {}],
  ['a\u0000b\u0007', { groups: [['a'], ['b']] }],
  ['Ａｐｉ re\u0301sume\u0301', { groups: [['Api'], ['résumé']] }],
])('%j is understood', (input, expected) => {
  expect(shape(parseQuery(input))).toEqual({ ...none, ...expected });
});

test('only the last, open word of three letters or more is a prefix, and only when asked', () => {
  const prefixes = (input: string, prefix = true) =>
    parseQuery(input, { prefix })
      .groups.flat()
      .filter((term) => term.prefix)
      .map((term) => term.text);
  expect(prefixes('deploy guid')).toEqual(['guid']);
  expect(prefixes('deploy guid', false)).toEqual([]);
  for (const closed of [
    'deploy guide ',
    '"deploy guid"',
    '"deploy guid',
    'deploy gu',
    'a -guid',
    '東京都',
    'space:hro',
  ]) {
    expect([closed, prefixes(closed)]).toEqual([closed, []]);
  }
});

test('any string is read, within bounds, into texts that PostgreSQL can take', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), fc.boolean(), (input, prefix) => {
      const parsed = parseQuery(input, { prefix });
      const terms = [...parsed.groups.flat(), ...parsed.excluded];
      expect(terms.length).toBeLessThanOrEqual(queryBounds.terms);
      for (const { text } of terms) {
        expect(text).toMatch(/[\p{L}\p{N}]/u);
        expect([...text].length).toBeLessThanOrEqual(queryBounds.termCharacters);
        expect(text.isWellFormed()).toBe(true);
        expect(text).not.toMatch(/[\p{Cc}\uE000\uE001]/u);
      }
    }),
    { numRuns: 300 },
  );
});

test('what is beyond the bounds is said to be left out', () => {
  expect(parseQuery('x'.repeat(501)).truncated).toBe(true);
  expect(parseQuery('ab '.repeat(25)).truncated).toBe(true);
  expect(parseQuery('ab '.repeat(24)).truncated).toBe(false);
});
