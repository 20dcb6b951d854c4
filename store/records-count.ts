import { sql } from 'kysely';
import type { Db, RecordKind } from './schema.ts';

/** How many records of a kind are stored: in these spaces (external ids), seen by this run. */
export async function countKind(
  db: Db,
  connectionId: string,
  kind: RecordKind,
  of: { spaceIds?: readonly string[]; seenBy?: string } = {},
): Promise<number> {
  const { rows } = await sql<{ n: string }>`
    select count(*) as n from records r join spaces s on s.id = r.space_id
    where r.connection_id = ${connectionId} and r.kind = ${kind}
      and (${of.spaceIds ?? null}::text[] is null or s.external_id = any(${of.spaceIds ?? null}::text[]))
      and (${of.seenBy ?? null}::uuid is null or r.seen_run = ${of.seenBy ?? null}::uuid)`.execute(db);
  return Number(rows[0]?.n ?? 0);
}
