import { sql } from 'kysely';
import { explain } from '../permissions/can-see.ts';
import type { Layer, Principal, Verdict } from '../permissions/types.ts';
import type { Db } from './schema.ts';
import { principalsOf, type ViewerId } from './viewer-accounts.ts';

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
  /** The account that decided; null when no account of the site is matched to the person. */
  accountId: string | null;
}

/**
 * Why `viewer` can or cannot see a record, by the same evaluation as search. Of several accounts of one person the
 * one that may see the item speaks, else the first.
 * @returns null when there is no such record.
 */
export async function loadAccess(db: Db, recordId: string, viewer: ViewerId): Promise<Access | null> {
  const record = await db
    .selectFrom('records')
    .select(['connection_id', 'acl_id'])
    .where('id', '=', recordId)
    .executeTakeFirst();
  if (record === undefined) return null;
  const [layers, accounts] = await Promise.all([
    record.acl_id === null ? null : loadLayers(db, record.acl_id),
    loadPrincipals(db, viewer, record.connection_id),
  ]);
  const verdicts = [...accounts].map(([accountId, held]): Access => ({
    accountId: accountId === '' ? null : accountId,
    ...explain(held, layers),
  }));
  return (
    verdicts.find((verdict) => verdict.visible) ??
    verdicts[0] ?? { accountId: null, ...explain(new Set(), layers) }
  );
}

/** The layers of an ACL, outermost first. */
export async function loadLayers(db: Db, aclId: string): Promise<Layer[]> {
  const { rows } = await sql<Layer>`
    select l.id, l.kind, l.source_id as "sourceId", l.state, l.principals, l.reason
    from acls a
    cross join lateral unnest(a.layer_ids) with ordinality as part (layer_id, position)
    join acl_layers l on l.id = part.layer_id
    where a.id = ${aclId} order by part.position`.execute(db);
  return rows;
}
