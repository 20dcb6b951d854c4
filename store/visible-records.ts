import { sql, type RawBuilder } from 'kysely';

/**
 * Whether a `records` row with the alias `r` may be shown, given a CTE `readable` (id) of the viewer's readable ACLs
 * (store/visibility.ts): stored and settled, readable, and of a connection that is set up and not going away.
 */
export function isVisible(): RawBuilder<boolean> {
  return sql<boolean>`(r.state = 'indexed' and r.acl_id in (select id from readable)
    and r.connection_id in (select id from connections where status not in ('draft', 'disconnecting')))`;
}

/** A place above a record. */
export interface Place {
  id: string;
  externalId: string;
  type: string;
  title: string;
  url: string;
}

/**
 * Subquery with one row (places json, outermost first; container_title) for the row `r`. A comment or attachment hangs
 * on its container, not on what it replies to.
 * @param everything also what `readable` does not hold: for an administrator's view of what is stored
 */
export function placesAbove(everything: RawBuilder<boolean> = sql<boolean>`false`): RawBuilder<unknown> {
  const columns = sql.raw(
    'above.id, above.external_id, above.kind, above.title, above.url, above.parent_id, above.acl_id, above.state',
  );
  return sql`(
    with recursive place as (
      select ${columns}, 1 as depth from records above
      where above.connection_id = r.connection_id and above.external_id = coalesce(r.container_id, r.parent_id)
      union all
      select ${columns}, place.depth + 1 from place join records above
        on above.connection_id = r.connection_id and above.external_id = place.parent_id
      where place.depth < 50)
    select
      coalesce(json_agg(json_build_object('id', id::text, 'externalId', external_id, 'type', kind, 'title', title,
        'url', url) order by depth desc), '[]') as places,
      max(title) filter (where depth = 1 and r.container_id is not null) as container_title
    from place where (state = 'indexed' and acl_id in (select id from readable)) or ${everything})`;
}
