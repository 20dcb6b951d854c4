import { sql, type RawBuilder } from 'kysely';
import { isReadable, judgedChunks } from './readable-sets.ts';
import type { ViewerId } from './visibility.ts';

/**
 * Whether a `records` row with the alias `r` may be shown, given the CTEs of store/readable-sets.ts: stored and settled,
 * readable, and of a connection that is set up and not going away.
 */
export function isVisible(): RawBuilder<boolean> {
  return sql<boolean>`(${isShowable()} and ${isReadable(sql`r.acl_id`)})`;
}

/** The part of `isVisible` that does not depend on who looks. */
export function isShowable(): RawBuilder<boolean> {
  return sql<boolean>`(r.state = 'indexed' and r.acl_id is not null
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
 * CTE definitions that end in `ways` (record_id, places json, container_title) for the rows of a CTE `page` (id),
 * given those of store/readable-sets.ts: the places above each that the viewer may see, outermost first. A comment or attachment hangs on its container, not
 * on what it replies to. Records with nothing visible above have no row.
 * @param options.everything also what the viewer may not see: for an administrator's view of what is stored
 * @param options.judgedFor `readable` holds nothing of what lies above, so that is judged here for this viewer
 */
export function waysUp(options: { everything?: boolean; judgedFor?: ViewerId } = {}): RawBuilder<unknown> {
  const { everything = false, judgedFor } = options;
  const columns = sql.raw(
    'up.id, up.external_id, up.kind, up.title, up.url, up.connection_id, up.parent_id, up.acl_id, up.state',
  );
  return sql`
    above as materialized (
      select p.id as record_id, r.container_id is not null as contained, place.*
      from page p join records r on r.id = p.id
      cross join lateral (
        with recursive place as (
          select ${columns}, 1 as depth from records up
          where up.connection_id = r.connection_id and up.external_id = coalesce(r.container_id, r.parent_id)
          union all
          select ${columns}, place.depth + 1 from place join records up
            on up.connection_id = place.connection_id and up.external_id = place.parent_id
          where place.depth < 50)
        select * from place) place),
    ${judgedFor === undefined ? sql`` : sql`readable_above as materialized (${judgedChunks(judgedFor, sql`(select acl_id from above)`)}),`}
    ways as materialized (
      select record_id,
        json_agg(json_build_object('id', id::text, 'externalId', external_id, 'type', kind, 'title', title,
          'url', url) order by depth desc) as places,
        max(title) filter (where depth = 1 and contained) as container_title
      from above
      where ${everything ? sql`true` : sql`state = 'indexed' and ${isReadable(sql`acl_id`, judgedFor === undefined ? sql`readable` : sql`readable_above`)}`}
      group by record_id)`;
}
