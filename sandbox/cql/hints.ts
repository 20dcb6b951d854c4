import type { Expression } from './ast.ts';

/** Sets that every match must be in, as far as the top-level conjunction says so; lower case. Absent: any. */
export interface Hints {
  ids?: ReadonlySet<string>;
  types?: ReadonlySet<string>;
  spaces?: ReadonlySet<string>;
}

const FIELDS: Record<string, keyof Hints> = {
  id: 'ids',
  content: 'ids',
  type: 'types',
  space: 'spaces',
  'space.key': 'spaces',
};

/** What a search may leave out without looking at it. Never narrower than the query. */
export function hintsOf(where: Expression): Hints {
  const hints: { -readonly [name in keyof Hints]: Set<string> } = {};
  for (const term of where.kind === 'and' ? where.terms : [where]) {
    if (term.kind !== 'clause' || (term.operator !== '=' && term.operator !== 'in')) continue;
    const name = FIELDS[term.field.toLowerCase()];
    if (name === undefined || term.values.some((value) => value.kind === 'call')) continue;
    const values = new Set(
      term.values.map((value) => (value.kind === 'literal' ? value.text.toLowerCase() : '')),
    );
    hints[name] =
      hints[name] === undefined ? values : new Set([...values].filter((value) => hints[name]!.has(value)));
  }
  return hints;
}

/** Whether a query means something else at another time: it names a date relative to now. */
export function dependsOnNow(where: Expression): boolean {
  if (where.kind === 'not') return dependsOnNow(where.term);
  if (where.kind !== 'clause') return where.terms.some(dependsOnNow);
  return where.values.some((value) =>
    value.kind === 'call'
      ? value.name.toLowerCase() !== 'currentuser'
      : /^[+-]?\d+[yMwdhm]$/.test(value.text.trim()),
  );
}
