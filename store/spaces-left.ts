import { sql } from 'kysely';
import type { Db } from './schema.ts';

/**
 * Hides everything in a space that was archived, put into the trash, left out by the settings or is not listed any more,
 * and notes it for removal, as noteVanished does (vanished.ts), which decides about nothing either. What was stored from
 * a later question stays.
 * @param evidence 'space': the source or the settings say so; 'unlisted': it was not among the spaces
 * @param asOf when the source was asked
 * @returns how many pieces of content were shown before
 */
export async function hideSpace(
  db: Db,
  target: { connectionId: string; runId: string },
  spaceId: string,
  evidence: 'space' | 'unlisted',
  asOf: Date,
): Promise<number> {
  const { connectionId, runId } = target;
  await sql`
    insert into vanished (connection_id, external_id, evidence, since, run_id)
    select r.connection_id, r.external_id, ${evidence}, ${asOf}, ${runId}::uuid
    from records r join spaces s on s.id = r.space_id
    where s.connection_id = ${connectionId} and s.external_id = ${spaceId}
      and r.kind not in ('comment', 'attachment') and r.synced_at <= ${asOf}
    on conflict (connection_id, external_id) do update
    set evidence = excluded.evidence, run_id = excluded.run_id
    where vanished.evidence in ('unlisted', 'unanswered') and excluded.evidence = 'space'`.execute(db);
  const { numAffectedRows } = await sql`
    update records r set state = 'pending', acl_id = null, synced_at = ${asOf},
      attributes = attributes || '{"gone": true}'
    from spaces s
    where s.id = r.space_id and s.connection_id = ${connectionId} and s.external_id = ${spaceId}
      and r.kind not in ('comment', 'attachment') and r.synced_at <= ${asOf} and r.state <> 'pending'`.execute(
    db,
  );
  await sql`
    update records r set acl_id = null
    from spaces s
    where s.id = r.space_id and s.connection_id = ${connectionId} and s.external_id = ${spaceId}
      and r.kind in ('comment', 'attachment') and r.acl_id is not null
      and exists (select from records c where c.connection_id = r.connection_id and c.external_id = r.container_id
        and c.state = 'pending')`.execute(db);
  return Number(numAffectedRows ?? 0n);
}

/** Of these spaces, those that something was hidden in because the space itself was out of reach. */
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
        where r.space_id = s.id and v.evidence in ('space', 'unlisted'))`.execute(db);
  return new Set(rows.map((row) => row.id));
}

/** Spaces that were not read since `since` and in which something is shown still. */
export async function shownSpacesUnread(db: Db, connectionId: string, since: Date): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select s.external_id as id from spaces s
    where s.connection_id = ${connectionId} and s.read_at < ${since}
      and exists (select from records r where r.space_id = s.id and r.state <> 'pending')
    order by s.id`.execute(db);
  return rows.map((row) => row.id);
}
