import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Expression, Operand, Query } from './ast.ts';
import { parse } from './parse.ts';
import { render } from './render.ts';
import { tokenize } from './tokenize.ts';

/** Without positions, which a rendered query does not keep. */
function bare(query: Query): unknown {
  return JSON.parse(JSON.stringify(query, (key, value: unknown) => (key === 'at' ? undefined : value)));
}

const name = fc.constantFrom('id', 'type', 'space.key', 'title', 'lastmodified', 'Creator');
const operand: fc.Arbitrary<Operand> = fc.oneof(
  fc.record({ kind: fc.constant('literal' as const), text: fc.string() }),
  fc.record({
    kind: fc.constant('call' as const),
    name: fc.constantFrom('now', 'currentUser', 'startOfDay'),
    args: fc.array(fc.string(), { maxLength: 2 }),
  }),
);
const clause: fc.Arbitrary<Expression> = fc.oneof(
  fc.record({
    kind: fc.constant('clause' as const),
    field: name,
    operator: fc.constantFrom('=', '!=', '~', '!~', '>', '>=', '<', '<='),
    values: fc.array(operand, { minLength: 1, maxLength: 1 }),
    at: fc.constant(0),
  }),
  fc.record({
    kind: fc.constant('clause' as const),
    field: name,
    operator: fc.constantFrom('in', 'not in'),
    values: fc.array(operand, { minLength: 1, maxLength: 3 }),
    at: fc.constant(0),
  }),
);
const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    clause,
    fc.record({ kind: fc.constant('not' as const), term: tie('expression') }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      terms: fc.array(tie('expression'), { minLength: 2, maxLength: 3 }),
    }),
  ),
}));
const query: fc.Arbitrary<Query> = fc.record({
  where: expression,
  orderBy: fc.array(
    fc.record({
      field: name,
      direction: fc.constantFrom('asc' as const, 'desc' as const),
      at: fc.constant(0),
    }),
    { maxLength: 3 },
  ),
});

test('a rendered query parses to itself', () => {
  fc.assert(fc.property(query, (original) => expect(bare(parse(render(original)))).toEqual(bare(original))));
});

test('any text either parses or is refused with a position inside it', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        parse(text);
      } catch (error) {
        expect(error).toMatchObject({ name: 'CqlError' });
        expect((error as { at: number }).at).toBeLessThanOrEqual(text.length);
      }
    }),
  );
});

describe('reading', () => {
  test('and binds closer than or, and keywords have no case', () => {
    expect(bare(parse('a = 1 OR b = 2 And c = 3'))).toEqual(bare(parse('a = 1 or (b = 2 and c = 3)')));
  });
  test('values may be quoted either way or bare, and escapes are undone', () => {
    const title = (text: string) => ({ kind: 'literal', text });
    expect(parse(String.raw`title = "a \"b\" \\ c"`).where).toMatchObject({ values: [title('a "b" \\ c')] });
    expect(parse("title = 'it is'").where).toMatchObject({ values: [title('it is')] });
    expect(parse('space in (~jo, DEV)').where).toMatchObject({ values: [title('~jo'), title('DEV')] });
    expect(parse('creator=557058:ab-12').where).toMatchObject({ values: [title('557058:ab-12')] });
  });
  test('a tilde is an operator behind a field and part of a key elsewhere', () => {
    expect(tokenize('text~foo and space=~foo').map((token) => token.text)).toEqual([
      'text',
      '~',
      'foo',
      'and',
      'space',
      '=',
      '~foo',
      '',
    ]);
  });
  test.each([
    ['', 'Expected a field but found the end of the query at position 1'],
    ['type =', 'Expected a value but found the end of the query at position 7'],
    ['type page', "Expected an operator but found 'page' at position 6"],
    ['type = page and', 'Expected a field but found the end of the query at position 16'],
    ['(type = page', "Expected ')' but found the end of the query at position 13"],
    ['type in page', "Expected '(' but found 'page' at position 9"],
    ['title = "open', 'Unclosed quote at position 9'],
    ['type = page order created', "Expected 'by' but found 'created' at position 19"],
    ['type = page blog', "Expected 'and', 'or' or 'order by' but found 'blog' at position 13"],
    ['type ! page', "Unexpected character '!' at position 6"],
  ])('%j is refused: %s', (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });
  test('nesting beyond reason is refused, not overflowed', () => {
    expect(() => parse(`${'('.repeat(50_000)}id = 1`)).toThrow('nested too deeply');
  });
});
