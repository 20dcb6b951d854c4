import type { Query } from './ast.ts';
import type { CqlEnvironment, CqlItem } from './item.ts';
import { comparator, compile } from './compile.ts';
import { parse } from './parse.ts';

export interface CompiledQuery {
  query: Query;
  matches: (item: CqlItem) => boolean;
  compare: (a: CqlItem, b: CqlItem) => number;
}

/** Reads a CQL query for one asker. Throws CqlError when it is not valid. */
export function prepare(text: string, env: CqlEnvironment): CompiledQuery {
  const query = parse(text);
  return { query, matches: compile(query.where, env), compare: comparator(query.orderBy) };
}
