import { sql } from 'kysely';
import { isLeftOut, type RemovalScope } from './brake-shares.ts';
import type { Db, RecordKind, RemovalCause } from './schema.ts';
import { isGone } from './vanished.ts';

/** What a batch of removals took away. */
export interface Removed {
  /** Records, with the comments and attachments of pages among them. */
  records: number;
  /** External ids of pages, posts and containers: what hangs below them has to be asked for. */
  places: string[];
}

/**
 * Removes records whose end is proven: with bodies, search words, restrictions, comments and attachments, and a line in
 * `removals` for each. Only what is still hidden as gone is removed, whatever was weighed before, and nothing that an
 * open brake holds; what the settings leave out no brake holds. One statement, which looks at each row again once it has
 * its lock.
 * @param since what was asked for before that is not removed: it may have come back
 */
export async function removeSettled(
  db: Db,
  { connectionId, runId }: { connectionId: string; runId: string | null },
  options: RemovalScope & { limit: number },
): Promise<Removed> {
  const { rows } = await sql<{ records: string; places: string[] }>`
    with going as materialized (
      select r.id, r.external_id, r.kind, v.cause
      from vanished v
      join records r on r.connection_id = v.connection_id and r.external_id = v.external_id and ${isGone}
      left join spaces s on s.id = r.space_id
      left join deletion_brakes b on b.id = v.brake_id
      where v.connection_id = ${connectionId} and v.cause is not null and v.asked_at >= ${options.since}
        and (b.state = 'confirmed' or b.id is null and (${isLeftOut(options.leftOut)} or not exists (
          select from deletion_brakes held where held.connection_id = v.connection_id and held.state = 'asked'
            and held.scope in ('connection', s.external_id))))
      order by r.id limit ${options.limit} for update of r),
    parts as (
      select id, external_id, kind, cause from going
      union all
      select item.id, item.external_id, item.kind, 'container_gone' from going
      join records item on item.connection_id = ${connectionId} and item.container_id = going.external_id
        and item.kind in ('comment', 'attachment') and item.id not in (select id from going)),
    removed as (
      delete from records r using parts p where r.id = p.id
      returning r.id, r.external_id, r.kind, r.title, r.url, r.space_id, p.cause),
    noted as (
      insert into removals (connection_id, external_id, kind, title, url, space_key, cause, run_id)
      select ${connectionId}::uuid, r.external_id, r.kind, r.title, r.url, s.key, r.cause, ${runId}::uuid
      from removed r left join spaces s on s.id = r.space_id order by r.id),
    restrictions as (
      delete from content_access a using removed r
      where a.connection_id = ${connectionId} and a.external_id = r.external_id),
    due as (
      delete from discussion_due d using removed r
      where d.connection_id = ${connectionId} and d.external_id = r.external_id),
    forgotten as (
      delete from vanished v using removed r
      where v.connection_id = ${connectionId} and v.external_id = r.external_id)
    select count(*) as records,
      coalesce(array_agg(external_id) filter (where kind not in ('comment', 'attachment')), '{}') as places
    from removed`.execute(db);
  return { records: Number(rows[0]?.records ?? 0), places: rows[0]?.places ?? [] };
}

/** The status of a space that the site does not list any more; one that is listed again has the site's own word. */
export const goneSpace = 'gone';

/** Notes that spaces are not listed any more: nothing is synced of them, and they go when they are empty. */
export async function markSpacesGone(
  db: Db,
  connectionId: string,
  externalIds: readonly string[],
): Promise<void> {
  await sql`
    update spaces set status = ${goneSpace}
    where connection_id = ${connectionId} and external_id = any(${externalIds}::text[])`.execute(db);
}

/** Spaces that are not synced any more go when nothing of theirs is stored. */
export async function removeEmptySpaces(
  db: Db,
  connectionId: string,
  externalIds: readonly string[],
): Promise<void> {
  await sql`
    delete from spaces s where s.connection_id = ${connectionId} and s.external_id = any(${externalIds}::text[])
      and not exists (select from records r where r.space_id = s.id)`.execute(db);
}

/** Forgets restrictions that a full run did not meet, of content that is not stored: nobody would ask for it again. */
export async function forgetStrayAccess(db: Db, connectionId: string, runId: string): Promise<void> {
  await sql`
    delete from content_access a where a.connection_id = ${connectionId} and a.seen_run is distinct from ${runId}
      and not exists (select from records r where r.connection_id = a.connection_id and r.external_id = a.external_id)`.execute(
    db,
  );
}

export interface RemovalRow {
  id: string;
  externalId: string;
  kind: RecordKind;
  title: string;
  url: string;
  spaceKey: string | null;
  cause: RemovalCause;
  runId: string | null;
  at: Date;
}

/** What was removed, newest first: of one cause, with `q` in its title. */
export async function listRemovals(
  db: Db,
  connectionId: string,
  options: { cause: RemovalCause | null; q: string; before: string | null; limit: number },
): Promise<RemovalRow[]> {
  const { cause, q, before, limit } = options;
  const { rows } = await sql<RemovalRow>`
    select id::text, external_id as "externalId", kind, title, url, space_key as "spaceKey", cause,
      run_id as "runId", at
    from removals
    where connection_id = ${connectionId} and (${cause}::text is null or cause = ${cause})
      and (${q} = '' or title ilike '%' || ${likeText(q)} || '%')
      and (${before}::bigint is null or id < ${before})
    order by id desc limit ${limit}`.execute(db);
  return rows;
}

function likeText(q: string): string {
  return q.replaceAll(/[\\%_]/g, String.raw`\$&`);
}
