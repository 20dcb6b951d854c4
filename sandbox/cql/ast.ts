/**
 * A parsed CQL query. Field and function names are kept as written and are compared without regard to case;
 * whether they exist is decided in compile.ts. `at` is the offset of a clause in the query, for error messages.
 */
export interface Query {
  where: Expression;
  orderBy: SortKey[];
}

export type Expression =
  | { kind: 'and' | 'or'; terms: Expression[] }
  | { kind: 'not'; term: Expression }
  | Clause;

export interface Clause {
  kind: 'clause';
  field: string;
  operator: Operator;
  /** Exactly one value, save for `in` and `not in`. */
  values: Operand[];
  at: number;
}

export type Operator = '=' | '!=' | '~' | '!~' | '>' | '>=' | '<' | '<=' | 'in' | 'not in';

export type Operand = { kind: 'literal'; text: string } | { kind: 'call'; name: string; args: string[] };

export interface SortKey {
  field: string;
  direction: 'asc' | 'desc';
  at: number;
}

/** A query that cannot be understood. `at` is the offset in the query, from 0. */
export class CqlError extends Error {
  override name = 'CqlError';
  readonly at: number;
  constructor(message: string, at: number) {
    super(`${message} at position ${at + 1}`);
    this.at = at;
  }
}
