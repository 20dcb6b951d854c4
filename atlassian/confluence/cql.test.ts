import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from '../../sandbox/cql/parse.ts';
import { cqlIn, cqlNotIn, cqlString } from './cql.ts';

/** What would end a literal, or go on behind it, if anything could. */
const piece = fc.constantFrom(
  '"',
  "'",
  '\\',
  '\\"',
  '")',
  '" or type = page or title ~ "',
  ') order by created',
  ' and ',
  '\n',
  '\r\n',
  '\0',
  '\ud800',
  '~',
  '*',
  'currentUser()',
  'ЖИ',
  'שלום',
  '👩‍👩‍👧',
  '\u202e',
);
const value = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(fc.oneof(piece, fc.string({ unit: 'grapheme', maxLength: 4 })), { maxLength: 10 })
    .map((all) => all.join('')),
);

/** Line breaks are flattened: CQL has no literal of several lines. */
const flat = (text: string): string => text.replaceAll(/[\r\n]+/g, ' ');
const literal = (text: string) => ({ kind: 'literal', text: flat(text) });

test('whatever a value holds, it is one literal of the query, and what stands behind it is untouched', () => {
  fc.assert(
    fc.property(value, (text) => {
      expect(
        parse(`label = ${cqlString(text)} and type in (page, blogpost) order by created asc`),
      ).toMatchObject({
        where: {
          kind: 'and',
          terms: [
            { field: 'label', operator: '=', values: [literal(text)] },
            { field: 'type', operator: 'in', values: [literal('page'), literal('blogpost')] },
          ],
        },
        orderBy: [{ field: 'created' }],
      });
    }),
    { numRuns: 500 },
  );
});

test('whatever a list of values holds, it is as long as it was, and each is itself', () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 8 }), (texts) => {
      expect(parse(`${cqlIn('space', texts)} and type = comment`)).toMatchObject({
        where: {
          kind: 'and',
          terms: [{ field: 'space', operator: 'in', values: texts.map(literal) }, { field: 'type' }],
        },
        orderBy: [],
      });
      expect(parse(cqlNotIn('space', texts))).toMatchObject({
        where: { field: 'space', operator: 'not in', values: texts.map(literal) },
      });
    }),
    { numRuns: 500 },
  );
});

test('a list of nothing is refused: it would ask for everything, or fail at the site', () => {
  expect(() => cqlIn('space', [])).toThrow(RangeError);
  expect(() => cqlNotIn('space', [])).toThrow(RangeError);
});
