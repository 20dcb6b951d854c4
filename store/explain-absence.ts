import { sql } from 'kysely';
import { absenceOf, type AbsenceFacts, type AbsenceReason } from '../permissions/explain-absence.ts';
import { isoTime } from './iso-time.ts';
import type { Db } from './schema.ts';

/** What was asked about and is not stored. */
export interface AbsentItem {
  unreadable: boolean;
  host: string | null;
  connectionId: string | null;
  externalIds: readonly string[];
  spaceKey: string | null;
  title: string | null;
}

/** Why something is not stored at all, as far as it can be known: for administrators. One statement. */
export async function loadAbsence(db: Db, asked: AbsentItem): Promise<AbsenceReason[]> {
  const { rows } = await sql<Pick<AbsenceFacts, 'connections' | 'failures'>>`
    with among as (
      select c.* from connections c
      where (${asked.connectionId}::uuid is null or c.id = ${asked.connectionId}::uuid)
        and (${asked.host}::text is null or lower(substring(c.site_url from '^[a-z]+://([^/]+)')) = ${asked.host}::text))
    select
      (select coalesce(json_agg(json_build_object('name', c.name, 'status', c.status, 'accountName', c.account_name,
          'personalSpaces', coalesce((c.settings #>> '{scope,personalSpaces}')::boolean, true),
          'archivedSpaces', coalesce((c.settings #>> '{scope,archivedSpaces}')::boolean, false),
          'lastFullAt', (select ${isoTime(sql`max(finished_at)`)} from sync_runs r
            where r.connection_id = c.id and r.kind = 'full' and r.state = 'succeeded'),
          'running', exists (select from sync_runs r where r.connection_id = c.id and r.kind not in ('permissions', 'dry_run')
            and r.state in ('queued', 'running', 'waiting')),
          'spaceKnown', case when ${asked.spaceKey}::text is not null then exists (select from spaces s
            where s.connection_id = c.id and s.key = ${asked.spaceKey}::text) end,
          'listed', exists (select from content_access x
            where x.connection_id = c.id and x.external_id = any(${asked.externalIds}::text[])))
          order by c.name, c.id), '[]') from among c) as connections,
      (select coalesce(json_agg(failure), '[]') from (
        select json_build_object('title', f.title, 'message', f.message, 'attempts', f.attempts,
          'lastAt', ${isoTime(sql`f.last_at`)}, 'nextRetryAt', ${isoTime(sql`f.next_retry_at`)}) as failure
        from sync_failures f join among c on c.id = f.connection_id
        where f.external_id = any(${asked.externalIds}::text[]) or lower(f.title) = lower(${asked.title}::text)
        order by f.last_at desc limit 10) failed) as failures`.execute(db);
  const { connections = [], failures = [] } = rows[0] ?? {};
  const { unreadable, host, spaceKey } = asked;
  return absenceOf({ unreadable, host, spaceKey, connections, failures });
}
