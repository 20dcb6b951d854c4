import { sql } from 'kysely';
import type { Db } from './schema.ts';
import { lockForSettling } from './settle-lock.ts';

/**
 * Gives some places, and everything that hangs below them, the ACL that their place in the tree demands now: after a
 * restriction was added or lifted, a move, a hold. The same rule as settle.ts, for a part of the tree; no request is
 * made, and an edited restriction needs none of this, because it is one row that all ACLs refer to.
 *
 * It is one statement. What lies above the topmost of `roots` is settled and stays as it is; below a place that is not
 * known, or held, nothing is reached, and what is not reached loses its ACL. Circles end: nobody sees what is in one.
 *
 * The plan is a walk by `records_parent`, one index probe a place, then one hash join for the update: 5,000 pages with
 * a comment and an attachment each take about a fifth of a second (`npm run bench` measures it). Call it in a transaction.
 * @returns how many records have another ACL than before
 */
export async function settleBelow(trx: Db, connectionId: string, roots: readonly string[]): Promise<number> {
  if (roots.length === 0) return 0;
  await lockForSettling(trx, connectionId);
  const { numAffectedRows } = await sql`
    with recursive below as (
      select r.external_id, r.external_id as root from records r
      where r.connection_id = ${connectionId} and r.external_id = any(${roots}::text[])
        and r.kind not in ('comment', 'attachment')
      union
      select c.external_id, b.root from below b
      join records c on c.connection_id = ${connectionId} and c.parent_id = b.external_id
        and c.kind not in ('comment', 'attachment')),
    -- A root that hangs below another one is reached from there.
    tops as (
      select distinct root from below a
      where not exists (select from below b where b.external_id = a.root and b.root <> a.root
        and not exists (select from below c where c.external_id = b.root and c.root = a.root))),
    places as materialized (
      select r.id, r.external_id, r.parent_id, r.space_id, x.layer_id,
        x.external_id is not null and r.state <> 'pending' and r.status = 'current' and not exists (select from record_holds h
          where h.connection_id = r.connection_id and h.external_id = r.external_id) as known
      from (select distinct external_id from below) b
      join records r on r.connection_id = ${connectionId} and r.external_id = b.external_id
      left join content_access x on x.connection_id = r.connection_id and x.external_id = r.external_id),
    tree as (
      select p.id, p.external_id, p.space_id,
        array_remove((case when p.parent_id is null then array[product.id, s.layer_id] else above.layer_ids end)
          || p.layer_id, null) as layer_ids
      from places p
      join tops t on t.root = p.external_id
      left join acl_layers product on product.connection_id = ${connectionId} and product.kind = 'product'
      left join spaces s on s.id = p.space_id
      left join records up on up.connection_id = ${connectionId} and up.external_id = p.parent_id
      left join acls above on above.id = up.acl_id
      where p.known and not exists (select from below b where b.root = t.root and b.external_id = p.parent_id)
        and case when p.parent_id is null then product.id is not null and s.layer_id is not null
        else above.id is not null and up.space_id = p.space_id end
      union all
      select p.id, p.external_id, p.space_id, array_remove(t.layer_ids || p.layer_id, null)
      from tree t join places p on p.parent_id = t.external_id and p.space_id = t.space_id and p.known),
    lists as materialized (select distinct layer_ids from tree),
    present as materialized (
      select a.id, a.layer_ids from lists l
      join acls a on a.connection_id = ${connectionId} and a.layer_ids = l.layer_ids),
    added as (
      insert into acls (connection_id, layer_ids)
      select ${connectionId}::uuid, layer_ids from lists
      where layer_ids not in (select layer_ids from present) order by layer_ids
      on conflict (connection_id, layer_ids) do update set layer_ids = excluded.layer_ids
      returning id, layer_ids),
    interned as (select * from present union all select * from added),
    settled as materialized (
      select p.id, p.external_id, i.id as acl_id
      from places p
      left join tree t on t.id = p.id
      left join interned i on i.layer_ids = t.layer_ids)
    update records r set acl_id = s.acl_id
    from (
      select id, acl_id from settled
      union all
      select item.id, s.acl_id from settled s
      join records item on item.connection_id = ${connectionId} and item.container_id = s.external_id
        and item.kind in ('comment', 'attachment')) s
    where r.id = s.id and r.acl_id is distinct from s.acl_id`.execute(trx);
  return Number(numAffectedRows ?? 0n);
}
