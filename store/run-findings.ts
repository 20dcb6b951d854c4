import { sql } from 'kysely';
import type { Db } from './schema.ts';

/** Whether anything of a connection can be found, and whether it ever could. */
export async function loadHoldings(
  db: Db,
  connectionId: string,
): Promise<{ holds: boolean; held: boolean; spaces: number }> {
  const { rows } = await sql<{ holds: boolean; held: boolean; spaces: number }>`
    select exists (select from records where connection_id = ${connectionId} and state = 'indexed') as holds,
      exists (select from sync_runs where connection_id = ${connectionId} and kind not in ('permissions', 'dry_run')
        and indexed + unchanged > 0) as held,
      (select count(*)::integer from spaces where connection_id = ${connectionId}) as spaces`.execute(db);
  return rows[0] ?? { holds: true, held: true, spaces: 0 };
}

/** A space of which pages were read before and nothing is shown any more. */
export interface LostSpace {
  key: string;
  name: string;
  /** Its pages and blog posts that are hidden, or were removed by this run. */
  records: number;
  /** Hidden still: whether they are gone for good is not decided. */
  lasts: boolean;
}

/** Spaces that left by themselves; what an administrator has taken out of the scope is none of them. */
export async function lostSpaces(db: Db, connectionId: string, runId: string): Promise<LostSpace[]> {
  const { rows } = await sql<LostSpace>`
    with hidden as (
      select r.space_id, count(*) as n from vanished v
      join records r on r.connection_id = v.connection_id and r.external_id = v.external_id
        and r.kind in ('page', 'blogpost')
      where v.connection_id = ${connectionId} and v.cause is distinct from 'out_of_scope'
      group by r.space_id),
    removed as (
      select m.space_key, count(*) as n from removals m
      where m.run_id = ${runId} and m.kind in ('page', 'blogpost') and m.cause <> 'out_of_scope'
        and m.space_key is not null
      group by m.space_key)
    select s.key, s.name, h.n::integer as records, true as lasts
    from hidden h join spaces s on s.id = h.space_id
    where not exists (select from records r where r.space_id = s.id and r.state = 'indexed'
      and r.kind in ('page', 'blogpost'))
    union all
    select m.space_key, coalesce(s.name, m.space_key), m.n::integer, false
    from removed m left join spaces s on s.connection_id = ${connectionId} and s.key = m.space_key
    where not exists (select from records r where r.space_id = s.id and r.kind in ('page', 'blogpost'))
    order by records desc, key`.execute(db);
  return rows;
}

/** What administrators are told of a connection and what still holds, but for its credential, newest first. */
export async function openWarnings(
  db: Db,
  connectionId: string,
): Promise<{ code: string; message: string; since: string }[]> {
  const rows = await db
    .selectFrom('notices')
    .select(['code', 'message', 'began_at'])
    .where('connection_id', '=', connectionId)
    .where('ended_at', 'is', null)
    // The state of the connection tells of these itself, with what to do.
    .where('code', 'not in', ['needs_reauth', 'mass_deletion'])
    .orderBy('began_at', 'desc')
    .orderBy('code')
    .limit(20)
    .execute();
  return rows.map((row) => ({ code: row.code, message: row.message, since: row.began_at.toISOString() }));
}

/** How many things of each stage could not be read, and how many of them not when they were tried again either. */
export async function loadUnread(
  db: Db,
  connectionId: string,
): Promise<{ stage: string; items: number; again: number; titles: string[] }[]> {
  const { rows } = await sql<{ stage: string; items: number; again: number; titles: string[] }>`
    select stage, count(*)::integer as items, (count(*) filter (where attempts > 1))::integer as again,
      (array_agg(coalesce(nullif(title, ''), external_id) order by first_at, external_id))[1:3] as titles
    from sync_failures where connection_id = ${connectionId} group by stage order by stage`.execute(db);
  return rows;
}
