import { sql } from 'kysely';
import type { LayerKind, LayerReading } from '../permissions/types.ts';
import { rowsAs } from './rows.ts';
import type { Db } from './schema.ts';
import { hasOlderContent } from './space-opening.ts';

export interface LayerWrite {
  kind: LayerKind;
  sourceId: string;
  reading: LayerReading;
}

/**
 * Stores what was read of layers, one row each, in one statement. A changed restriction is a changed row here and
 * nothing else: items refer to layers by id.
 * @param asOf when they were asked for (SyncContext.askedAt): a layer that is stored from a later question stays
 * @param opensSince of spaces: one that admits more than before waits until everything in it was asked for since then
 * (space-opening.ts); absent: nothing waits
 * @returns layer id by `sourceId`, for layers of one kind.
 */
export async function saveLayers(
  db: Db,
  connectionId: string,
  layers: readonly LayerWrite[],
  asOf: Date,
  opensSince: Date | null = null,
): Promise<Map<string, string>> {
  if (layers.length === 0) return new Map();
  const rows = layers.map(({ kind, sourceId, reading }) => ({
    kind,
    source_id: sourceId,
    state: reading.state,
    principals: reading.principals,
    reason: reading.state === 'unknown' ? reading.reason : null,
    roles: reading.state === 'known' ? (reading.roles ?? {}) : {},
  }));
  const saved = await sql<{ id: string; source_id: string }>`
    with given as materialized (
      select input.*, known.id as known_id, known.principals as held, case
          when known.opening is not null and input.principals <@ known.opening then known.opening_as_of
          else ${opensSince}::timestamptz end as since
      from ${rowsAs(rows, 'kind text, source_id text, state text, principals text[], reason text, roles jsonb')}
      left join acl_layers known on known.connection_id = ${connectionId} and known.kind = input.kind
        and known.source_id = input.source_id),
    judged as materialized (
      select *, ${opensSince}::timestamptz is not null and not principals <@ held
        and ${hasOlderContent(sql`known_id`, sql`since`)} as waits
      from given)
    insert into acl_layers as l (connection_id, kind, source_id, state, principals, reason, roles, as_of, opening,
      opening_as_of)
    select ${connectionId}, kind, source_id, state,
      case when waits then array(select unnest(principals) intersect select unnest(held) order by 1) else principals end,
      reason, roles, ${asOf}, case when waits then principals end, case when waits then since end
    from judged
    on conflict (connection_id, kind, source_id) do update
    set state = case when l.as_of <= excluded.as_of then excluded.state else l.state end,
      principals = case when l.as_of <= excluded.as_of then excluded.principals else l.principals end,
      reason = case when l.as_of <= excluded.as_of then excluded.reason else l.reason end,
      roles = case when l.as_of <= excluded.as_of then excluded.roles else l.roles end,
      opening = case when l.as_of <= excluded.as_of then excluded.opening else l.opening end,
      opening_as_of = case when l.as_of <= excluded.as_of then excluded.opening_as_of else l.opening_as_of end,
      as_of = greatest(l.as_of, excluded.as_of), read_at = now()
    returning id, source_id`.execute(db);
  return new Map(saved.rows.map((row) => [row.source_id, row.id]));
}

/** Whether a layer is stored from a later question than `asOf`; it stays as it is to the end of the transaction. */
export async function hasLaterLayer(
  trx: Db,
  connectionId: string,
  kind: LayerKind,
  sourceId: string,
  asOf: Date,
): Promise<boolean> {
  const row = await trx
    .selectFrom('acl_layers')
    .select('as_of')
    .where('connection_id', '=', connectionId)
    .where('kind', '=', kind)
    .where('source_id', '=', sourceId)
    .forUpdate()
    .executeTakeFirst();
  return row !== undefined && row.as_of > asOf;
}
