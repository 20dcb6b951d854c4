import { sql } from 'kysely';
import type { Db, RecordKind } from './schema.ts';

/** How many records of a kind are stored, in these spaces (external ids) or in all. */
export async function countKind(
  db: Db,
  connectionId: string,
  kind: RecordKind,
  spaceIds?: readonly string[],
): Promise<number> {
  const { rows } = await sql<{ n: string }>`
    select count(*) as n from records r join spaces s on s.id = r.space_id
    where r.connection_id = ${connectionId} and r.kind = ${kind}
      and (${spaceIds ?? null}::text[] is null or s.external_id = any(${spaceIds ?? null}::text[]))`.execute(
    db,
  );
  return Number(rows[0]?.n ?? 0);
}

/** Whether any stored comment is a reply to another. */
export async function holdsReplies(db: Db, connectionId: string): Promise<boolean> {
  const row = await db
    .selectFrom('records')
    .select('id')
    .where('connection_id', '=', connectionId)
    .where('kind', '=', 'comment')
    .where('parent_id', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
