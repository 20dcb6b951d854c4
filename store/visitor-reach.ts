import { sql } from 'kysely';
import type { Db } from './schema.ts';

/** What a site shows to visitors, who could see it here, and who could not see it otherwise. */
export interface VisitorReach {
  /** Spaces that hold at least one such record. */
  spaces: number;
  records: number;
  /** Everybody who can sign in here. */
  people: number;
}

/**
 * What everybody who can sign in here would see of a connection by its anonymous access alone, if the site as a whole
 * lets visitors in: what every space and restriction opens to `anonymous-users`. Whether it does is asked only once
 * an administrator has opted in (activities/visitors.ts), so the product layer counts as open here.
 */
export async function countVisitorReach(db: Db, connectionId: string): Promise<VisitorReach> {
  const { rows } = await sql<VisitorReach>`
    with open_layers as materialized (
      select id from acl_layers where connection_id = ${connectionId} and state = 'known'
        and (kind = 'product' or 'class:anonymous-users' = any(principals))),
    open_acls as materialized (
      select a.id from acls a
      where a.connection_id = ${connectionId} and cardinality(a.layer_ids) > 0 and not exists (
        select from unnest(a.layer_ids) as part (layer_id)
        where part.layer_id not in (select id from open_layers)))
    select count(*)::int as records, count(distinct r.space_id)::int as spaces,
      (select count(*)::int from users where active) as people
    from records r
    where r.connection_id = ${connectionId} and r.state = 'indexed'
      and r.acl_id in (select id from open_acls)`.execute(db);
  return rows[0] ?? { spaces: 0, records: 0, people: 0 };
}
