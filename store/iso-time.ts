import { sql, type RawBuilder } from 'kysely';

/** A timestamptz as ISO 8601 in UTC with milliseconds. */
export function isoTime(time: RawBuilder<unknown>): RawBuilder<string | null> {
  return sql<string | null>`to_char(${time} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
