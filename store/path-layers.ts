import { sql } from 'kysely';
import type { Layer } from '../permissions/types.ts';
import type { Db } from './schema.ts';

export interface ItemPath {
  /** Outermost first; null where something above, or the item's own restriction, is not known. */
  layers: Layer[] | null;
  /** External ids of the item and of every place above it, the item first. */
  places: string[];
  /** External id of the space. */
  spaceId: string | null;
}

/**
 * The layers that an item's place in the tree demands, read from the tree itself and not from its stored ACL: what
 * settle.ts would give it if nothing were held. Items that are not stored are absent. One query for all of them.
 */
export async function loadPaths(
  db: Db,
  connectionId: string,
  externalIds: readonly string[],
): Promise<Map<string, ItemPath>> {
  const { rows } = await sql<{
    item: string;
    complete: boolean;
    places: string[];
    space_id: string | null;
    layers: Layer[];
  }>`
    with recursive up as (
      select r.external_id as item, r.external_id, r.parent_id, r.space_id, r.state, r.status, r.kind, 1 as depth
      from records r where r.connection_id = ${connectionId} and r.external_id = any(${externalIds}::text[])
        and r.kind not in ('comment', 'attachment')
      union all
      select up.item, r.external_id, r.parent_id, r.space_id, r.state, r.status, r.kind, up.depth + 1
      from up join records r on r.connection_id = ${connectionId} and r.external_id = up.parent_id
      where up.depth < 200),
    places as (
      select up.*, x.layer_id, x.external_id is not null and up.state <> 'pending' and up.status = 'current' as known
      from up left join content_access x on x.connection_id = ${connectionId} and x.external_id = up.external_id),
    summed as (
      select item, max(depth) as depth, bool_and(known) and count(distinct space_id) = 1 as known,
        array_agg(external_id order by depth) as places,
        array_remove(array_agg(layer_id order by depth desc), null) as own
      from places group by item),
    wholes as (
      select s.item, s.places, s.own, top.parent_id is null and s.known and product.id is not null
        and space.layer_id is not null as complete, space.external_id as space_id, product.id as product, space.layer_id
      from summed s
      join places top on top.item = s.item and top.depth = s.depth
      left join acl_layers product on product.connection_id = ${connectionId} and product.kind = 'product'
      left join spaces space on space.id = top.space_id)
    select w.item, w.complete, w.places, w.space_id, coalesce((
      select json_agg(json_build_object('id', l.id::text, 'kind', l.kind, 'sourceId', l.source_id, 'state', l.state,
        'principals', l.principals, 'reason', l.reason) order by part.position)
      from unnest(array[w.product, w.layer_id] || w.own) with ordinality part (id, position)
      join acl_layers l on l.id = part.id), '[]') as layers
    from wholes w`.execute(db);
  return new Map(
    rows.map((row) => [
      row.item,
      { layers: row.complete ? row.layers : null, places: row.places, spaceId: row.space_id },
    ]),
  );
}
