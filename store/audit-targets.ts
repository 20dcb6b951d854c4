import { sql } from 'kysely';
import { rowsAs } from './rows.ts';
import type { Db, PermissionDueKind } from './schema.ts';

/** Something to read anew, by any of its names; of content, in any of these spaces where it has one of that title there. */
export interface NamedTarget {
  kind: PermissionDueKind;
  names: string[];
  spaces: string[];
  /** When the change was made, by the source's clock. */
  at: Date;
  reason: string;
}

/** A name that fits more things than this says too little: they are read in their turn. */
const mostMatches = 200;
/** What was asked for this long after the change holds it: the clocks may differ, and the search index follows behind. */
const certainAfter = '10 minutes';

/**
 * Notes what bears the names as due to be read, unless it has been read since. Names only say what to read: who may see
 * it is what the reading then tells. Records have no index by title, so give whole batches: the titles are looked for in
 * one pass over the connection's records, with a bound array that PostgreSQL hashes (joined to the names instead, a
 * million records took a second for each name).
 * @returns places in `targets` of those that nothing stored fits, and of those that too much fits
 */
export async function noteDue(
  db: Db,
  connectionId: string,
  targets: readonly NamedTarget[],
): Promise<{ unknown: number[]; tooMany: number[] }> {
  if (targets.length === 0) return { unknown: [], tooMany: [] };
  const rows = targets.map((target, place) => ({ place, ...target }));
  const titles = rows.flatMap(({ kind, names }) => (kind === 'content' ? names.filter(isStorable) : []));
  const columns = 'place int, kind text, names text[], spaces text[], at timestamptz, reason text';
  const { rows: answer } = await sql<{ place: number; found: string }>`
    with asked as materialized (select * from ${rowsAs(rows, columns)}),
    titled as materialized (
      select r.external_id as id, r.title, s.name as space, s.key
      from records r left join spaces s on s.id = r.space_id
      where r.connection_id = ${connectionId} and r.title = any(${titles}::text[])
        and r.kind not in ('comment', 'attachment')),
    content as (
      select a.place, t.id, t.space = any(a.spaces) or t.key = any(a.spaces) or cardinality(a.spaces) = 0 as here
      from asked a cross join lateral unnest(a.names) named (name) join titled t on t.title = named.name
      where a.kind = 'content'),
    matches as (
      select place, id from (
        select place, id, here, bool_or(here) over (partition by place) as some_here from content) each
      where here is true or some_here is not true
      union select a.place, s.external_id from asked a
        join spaces s on s.connection_id = ${connectionId} and (s.name = any(a.names) or s.key = any(a.names))
        where a.kind = 'space'
      union select a.place, g.group_id from asked a
        join atlassian_groups g on g.connection_id = ${connectionId}
          and (g.name = any(a.names) or g.group_id = any(a.names))
        where a.kind = 'group'
      union select a.place, p.account_id from asked a
        join atlassian_accounts p on p.connection_id = ${connectionId}
          and (p.display_name = any(a.names) or p.account_id = any(a.names))
        where a.kind = 'account'
      union select place, 'product' from asked where kind = 'product'),
    counted as (select place, count(*) as found from matches group by place),
    stale as (
      select a.kind, m.id, min(a.at) as since, min(a.reason) as reason
      from matches m join counted using (place) join asked a using (place)
      where found <= ${mostMatches}
        and a.at + ${certainAfter}::interval >= coalesce(case a.kind
          when 'content' then (select as_of from content_access c
            where c.connection_id = ${connectionId} and c.external_id = m.id)
          when 'group' then (select members_as_of from atlassian_groups g
            where g.connection_id = ${connectionId} and g.group_id = m.id)
          when 'account' then (select read_at from atlassian_accounts p
            where p.connection_id = ${connectionId} and p.account_id = m.id)
          else (select as_of from acl_layers l
            where l.connection_id = ${connectionId} and l.kind = a.kind and l.source_id = m.id) end, '-infinity')
      group by a.kind, m.id),
    noted as (
      insert into permission_due as due (connection_id, kind, source_id, since, reason)
      select ${connectionId}, kind, id, since, reason from stale order by kind, id
      on conflict (connection_id, kind, source_id) do update set since = least(due.since, excluded.since))
    select place, coalesce(found, 0) as found from asked left join counted using (place)`.execute(db);
  const places = (fits: (found: number) => boolean) =>
    answer.filter(({ found }) => fits(Number(found))).map(({ place }) => place);
  return {
    unknown: places((found) => found === 0),
    tooMany: places((found) => found > mostMatches),
  };
}

/** No text in PostgreSQL holds these, so no title is such a name. */
function isStorable(name: string): boolean {
  return !name.includes('\u0000') && name.isWellFormed();
}
