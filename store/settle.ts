import { sql, type Kysely } from 'kysely';
import { applyLabels } from './labels.ts';
import type { Database } from './schema.ts';
import { lockForSettling } from './settle-lock.ts';

export interface Settled {
  /** Pieces of content that have an ACL. */
  settled: number;
  /**
   * Pieces of content that have none, because something above them or their own restriction is not known; not those
   * that wait for their removal with their space.
   */
  hidden: number;
}

/**
 * Gives every record of a connection the ACL that its place in the tree demands: product, space, each restricted
 * ancestor and its own restriction, all of which must admit a viewer.
 *
 * It walks the tree from its roots, so whatever hangs below something that was not read, or in a circle, is never
 * reached, keeps no ACL and is seen by nobody; a 'pending' place is not read yet and carries nothing, and neither does
 * what is held because of a disagreement, what is archived or in the trash, and what hangs below a place of another
 * space, which cannot be: of the two spaces' layers either may be the stale one. Only rows whose ACL changes are written. No request is made: 50,000 pages take
 * about a second. After a change at a few places, settle-below.ts walks only what hangs there.
 */
export async function settleAccess(db: Kysely<Database>, connectionId: string): Promise<Settled> {
  return db.transaction().execute(async (trx) => {
    await lockForSettling(trx, connectionId);
    // Freshly loaded tables have no statistics yet, and nested loops over them cost minutes instead of a second.
    await sql`select set_config('enable_nestloop', 'off', true), set_config('work_mem', '64MB', true)`.execute(
      trx,
    );
    await sql`
      create temporary table settled on commit drop as
      with recursive product as (
        select id from acl_layers where connection_id = ${connectionId} and kind = 'product'),
      content as materialized (
        select r.id, r.external_id, r.parent_id, r.space_id, r.kind, a.layer_id
        from records r
        join content_access a on a.connection_id = r.connection_id and a.external_id = r.external_id
        where r.connection_id = ${connectionId} and r.kind not in ('comment', 'attachment')
          and r.state <> 'pending' and r.status = 'current'
          and not exists (select from record_holds h
            where h.connection_id = r.connection_id and h.external_id = r.external_id)),
      tree as (
        select c.id, c.external_id, c.space_id, array_remove(array[p.id, s.layer_id, c.layer_id], null) as layer_ids
        from content c cross join product p join spaces s on s.id = c.space_id and s.layer_id is not null
        where c.parent_id is null
        union all
        select c.id, c.external_id, c.space_id, array_remove(t.layer_ids || c.layer_id, null)
        from tree t join content c on c.parent_id = t.external_id and c.space_id = t.space_id)
      select id, layer_ids from tree`.execute(trx);
    await sql`
      insert into acls (connection_id, layer_ids)
      select ${connectionId}::uuid, layer_ids from (select distinct layer_ids from settled) s
      -- A row that conflicts would use up an id, too, and kept sets are the smaller the denser ids are.
      where not exists (select from acls a where a.connection_id = ${connectionId} and a.layer_ids = s.layer_ids)
      order by layer_ids
      on conflict do nothing`.execute(trx);
    await sql`
      update records r set acl_id = a.id
      from settled s join acls a on a.connection_id = ${connectionId} and a.layer_ids = s.layer_ids
      where r.id = s.id and r.acl_id is distinct from a.id`.execute(trx);
    await sql`
      update records r set acl_id = null
      where r.connection_id = ${connectionId} and r.acl_id is not null and r.kind not in ('comment', 'attachment')
        and not exists (select from settled s where s.id = r.id)`.execute(trx);
    await followContainers(trx, connectionId);
    await applyLabels(trx, connectionId);
    const { rows } = await sql<{ settled: string; hidden: string }>`
      select count(acl_id) as settled, count(*) filter (where acl_id is null and not exists (
        select from vanished v where v.connection_id = r.connection_id and v.external_id = r.external_id and v.evidence = 'space')) as hidden
      from records r where connection_id = ${connectionId} and kind not in ('comment', 'attachment')`.execute(
      trx,
    );
    return { settled: Number(rows[0]?.settled ?? 0), hidden: Number(rows[0]?.hidden ?? 0) };
  });
}

/** Comments and attachments have their container's space and ACL; without a container that is stored, none. */
async function followContainers(db: Kysely<Database>, connectionId: string): Promise<void> {
  await sql`
    update records r set acl_id = c.acl_id, space_id = c.space_id
    from (
      select item.id, container.acl_id, container.space_id
      from records item
      left join records container on container.connection_id = item.connection_id
        and container.external_id = item.container_id and container.kind in ('page', 'blogpost')
      where item.connection_id = ${connectionId} and item.kind in ('comment', 'attachment')) c
    where r.id = c.id and (r.acl_id, r.space_id) is distinct from (c.acl_id, c.space_id)`.execute(db);
}
