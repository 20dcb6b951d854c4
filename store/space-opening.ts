import { sql, type RawBuilder } from 'kysely';
import type { Db } from './schema.ts';

/**
 * A space that opens to more people waits until everything in it that somebody sees has been read since. The pages that
 * an administrator restricts before opening a space would else be open for as long as their own turn takes: to people
 * who could see them at no moment.
 */

/** Whether some content of the space with the layer `layer` was asked for before `since`. */
export function hasOlderContent(layer: RawBuilder<unknown>, since: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql<boolean>`exists (
    select from spaces s
    join records r on r.space_id = s.id and r.acl_id is not null and r.kind not in ('comment', 'attachment')
    join content_access a on a.connection_id = r.connection_id and a.external_id = r.external_id
    where s.layer_id = ${layer} and a.as_of < ${since})`;
}

/** Opens the spaces of a connection in which nothing is left to read. @returns how many */
export async function openReadSpaces(db: Db, connectionId: string): Promise<number> {
  const { numAffectedRows } = await sql`
    update acl_layers l set principals = l.opening, opening = null, opening_as_of = null
    where l.connection_id = ${connectionId} and l.opening is not null
      and not ${hasOlderContent(sql`l.id`, sql`l.opening_as_of`)}`.execute(db);
  return Number(numAffectedRows ?? 0n);
}

/** Content that a space waits for, not read since `before`: at most `limit` ids. */
export async function contentToOpen(
  db: Db,
  connectionId: string,
  before: Date,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select a.external_id as id
    from acl_layers l
    join spaces s on s.layer_id = l.id
    join records r on r.space_id = s.id and r.acl_id is not null and r.kind not in ('comment', 'attachment')
    join content_access a on a.connection_id = r.connection_id and a.external_id = r.external_id
    where l.connection_id = ${connectionId} and l.opening is not null and a.as_of < l.opening_as_of
      and a.read_at < ${before}
    order by a.read_at limit ${limit}`.execute(db);
  return rows.map((row) => row.id);
}
