import { sql } from 'kysely';
import type { Db } from './schema.ts';

/**
 * Makes what is stored of a record be read anew by the next run, though nothing changed at the site: its body, or the
 * text of its file. It stays shown meanwhile.
 * @returns whether there is something of it that can be read again
 */
export async function readAgain(db: Db, connectionId: string, externalId: string): Promise<boolean> {
  const { rows } = await sql`
    with held as (
      select id, kind from records
      where connection_id = ${connectionId} and external_id = ${externalId} and state in ('indexed', 'waiting')
        and kind in ('page', 'blogpost', 'comment', 'attachment')),
    bodies as (
      update records set body_due = true, digest = '' where id in (select id from held where kind <> 'attachment')
      returning id),
    files as (
      update attachment_texts set state = 'due', read_version = null where record_id in (select id from held where kind = 'attachment')
      returning record_id)
    select id from bodies union all select record_id from files`.execute(db);
  return rows.length > 0;
}

/** Which stages failed of some records, by their ids. */
export async function failedStages(
  db: Db,
  connectionId: string,
  ids: readonly string[],
): Promise<{ stage: string; externalId: string }[]> {
  const { rows } = await sql<{ stage: string; externalId: string }>`
    select f.stage, f.external_id as "externalId" from records r
    join sync_failures f on f.connection_id = r.connection_id and f.external_id = r.external_id
      and f.stage in ('restrictions', 'folders', 'bodies', 'files')
    where r.connection_id = ${connectionId} and r.id = any(${[...ids]}::bigint[])`.execute(db);
  return rows;
}
