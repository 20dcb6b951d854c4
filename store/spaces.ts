import { sql } from 'kysely';
import { rowsAs } from './rows.ts';
import type { Db, Space } from './schema.ts';

export interface SpaceWrite {
  externalId: string;
  key: string;
  name: string;
  type: string;
  status: string;
  homepageId: string | null;
  url: string;
}

/**
 * Stores spaces. Identity is the id: a renamed key or name is an update. Who may view a known space stays as it is; a
 * new one's layer is unknown until it is read.
 * @param runId null: a permission sync, which says nothing about what a sync of content has seen
 */
export async function saveSpaces(
  db: Db,
  connectionId: string,
  runId: string | null,
  spaces: readonly SpaceWrite[],
): Promise<void> {
  const rows = spaces.map((space) => ({
    external_id: space.externalId,
    key: space.key,
    name: space.name,
    type: space.type,
    status: space.status,
    homepage_id: space.homepageId,
    url: space.url,
  }));
  await sql`
    insert into acl_layers (connection_id, kind, source_id, state, reason)
    select ${connectionId}, 'space', id, 'unknown', 'not read yet'
    from unnest(${spaces.map((space) => space.externalId)}::text[]) as id
    on conflict do nothing`.execute(db);
  await sql`
    insert into spaces (connection_id, external_id, key, name, type, status, homepage_id, url, layer_id, seen_run)
    select ${connectionId}, external_id, key, name, type, status, homepage_id, url, l.id, ${runId}::uuid
    from ${rowsAs(
      rows,
      'external_id text, key text, name text, type text, status text, homepage_id text, url text',
    )}
    join acl_layers l on l.connection_id = ${connectionId} and l.kind = 'space' and l.source_id = external_id
    on conflict (connection_id, external_id) do update
    set key = excluded.key, name = excluded.name, type = excluded.type, status = excluded.status,
      homepage_id = excluded.homepage_id, url = excluded.url, layer_id = excluded.layer_id,
      seen_run = coalesce(excluded.seen_run, spaces.seen_run), read_at = now()`.execute(db);
}

/** The spaces of a connection, in a stable order; with `runId` only those that this run saw. */
export async function loadSpaces(db: Db, connectionId: string, runId?: string): Promise<Space[]> {
  const spaces = db.selectFrom('spaces').selectAll().where('connection_id', '=', connectionId).orderBy('id');
  return runId === undefined ? spaces.execute() : spaces.where('seen_run', '=', runId).execute();
}
