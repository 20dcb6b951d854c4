import type { Expression, Operand, Operator, Query, SortKey } from './ast.ts';
import { CqlError } from './ast.ts';
import type { Token } from './tokenize.ts';
import { tokenize } from './tokenize.ts';

const KEYWORDS = new Set(['and', 'or', 'not', 'in', 'order', 'by', 'asc', 'desc']);
/** Deeper nesting is refused rather than left to the stack. */
const MAX_DEPTH = 200;

/**
 * Reads a CQL query: clauses joined by AND and OR (AND binds closer), NOT, parentheses and ORDER BY.
 * Throws CqlError with the position of what could not be read.
 */
export function parse(text: string): Query {
  const tokens = tokenize(text);
  let next = 0;

  const peek = (): Token => tokens[next]!;
  const take = (): Token => tokens[next++]!;
  const isKeyword = (word: string, token = peek()): boolean =>
    token.kind === 'word' && token.text.toLowerCase() === word;
  const fail = (expected: string, token = peek()): never => {
    const seen = token.kind === 'end' ? 'the end of the query' : `'${token.text}'`;
    throw new CqlError(`Expected ${expected} but found ${seen}`, token.at);
  };

  const either = (depth: number): Expression => joined('or', depth, both);
  const both = (depth: number): Expression => joined('and', depth, unary);

  function joined(kind: 'and' | 'or', depth: number, operand: (depth: number) => Expression): Expression {
    const terms = [operand(depth)];
    while (isKeyword(kind)) {
      take();
      terms.push(operand(depth));
    }
    return terms.length === 1 ? terms[0]! : { kind, terms };
  }

  function unary(depth: number): Expression {
    if (depth > MAX_DEPTH) throw new CqlError('The query is nested too deeply', peek().at);
    if (isKeyword('not')) {
      take();
      return { kind: 'not', term: unary(depth + 1) };
    }
    if (peek().kind === '(') {
      take();
      const inner = either(depth + 1);
      if (peek().kind !== ')') fail("')'");
      take();
      return inner;
    }
    return clause();
  }

  function clause(): Expression {
    const field = peek();
    if (field.kind !== 'word' || KEYWORDS.has(field.text.toLowerCase())) fail('a field');
    take();
    const operator = readOperator();
    const values = operator === 'in' || operator === 'not in' ? list() : [operand()];
    return { kind: 'clause', field: field.text, operator, values, at: field.at };
  }

  function readOperator(): Operator {
    const token = take();
    if (token.kind === 'operator') return token.text as Operator;
    if (isKeyword('in', token)) return 'in';
    if (isKeyword('not', token)) {
      if (!isKeyword('in')) fail("'in'");
      take();
      return 'not in';
    }
    return fail('an operator', token);
  }

  function list(): Operand[] {
    if (peek().kind !== '(') fail("'('");
    take();
    const values = [operand()];
    while (peek().kind === ',') {
      take();
      values.push(operand());
    }
    if (peek().kind !== ')') fail("',' or ')'");
    take();
    return values;
  }

  function operand(): Operand {
    const token = peek();
    if (token.kind !== 'word' && token.kind !== 'string') fail('a value');
    if (token.kind === 'word' && KEYWORDS.has(token.text.toLowerCase())) fail('a value');
    take();
    if (token.kind === 'string' || peek().kind !== '(') return { kind: 'literal', text: token.text };
    take();
    const args: string[] = [];
    while (peek().kind !== ')') {
      const arg = peek();
      if (arg.kind !== 'word' && arg.kind !== 'string') fail("an argument or ')'");
      args.push(take().text);
      if (peek().kind === ',') take();
      else if (peek().kind !== ')') fail("',' or ')'");
    }
    take();
    return { kind: 'call', name: token.text, args };
  }

  function sorting(): SortKey[] {
    if (!isKeyword('order')) return [];
    take();
    if (!isKeyword('by')) fail("'by'");
    const keys: SortKey[] = [];
    do {
      take();
      const field = peek();
      if (field.kind !== 'word' || KEYWORDS.has(field.text.toLowerCase())) fail('a field to order by');
      take();
      const descending = isKeyword('desc');
      if (descending || isKeyword('asc')) take();
      keys.push({ field: field.text, direction: descending ? 'desc' : 'asc', at: field.at });
    } while (peek().kind === ',');
    return keys;
  }

  const where = either(0);
  const orderBy = sorting();
  if (peek().kind !== 'end') fail("'and', 'or' or 'order by'");
  return { where, orderBy };
}
