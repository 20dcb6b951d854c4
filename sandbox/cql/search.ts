import type { Query } from './ast.ts';
import type { CqlEnvironment, CqlItem } from './item.ts';
import { comparator, compile } from './compile.ts';
import type { Hints } from './hints.ts';
import { dependsOnNow, hintsOf } from './hints.ts';
import { parse } from './parse.ts';

export interface CompiledQuery {
  query: Query;
  hints: Hints;
  /** Whether the same query finds something else later, though nothing changed. */
  dependsOnNow: boolean;
  matches: (item: CqlItem) => boolean;
  compare: (a: CqlItem, b: CqlItem) => number;
}

/** Reads a CQL query for one asker. Throws CqlError when it is not valid. */
export function prepare(text: string, env: CqlEnvironment): CompiledQuery {
  const query = parse(text);
  // First: what is wrong with the query is told by compiling it.
  const matches = compile(query.where, env);
  return {
    query,
    hints: hintsOf(query.where, env),
    dependsOnNow: dependsOnNow(query.where),
    matches,
    compare: comparator(query.orderBy),
  };
}
