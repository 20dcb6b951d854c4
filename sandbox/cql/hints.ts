import type { Clause, Expression } from './ast.ts';
import { momentOf } from './dates.ts';
import type { CqlEnvironment } from './item.ts';

/** Sets that every match must be in, as far as the top-level conjunction says so; lower case. Absent: any. */
export interface Hints {
  ids?: ReadonlySet<string>;
  types?: ReadonlySet<string>;
  spaces?: ReadonlySet<string>;
  /** Nothing older matches: ISO 8601, UTC. */
  modifiedFrom?: string;
}

const FIELDS: Record<string, 'ids' | 'types' | 'spaces'> = {
  id: 'ids',
  content: 'ids',
  type: 'types',
  space: 'spaces',
  'space.key': 'spaces',
};

/** What a search may leave out without looking at it. Never narrower than the query. */
export function hintsOf(where: Expression, env: CqlEnvironment): Hints {
  const hints: { -readonly [name in keyof Hints]: Hints[name] } = {};
  for (const term of where.kind === 'and' ? where.terms : [where]) {
    if (term.kind !== 'clause') continue;
    const field = term.field.toLowerCase();
    if (field === 'lastmodified') {
      const from = earliest(term, env);
      if (from !== undefined && from > (hints.modifiedFrom ?? '')) hints.modifiedFrom = from;
      continue;
    }
    const name = FIELDS[field];
    const isPlain = term.values.every((value) => value.kind === 'literal');
    if (name === undefined || !isPlain || (term.operator !== '=' && term.operator !== 'in')) continue;
    const values = term.values.map((value) => (value.kind === 'literal' ? value.text.toLowerCase() : ''));
    const known = hints[name];
    hints[name] = new Set(known === undefined ? values : values.filter((value) => known.has(value)));
  }
  return hints;
}

function earliest({ operator, values, at }: Clause, env: CqlEnvironment): string | undefined {
  if (operator !== '=' && operator !== '>' && operator !== '>=') return undefined;
  return new Date(momentOf(values[0]!, env.timeZone, env.now, at).from).toISOString();
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
