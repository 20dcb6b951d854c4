import { sql, type RawBuilder } from 'kysely';

/**
 * `rows` as a table in SQL: `from ${rowsAs(rows, 'external_id text, labels text[]')} as input`. One bound JSON
 * parameter, whatever the batch's size: serialising it costs a third of what as many arrays cost node-postgres.
 */
export function rowsAs(rows: readonly object[], columns: string): RawBuilder<unknown> {
  return sql`json_to_recordset(${storableJson(rows)}::json) as input (${sql.raw(columns)})`;
}

/** JSON's escapes of NUL and of half a surrogate pair (or a text that reads like one, which costs a second pass only). */
const unstorable = /\\u(?:0000|d[89a-f])/;

/** PostgreSQL's text holds neither NUL nor half of a surrogate pair; both become U+FFFD. */
function storableJson(rows: readonly object[]): string {
  const json = JSON.stringify(rows);
  return unstorable.test(json) ? JSON.stringify(rows, storable) : json;
}

function storable(_key: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const text = value.includes('\u0000') ? value.replaceAll('\u0000', '\uFFFD') : value;
  return text.isWellFormed() ? text : text.toWellFormed();
}
