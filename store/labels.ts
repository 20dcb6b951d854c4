import { sql } from 'kysely';
import type { Db } from './schema.ts';

/**
 * Gives records the labels that were read of them, and makes them searchable by these. Labels come by the readings of
 * restrictions, perhaps after the content itself, and change without a version.
 * @param externalIds only of these; absent: of the whole connection
 * @returns how many records have other labels than before
 */
export async function applyLabels(
  db: Db,
  connectionId: string,
  externalIds: readonly string[] | null = null,
): Promise<number> {
  const { numAffectedRows } = await sql`
    with relabelled as (
      update records r set labels = a.labels
      from content_access a
      where r.connection_id = ${connectionId} and a.connection_id = r.connection_id
        and a.external_id = r.external_id and r.labels <> a.labels
        and (${externalIds}::text[] is null or r.external_id = any(${externalIds}::text[]))
      returning r.id, r.labels)
    update record_search s
    set words = sluice_relabelled(s.words, array_to_string(l.labels, ' '))
    from relabelled l
    where s.record_id = l.id`.execute(db);
  return Number(numAffectedRows ?? 0n);
}
