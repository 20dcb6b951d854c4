/** A CQL string literal: the only way a value enters a query. Quotes and backslashes are escaped, line breaks flattened. */
export function cqlString(value: string): string {
  return `"${value.replace(/[\r\n]+/g, ' ').replace(/["\\]/g, (found) => `\\${found}`)}"`;
}

/** `field in ("a", "b")`; an empty list is a mistake of the caller: CQL has no empty list. */
export function cqlIn(field: string, values: readonly string[]): string {
  return `${field} in ${cqlList(field, values)}`;
}

/** `field not in ("a", "b")`, likewise. */
export function cqlNotIn(field: string, values: readonly string[]): string {
  return `${field} not in ${cqlList(field, values)}`;
}

function cqlList(field: string, values: readonly string[]): string {
  if (values.length === 0) throw new RangeError(`CQL needs at least one value for ${field}.`);
  return `(${values.map(cqlString).join(', ')})`;
}
