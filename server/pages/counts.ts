import { sql, type Kysely } from 'kysely';
import type { Database } from '../../store/schema.ts';
import type { ConnectionCounts } from '../../web/screens/connections.ts';

/** Whether anything is connected at all. */
export async function hasConnections(db: Kysely<Database>): Promise<boolean> {
  return (await db.selectFrom('connections').select('id').limit(1).executeTakeFirst()) !== undefined;
}

/** Indexed records and failed items of every connection, in one statement. */
export async function countConnections(db: Kysely<Database>): Promise<Map<string, ConnectionCounts>> {
  const { rows } = await sql<{ id: string; records: string; failures: string }>`
    select c.id, coalesce(r.n, 0) as records, coalesce(f.n, 0) as failures
    from connections c
    left join (select connection_id, count(*) as n from records where state = 'indexed' group by 1) r
      on r.connection_id = c.id
    left join (select connection_id, count(*) as n from sync_failures group by 1) f on f.connection_id = c.id`.execute(
    db,
  );
  return new Map(
    rows.map((row) => [row.id, { records: Number(row.records), failures: Number(row.failures) }]),
  );
}

/** Indexed records of one connection by kind, most first. */
export async function countKinds(
  db: Kysely<Database>,
  connectionId: string,
): Promise<{ kind: string; records: number }[]> {
  const rows = await db
    .selectFrom('records')
    .select(['kind', (eb) => eb.fn.countAll<string>().as('n')])
    .where('connection_id', '=', connectionId)
    .where('state', '=', 'indexed')
    .groupBy('kind')
    .execute();
  return rows
    .map((row) => ({ kind: row.kind, records: Number(row.n) }))
    .sort((a, b) => b.records - a.records);
}

/** Items of one connection that failed and were not mended since, and its runs. */
export async function countFailuresAndRuns(
  db: Kysely<Database>,
  connectionId: string,
): Promise<{ failures: number; runs: number }> {
  const { rows } = await sql<{ failures: string; runs: string }>`
    select (select count(*) from sync_failures where connection_id = ${connectionId}) as failures,
      (select count(*) from sync_runs where connection_id = ${connectionId}) as runs`.execute(db);
  return { failures: Number(rows[0]?.failures ?? 0), runs: Number(rows[0]?.runs ?? 0) };
}
