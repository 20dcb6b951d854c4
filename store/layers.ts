import { sql } from 'kysely';
import type { LayerKind, LayerReading } from '../permissions/types.ts';
import { rowsAs } from './rows.ts';
import type { Db } from './schema.ts';

export interface LayerWrite {
  kind: LayerKind;
  sourceId: string;
  reading: LayerReading;
}

/**
 * Stores what was read of layers, one row each, in one statement. A changed restriction is a changed row here and
 * nothing else: items refer to layers by id.
 * @returns layer id by `sourceId`, for layers of one kind.
 */
export async function saveLayers(
  db: Db,
  connectionId: string,
  layers: readonly LayerWrite[],
): Promise<Map<string, string>> {
  if (layers.length === 0) return new Map();
  const rows = layers.map(({ kind, sourceId, reading }) => ({
    kind,
    source_id: sourceId,
    state: reading.state,
    principals: reading.principals,
    reason: reading.state === 'unknown' ? reading.reason : null,
  }));
  const saved = await sql<{ id: string; source_id: string }>`
    insert into acl_layers (connection_id, kind, source_id, state, principals, reason)
    select ${connectionId}, kind, source_id, state, principals, reason
    from ${rowsAs(rows, 'kind text, source_id text, state text, principals text[], reason text')}
    on conflict (connection_id, kind, source_id) do update
    set state = excluded.state, principals = excluded.principals, reason = excluded.reason, read_at = now()
    returning id, source_id`.execute(db);
  return new Map(saved.rows.map((row) => [row.source_id, row.id]));
}
