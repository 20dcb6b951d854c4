import { sql } from 'kysely';
import type { Layer } from '../permissions/types.ts';
import type { Db } from './schema.ts';

export interface SampledItem {
  externalId: string;
  layers: Layer[];
  /** The item and the places above it. */
  spaceId: string | null;
}

/**
 * Random pages and blog posts that somebody could be shown, half of them with a restriction somewhere on their way up
 * as far as there are such, with the layers that decide about them now. Reads every row once: for a nightly sample.
 */
export async function sampleItems(db: Db, connectionId: string, count: number): Promise<SampledItem[]> {
  const half = Math.ceil(count / 2);
  const { rows } = await sql<SampledItem>`
    with candidates as materialized (
      select r.external_id, r.space_id, a.layer_ids, cardinality(a.layer_ids) > 2 as restricted, random() as dice
      from records r join acls a on a.id = r.acl_id
      where r.connection_id = ${connectionId} and r.kind in ('page', 'blogpost') and r.state = 'indexed'),
    drawn as (
      (select * from candidates where restricted order by dice limit ${half})
      union all
      (select * from candidates where not restricted order by dice limit ${half}))
    select d.external_id as "externalId", s.external_id as "spaceId", (
      select json_agg(json_build_object('id', l.id::text, 'kind', l.kind, 'sourceId', l.source_id, 'state', l.state,
        'principals', l.principals, 'reason', l.reason) order by part.position)
      from unnest(d.layer_ids) with ordinality part (id, position) join acl_layers l on l.id = part.id) as layers
    from drawn d left join spaces s on s.id = d.space_id`.execute(db);
  return rows;
}

/** Random people of a site whose accounts are active. */
export async function sampleAccounts(db: Db, connectionId: string, count: number): Promise<string[]> {
  const { rows } = await sql<{ account_id: string }>`
    select account_id from atlassian_accounts
    where connection_id = ${connectionId} and account_type = 'atlassian' and account_status = 'active'
    order by random() limit ${count}`.execute(db);
  return rows.map((row) => row.account_id);
}
