import { sql } from 'kysely';
import { explain, type Verdict } from '../permissions/explain.ts';
import type { Holdings } from '../permissions/path.ts';
import type { Layer, Principal } from '../permissions/types.ts';
import { isoTime } from './iso-time.ts';
import type { ConnectionStatus, Db, RecordState } from './schema.ts';
import { principalsOf, type ViewerId } from './viewer-accounts.ts';
import { readableAcls } from './visibility.ts';
import { isShowable } from './visible-records.ts';

/** The viewer's principals by connection and account. */
export async function loadPrincipals(
  db: Db,
  viewer: ViewerId,
  connectionId: string,
): Promise<Map<string, Set<Principal>>> {
  const { rows } = await sql<{ account_id: string; principal: Principal }>`
    with ${principalsOf(viewer)}
    select account_id, principal from viewer_principals where connection_id = ${connectionId}`.execute(db);
  const byAccount = new Map<string, Set<Principal>>();
  for (const row of rows) {
    const held = byAccount.get(row.account_id) ?? new Set();
    byAccount.set(row.account_id, held.add(row.principal));
  }
  return byAccount;
}

export interface Access extends Verdict {
  recordId: string;
  connectionId: string;
  /** Whether search shows it to the viewer: the answer of the same conditions, in the same snapshot as what explains it. */
  visible: boolean;
  /** The account that decided; null when no account of the site is matched to the person, and for a visitor. */
  accountId: string | null;
  /** What that account holds; null when the person holds nothing on the site. */
  holdings: Holdings | null;
  state: RecordState;
  status: ConnectionStatus;
  /** An ACL is stored: the layers are those of its place in the tree. */
  settled: boolean;
}

interface Facts {
  records: (Pick<Access, 'recordId' | 'connectionId' | 'visible' | 'state' | 'status'> & {
    aclId: string | null;
  })[];
  layers: (Layer & { aclId: string })[];
  holdings: (Omit<Holdings, 'principals'> & { connectionId: string; principals: Principal[] })[];
}

/**
 * Why `viewer` can or cannot see some records, by the same evaluation as search. Of several accounts of one person the
 * one that may see the item speaks, else the first. One statement for all of them: principals, layers and the decision
 * are of one moment.
 * @returns by the id of the record; ids of nothing are absent
 */
export async function loadAccesses(
  db: Db,
  recordIds: readonly string[],
  viewer: ViewerId,
): Promise<Map<string, Access>> {
  const facts = await loadFacts(db, recordIds, viewer);
  const layersOf = Map.groupBy(facts.layers, (layer) => layer.aclId);
  const held = Map.groupBy(facts.holdings, (one) => one.connectionId);
  return new Map(
    facts.records.map(({ aclId, ...record }) => {
      const layers = aclId === null ? null : (layersOf.get(aclId) ?? null);
      const verdicts = (held.get(record.connectionId) ?? []).map((one) => {
        const holdings = { ...one, principals: new Set(one.principals) };
        return { holdings, ...explain(holdings, layers) };
      });
      const decided = verdicts.find((verdict) => verdict.visible) ??
        verdicts[0] ?? { holdings: null, ...explain(null, layers) };
      const accountId = decided.holdings?.accountId || null;
      return [record.recordId, { ...decided, ...record, accountId, settled: layers !== null }];
    }),
  );
}

/** A layer that an ACL names and that is gone counts as one that was not read. */
async function loadFacts(db: Db, recordIds: readonly string[], viewer: ViewerId): Promise<Facts> {
  const { rows } = await sql<Facts>`
    with ${principalsOf(viewer)},
    asked as materialized (select id, acl_id from records where id = any(${recordIds}::bigint[])),
    readable as materialized (select id from ${readableAcls(viewer, sql`(select acl_id from asked)`)} acl)
    select
      (select coalesce(json_agg(json_build_object('recordId', r.id::text, 'connectionId', r.connection_id,
          'aclId', r.acl_id::text, 'state', r.state, 'status', c.status, 'visible', ${isShowable()} and coalesce(r.acl_id in (select id from readable), false))), '[]')
        from asked join records r on r.id = asked.id join connections c on c.id = r.connection_id) as records,
      (select coalesce(json_agg(json_build_object('aclId', a.id::text, 'id', part.layer_id::text,
          'kind', coalesce(l.kind, 'content'), 'sourceId', coalesce(l.source_id, ''),
          'state', coalesce(l.state, 'unknown'), 'principals', coalesce(l.principals, '{}'),
          'reason', case when l.id is null then 'it is no longer stored' else l.reason end,
          'roles', coalesce(l.roles, '{}')) order by a.id, part.position), '[]')
        from acls a cross join lateral unnest(a.layer_ids) with ordinality as part (layer_id, position)
        left join acl_layers l on l.id = part.layer_id
        where a.id in (select acl_id from asked)) as layers,
      (select coalesce(json_agg(json_build_object('connectionId', v.connection_id, 'accountId', v.account_id,
          'name', coalesce(a.display_name, ''), 'guest', v.guest,
          'principals', coalesce((select json_agg(p.principal) from viewer_principals p
            where p.connection_id = v.connection_id and p.account_id = v.account_id), '[]'),
          'groups', coalesce((select json_agg(json_build_object('id', g.group_id, 'name', g.name,
              'opensProduct', g.opens_product, 'administers', g.administers, 'readAt', ${isoTime(sql`g.members_read_at`)})
              order by g.name, g.group_id)
            from viewer_groups h join atlassian_groups g on g.connection_id = h.connection_id and g.group_id = h.group_id
            where h.connection_id = v.connection_id and h.account_id = v.account_id), '[]'))
          order by v.account_id = '', v.account_id), '[]')
        from viewer_accounts v
        left join atlassian_accounts a on a.connection_id = v.connection_id and a.account_id = v.account_id
        where v.connection_id in (select r.connection_id from asked join records r on r.id = asked.id)) as holdings`.execute(
    db,
  );
  return rows[0] ?? { records: [], layers: [], holdings: [] };
}

/** The layers of an ACL, outermost first. */
export async function loadLayers(db: Db, aclId: string): Promise<Layer[]> {
  const { rows } = await sql<Layer>`
    select l.id, l.kind, l.source_id as "sourceId", l.state, l.principals, l.reason, l.roles
    from acls a
    cross join lateral unnest(a.layer_ids) with ordinality as part (layer_id, position)
    join acl_layers l on l.id = part.layer_id
    where a.id = ${aclId} order by part.position`.execute(db);
  return rows;
}
