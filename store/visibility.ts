import { sql, type RawBuilder } from 'kysely';
import type { Db } from './schema.ts';
import { principalsOf, type ViewerId } from './viewer-accounts.ts';

export type { ViewerId } from './viewer-accounts.ts';

/**
 * The ids of every ACL that the viewer may read, as a subquery for `acl_id in (…)`. Each account of the person is
 * judged by itself: two accounts together never open what neither opens alone.
 * @param among subquery of ACL ids: only these are judged, by their own layers, which costs nothing where few matter
 *
 * ACLs are unnested before they meet the layers, so that the join has the layer's id to hash by. Joined laterally,
 * the planner multiplies all ACLs with all passing layers first: with 20,300 ACLs of three layers over 15 s, against
 * 0.2 s for all of them in this form and milliseconds for some hundreds (PostgreSQL 18, two busy cores).
 */
export function readableAcls(viewer: ViewerId, among?: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(
    with ${principalsOf(viewer)},
    judged as materialized (
      select id, connection_id, cardinality(layer_ids) as layers, unnest(layer_ids) as layer_id
      from acls ${among === undefined ? sql`` : sql`where id in ${among}`}),
    passing as materialized (
      select p.connection_id, p.account_id, l.id
      from ${among === undefined ? sql`acl_layers l` : sql`(select distinct layer_id from judged) j join acl_layers l on l.id = j.layer_id`}
      join (select connection_id, account_id, array_agg(principal) as held from viewer_principals group by 1, 2) p
        on p.connection_id = l.connection_id and l.principals && p.held
      where l.state = 'known')
    select j.id
    from judged j
    join passing p on p.id = j.layer_id and p.connection_id = j.connection_id
    group by j.id, p.account_id, j.layers
    having count(*) = j.layers)`;
}

/** The same ids, read once: for callers that use them in several statements. */
export async function loadReadableAcls(db: Db, viewer: ViewerId): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from ${readableAcls(viewer)} readable`.execute(db);
  return rows.map((row) => row.id);
}
