import { sql, type Kysely } from 'kysely';
import type { Database } from '../../store/schema.ts';

/** Whether anything is connected at all. */
export async function hasConnections(db: Kysely<Database>): Promise<boolean> {
  return (await db.selectFrom('connections').select('id').limit(1).executeTakeFirst()) !== undefined;
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
