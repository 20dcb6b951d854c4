import type { Clause, Expression, Operand, SortKey } from './ast.ts';
import { CqlError } from './ast.ts';
import { momentOf } from './dates.ts';
import { FIELDS, OPERATORS_OF, SORT_FIELDS } from './fields.ts';
import type { CqlEnvironment, CqlItem } from './item.ts';
import { wordMatcher } from './words.ts';

export type Predicate = (item: CqlItem) => boolean;

/**
 * Turns a parsed query into a test of one item. Everything that can be wrong with the query is found here and
 * not while searching. Throws CqlError for unknown fields and functions, and operators or values that do not
 * fit the field.
 */
export function compile(node: Expression, env: CqlEnvironment): Predicate {
  if (node.kind === 'not') {
    const inner = compile(node.term, env);
    return (item) => !inner(item);
  }
  if (node.kind === 'clause') return compileClause(node, env);
  const terms = node.terms.map((term) => compile(term, env));
  return node.kind === 'and'
    ? (item) => terms.every((term) => term(item))
    : (item) => terms.some((term) => term(item));
}

function compileClause(clause: Clause, env: CqlEnvironment): Predicate {
  const positive = { '!=': '=', '!~': '~', 'not in': 'in' } as const;
  if (clause.operator in positive) {
    const operator = positive[clause.operator as keyof typeof positive];
    check(clause, env);
    const inner = compileClause({ ...clause, operator }, env);
    return (item) => !inner(item);
  }
  const field = check(clause, env);
  switch (field.kind) {
    case 'exact':
    case 'user': {
      const wanted = new Set(clause.values.map((value) => literal(value, field.kind, clause, env)));
      const unknown =
        field.kind === 'exact' && field.only && [...wanted].find((v) => !field.only!.includes(v));
      if (unknown) throw new CqlError(`'${unknown}' is not a value of '${clause.field}'`, clause.at);
      const { read } = field;
      return (item) => read(item).some((value) => wanted.has(value.toLowerCase()));
    }
    case 'words':
    case 'title': {
      const { read } = field;
      if (clause.operator === '~') {
        const matches = wordMatcher(literal(clause.values[0]!, field.kind, clause, env));
        return (item) => matches(read(item));
      }
      const wanted = new Set(clause.values.map((value) => literal(value, field.kind, clause, env)));
      return (item) => wanted.has(read(item).toLowerCase());
    }
    case 'date':
      return compareDates(clause, field.read, env);
  }
}

/** Both sides count in whole minutes: `> "10:05"` leaves out what changed at 10:05:30. */
function compareDates(clause: Clause, read: (item: CqlItem) => number, env: CqlEnvironment): Predicate {
  const { from, until } = momentOf(clause.values[0]!, env.timeZone, env.now, clause.at);
  const minuteOf = (item: CqlItem): number => Math.floor(read(item) / 60_000) * 60_000;
  switch (clause.operator) {
    case '>':
      return (item) => minuteOf(item) > from;
    case '>=':
      return (item) => minuteOf(item) >= from;
    case '<':
      return (item) => minuteOf(item) < from;
    case '<=':
      return (item) => minuteOf(item) <= from;
    default:
      return (item) => minuteOf(item) >= from && minuteOf(item) < until;
  }
}

function check(clause: Clause, env: CqlEnvironment) {
  const name = clause.field.toLowerCase();
  const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  if (field === undefined) throw new CqlError(`No field exists with name '${clause.field}'`, clause.at);
  if (/^user(\.|$)/.test(name) && !env.userFields)
    throw new CqlError(
      `The user field '${clause.field}' is supported by the search for users only`,
      clause.at,
    );
  if (!OPERATORS_OF[field.kind].includes(clause.operator))
    throw new CqlError(`The field '${clause.field}' does not support '${clause.operator}'`, clause.at);
  return field;
}

function literal(operand: Operand, kind: string, clause: Clause, env: CqlEnvironment): string {
  if (operand.kind === 'literal') return operand.text.toLowerCase();
  if (operand.name.toLowerCase() !== 'currentuser')
    throw new CqlError(`No function exists with name '${operand.name}' for '${clause.field}'`, clause.at);
  if (kind !== 'user') throw new CqlError(`'${clause.field}' does not take a user`, clause.at);
  return env.accountId.toLowerCase();
}

/**
 * The order of a query; ties, and queries without ORDER BY, go by ascending id so that the order is total.
 * (Confluence orders such queries by relevance, which is not promised to be anything.)
 */
export function comparator(keys: readonly SortKey[]): (a: CqlItem, b: CqlItem) => number {
  const readers = keys.map((key) => {
    const name = key.field.toLowerCase();
    const read = Object.hasOwn(SORT_FIELDS, name) ? SORT_FIELDS[name] : undefined;
    if (read === undefined) throw new CqlError(`Results cannot be ordered by '${key.field}'`, key.at);
    return { read, sign: key.direction === 'asc' ? 1 : -1 };
  });
  return (a, b) => {
    for (const { read, sign } of readers) {
      const [x, y] = [read(a), read(b)];
      if (x !== y) return x < y ? -sign : sign;
    }
    return compareIds(a.id, b.id);
  };
}

/** Numbers first and by value, then everything else (`att12`, account ids) as text. */
export function compareIds(a: string, b: string): number {
  const [aIsNumber, bIsNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1;
  if (aIsNumber && a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
