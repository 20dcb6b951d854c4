import { sql } from 'kysely';
import { isoTime } from './records-read.ts';
import type { Db } from './schema.ts';

/** How fresh what is known of a connection's access is. Times are ISO 8601 in UTC. */
export interface Freshness {
  connectionId: string;
  /** When a run that reads all access, or a permission sync, ended well last. */
  readAt: string | null;
  /** When what was read longest ago was read. */
  oldestReadAt: string | null;
  /** A change in Atlassian counts here within so many seconds, by the pace of the last runs. */
  promisedSeconds: number | null;
  /** When the next permission sync is, or was, due; null when none is planned, and before the first. */
  nextReadAt: string | null;
}

/** Of some connections, in one statement; with null of all that are set up. */
export async function loadFreshness(db: Db, connectionIds: readonly string[] | null): Promise<Freshness[]> {
  const { rows } = await sql<Freshness>`
    select c.id as "connectionId", ${isoTime(sql`read.at`)} as "readAt",
      ${isoTime(sql`f.oldest_read_at`)} as "oldestReadAt", f.promised_seconds as "promisedSeconds",
      case when c.status in ('active', 'attention') and coalesce(c.settings #>> '{sync,strategy}', 'scheduled') = 'scheduled'
        then ${isoTime(sql`(begun.at
          + make_interval(mins => coalesce((c.settings #>> '{permissions,intervalMinutes}')::int, 15)))`)} end as "nextReadAt"
    from connections c
    left join permission_freshness f on f.connection_id = c.id
    left join lateral (
      select max(finished_at) as at from sync_runs r
      where r.connection_id = c.id and r.state = 'succeeded' and r.kind in ('full', 'permissions')) read on true
    left join lateral (
      select max(created_at) as at from sync_runs r
      where r.connection_id = c.id and r.kind in ('full', 'permissions')) begun on true
    where case when ${connectionIds === null} then c.status not in ('draft', 'disconnecting')
      else c.id = any(${connectionIds ?? []}::uuid[]) end
    order by c.id`.execute(db);
  return rows;
}
