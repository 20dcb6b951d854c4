import { sql } from 'kysely';
import { absenceOf, type AbsenceFacts, type AbsenceReason } from '../permissions/explain-absence.ts';
import { isoTime } from './iso-time.ts';
import { spaceReason, wantedOf } from '../scope/decide.ts';
import { reasonWords } from '../scope/reason-words.ts';
import type { ConnectionSettings, Db } from './schema.ts';

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
  const { rows } = await sql<{ connections: Asked[]; failures: AbsenceFacts['failures'] }>`
    with among as (
      select c.* from connections c
      where (${asked.connectionId}::uuid is null or c.id = ${asked.connectionId}::uuid)
        and (${asked.host}::text is null or lower(substring(c.site_url from '^[a-z]+://([^/]+)')) = ${asked.host}::text))
    select
      (select coalesce(json_agg(json_build_object('name', c.name, 'status', c.status, 'accountName', c.account_name,
          'settings', c.settings,
          'outside', (select json_build_object('key', o.key, 'type', o.type, 'status', o.status) from outside_spaces o
            where o.connection_id = c.id and o.key = ${asked.spaceKey}::text limit 1),
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
  return absenceOf({
    unreadable,
    host,
    spaceKey,
    connections: connections.map((one) => ({ ...one, ...scopeFacts(one, spaceKey) })),
    failures,
  });
}

type ScopeFacts = Pick<
  AbsenceFacts['connections'][number],
  'personalSpaces' | 'archivedSpaces' | 'spaceLeftOutBy'
>;

type Asked = Omit<AbsenceFacts['connections'][number], keyof ScopeFacts> & {
  settings: ConnectionSettings;
  /** What is known of the space that was named, where the site lists it and it is not in scope. */
  outside: { key: string; type: string; status: string } | null;
};

function scopeFacts({ settings, outside }: Asked, spaceKey: string | null): ScopeFacts {
  const wanted = wantedOf(settings);
  const { personalSpaces, archivedSpaces } = wanted;
  // Of a space that was not listed only the key is known.
  const space = outside ?? (spaceKey === null ? null : { key: spaceKey, type: 'global', status: 'current' });
  const reason = space === null ? null : spaceReason(wanted, space);
  return { personalSpaces, archivedSpaces, spaceLeftOutBy: reason === null ? null : reasonWords[reason] };
}
