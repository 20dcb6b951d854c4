import { sql } from 'kysely';
import type { Db } from './schema.ts';
import { noteVanished, type VanishedTarget } from './vanished.ts';

/** Rows that one statement hides. */
const hiddenAtOnce = 5_000;

/**
 * Hides everything in a space that the site does not list any more, and notes it for removal. It is an absence, and
 * proves nothing: sweeps and whoever weighs the evidence decide. What was stored from a later question stays.
 * @param asOf when the source was asked
 */
export async function hideUnlistedSpace(
  db: Db,
  target: VanishedTarget,
  spaceId: string,
  asOf: Date,
): Promise<void> {
  for (let after = ''; ;) {
    const { rows } = await sql<{ id: string }>`
      select r.external_id as id from records r join spaces s on s.id = r.space_id
      where s.connection_id = ${target.connectionId} and s.external_id = ${spaceId}
        and r.kind not in ('comment', 'attachment') and r.state <> 'pending' and r.synced_at <= ${asOf}
        and r.external_id > ${after}
      order by r.external_id limit ${hiddenAtOnce}`.execute(db);
    const last = rows.at(-1);
    if (last === undefined) return;
    const vanished = rows.map(({ id }) => ({ externalId: id, evidence: 'unanswered' as const }));
    await noteVanished(db, target, vanished, asOf);
    after = last.id;
  }
}

/** Of these spaces, those in which everything is hidden because it, or the space itself, did not show. */
export async function spacesThatWereHidden(
  db: Db,
  connectionId: string,
  spaceIds: readonly string[],
): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select s.external_id as id from spaces s
    where s.connection_id = ${connectionId} and s.external_id = any(${spaceIds}::text[])
      and exists (select from records r join vanished v on v.connection_id = r.connection_id
          and v.external_id = r.external_id
        where r.space_id = s.id and v.evidence in ('space', 'unlisted', 'unanswered'))
      and not exists (select from records r where r.space_id = s.id and r.state <> 'pending'
        and r.kind in ('page', 'blogpost'))`.execute(db);
  return new Set(rows.map((row) => row.id));
}

/** Spaces that were not read since `since` and in which something is shown still, or of which nothing is stored. */
export async function spacesUnread(db: Db, connectionId: string, since: Date): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select s.external_id as id from spaces s
    where s.connection_id = ${connectionId} and s.read_at < ${since}
      and (exists (select from records r where r.space_id = s.id and r.state <> 'pending')
        or not exists (select from records r where r.space_id = s.id))
    order by s.id`.execute(db);
  return rows.map((row) => row.id);
}
