import { sql } from 'kysely';
import type { LayerReading } from '../permissions/types.ts';
import { saveLayers } from './layers.ts';
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
  /** Who may view the space. */
  layer: LayerReading;
}

/** Stores spaces with their layers. Identity is the id: a renamed key or name is an update. */
export async function saveSpaces(
  db: Db,
  connectionId: string,
  runId: string,
  spaces: readonly SpaceWrite[],
): Promise<void> {
  const layers = await saveLayers(
    db,
    connectionId,
    spaces.map((space) => ({ kind: 'space' as const, sourceId: space.externalId, reading: space.layer })),
  );
  const rows = spaces.map((space) => ({
    external_id: space.externalId,
    key: space.key,
    name: space.name,
    type: space.type,
    status: space.status,
    homepage_id: space.homepageId,
    url: space.url,
    layer_id: layers.get(space.externalId),
  }));
  await sql`
    insert into spaces (connection_id, external_id, key, name, type, status, homepage_id, url, layer_id, seen_run)
    select ${connectionId}, external_id, key, name, type, status, homepage_id, url, layer_id, ${runId}
    from ${rowsAs(
      rows,
      'external_id text, key text, name text, type text, status text, homepage_id text, url text, layer_id bigint',
    )}
    on conflict (connection_id, external_id) do update
    set key = excluded.key, name = excluded.name, type = excluded.type, status = excluded.status,
      homepage_id = excluded.homepage_id, url = excluded.url, layer_id = excluded.layer_id,
      seen_run = excluded.seen_run, read_at = now()`.execute(db);
}

/** The spaces of a connection, in a stable order; with `runId` only those that this run saw. */
export async function loadSpaces(db: Db, connectionId: string, runId?: string): Promise<Space[]> {
  const spaces = db.selectFrom('spaces').selectAll().where('connection_id', '=', connectionId).orderBy('id');
  return runId === undefined ? spaces.execute() : spaces.where('seen_run', '=', runId).execute();
}
