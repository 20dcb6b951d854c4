import { sql } from 'kysely';
import type { Db } from './schema.ts';

const folded = sql`array(select lower(label) from unnest(a.labels) as label)`;

/** Of some content, what is stored: which of these labels (in small letters) each carries. What is not stored is absent. */
export async function labelsAmong(
  db: Db,
  connectionId: string,
  externalIds: readonly string[],
  labels: readonly string[],
): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ id: string; labels: string[] }>`
    select r.external_id as id, array(select distinct unnest(${folded}) intersect select unnest(${[...labels]}::text[])) as labels
    from records r
    left join content_access a on a.connection_id = r.connection_id and a.external_id = r.external_id
    where r.connection_id = ${connectionId} and r.external_id = any(${[...externalIds]}::text[])`.execute(db);
  return new Map(rows.map((row) => [row.id, row.labels]));
}

/** Content of these kinds that carries any of these labels (in small letters), in the order of ids. */
export async function contentLabelled(
  db: Db,
  connectionId: string,
  labels: readonly string[],
  options: { kinds: readonly string[]; after: string; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select a.external_id as id from content_access a
    join records r on r.connection_id = a.connection_id and r.external_id = a.external_id
      and r.kind = any(${[...options.kinds]}::text[]) and r.state <> 'pending'
    where a.connection_id = ${connectionId} and a.labels <> '{}' and ${folded} && ${[...labels]}::text[]
      and a.external_id > ${options.after}
    order by a.external_id limit ${options.limit}`.execute(db);
  return rows.map(({ id }) => id);
}

/** Pages below some places, these themselves left out. */
export async function pagesBelow(
  db: Db,
  connectionId: string,
  roots: readonly string[],
): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    with recursive below as (
      select external_id, kind from records
      where connection_id = ${connectionId} and parent_id = any(${[...roots]}::text[])
        and kind not in ('comment', 'attachment') and state <> 'pending'
      union
      select r.external_id, r.kind from below b join records r on r.connection_id = ${connectionId}
        and r.parent_id = b.external_id and r.kind not in ('comment', 'attachment') and r.state <> 'pending')
    select external_id as id from below
    where kind = 'page' and not external_id = any(${[...roots]}::text[])`.execute(db);
  return new Set(rows.map(({ id }) => id));
}
