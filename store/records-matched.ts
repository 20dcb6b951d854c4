import { sql, type RawBuilder } from 'kysely';
import type { Db } from './schema.ts';
import { toldState, type ToldState } from './told-state.ts';

/** Conditions on `r` (records) and `s` (record_search, perhaps null). */
export type Conditions = readonly RawBuilder<boolean>[];

const matched = (connectionId: string, conditions: Conditions) => sql`
  records r left join record_search s on s.record_id = r.id
  where ${sql.join([sql`r.connection_id = ${connectionId}`, ...conditions], sql` and `)}`;

/** How many records of a connection fit, by state. */
export async function countMatched(
  db: Db,
  connectionId: string,
  conditions: Conditions,
): Promise<Partial<Record<ToldState, number>>> {
  const { rows } = await sql<{ state: ToldState; n: number }>`
    select ${toldState()} as state, count(*)::integer as n from ${matched(connectionId, conditions)} group by 1`.execute(
    db,
  );
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
}

/** How many records of a connection fit; it is not counted further than to one more than `atMost`. */
export async function countUpTo(
  db: Db,
  connectionId: string,
  conditions: Conditions,
  atMost: number,
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::integer as n from (
      select from ${matched(connectionId, conditions)} limit ${atMost + 1}) fitting`.execute(db);
  return rows[0]?.n ?? 0;
}

/**
 * External ids of the records that fit, in batches, in the order of their ids here; what begins to fit meanwhile may be among
 * them or not.
 */
export async function* eachMatched(
  db: Db,
  connectionId: string,
  conditions: Conditions,
  batch = 5_000,
): AsyncGenerator<string[]> {
  for (let after = '0'; ;) {
    const { rows } = await sql<{ id: string; external_id: string }>`
      select r.id::text as id, r.external_id from ${matched(connectionId, [...conditions, sql<boolean>`r.id > ${after}::bigint`])}
      order by r.id limit ${batch}`.execute(db);
    if (rows.length > 0) yield rows.map((row) => row.external_id);
    if (rows.length < batch) return;
    after = rows.at(-1)!.id;
  }
}
