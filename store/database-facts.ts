import { sql } from 'kysely';
import type { Db } from './schema.ts';

/** What PostgreSQL says of itself. */
export interface DatabaseFacts {
  /** As in `server_version_num`: 170002. */
  versionNumber: number;
  version: string;
  extensions: string[];
  /** Connections now, of everybody, and how many ordinary users may have. */
  connections: number;
  connectionLimit: number;
  bytes: number;
  /** Its clock, in milliseconds since 1970. */
  clock: number;
  /** Ours at the same moment, halfway between asking and hearing. */
  readAt: number;
  readOnly: boolean;
}

/** One statement. */
export async function loadDatabaseFacts(db: Db): Promise<DatabaseFacts> {
  const asked = Date.now();
  const { rows } = await sql<Record<Exclude<keyof DatabaseFacts, 'readAt'>, unknown>>`
    select current_setting('server_version_num')::int as "versionNumber", current_setting('server_version') as version,
      (select coalesce(array_agg(extname::text), '{}') from pg_extension) as extensions,
      (select count(*) from pg_stat_activity where backend_type = 'client backend') as connections,
      current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
        as "connectionLimit",
      pg_database_size(current_database()) as bytes,
      extract(epoch from clock_timestamp()) * 1000 as clock,
      current_setting('transaction_read_only') = 'on' as "readOnly"`.execute(db);
  const readAt = (asked + Date.now()) / 2;
  const row = rows[0];
  if (row === undefined) throw new Error('PostgreSQL told nothing of itself.');
  return {
    versionNumber: Number(row.versionNumber),
    version: String(row.version),
    extensions: row.extensions as string[],
    connections: Number(row.connections),
    connectionLimit: Number(row.connectionLimit),
    bytes: Number(row.bytes),
    clock: Number(row.clock),
    readAt,
    readOnly: row.readOnly === true,
  };
}
