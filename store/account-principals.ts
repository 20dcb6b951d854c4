import { sql } from 'kysely';
import { principalsOf } from '../permissions/principals.ts';
import type { Principal } from '../permissions/types.ts';
import type { Db } from './schema.ts';

/** What accounts of a site hold, by the last readings; ids that are not known are absent. One query for all of them. */
export async function loadAccountPrincipals(
  db: Db,
  connectionId: string,
  accountIds: readonly string[],
): Promise<Map<string, ReadonlySet<Principal>>> {
  const { rows } = await sql<{
    account_id: string;
    active: boolean;
    guest: boolean;
    groups: { id: string; opensProduct: boolean; administers: boolean }[];
  }>`
    select a.account_id, a.account_status = 'active' as active, a.guest,
      coalesce(json_agg(json_build_object('id', g.group_id, 'opensProduct', g.opens_product,
        'administers', g.administers)) filter (where g.group_id is not null), '[]') as groups
    from atlassian_accounts a
    left join group_members m on m.connection_id = a.connection_id and m.account_id = a.account_id
    left join atlassian_groups g on g.connection_id = m.connection_id and g.group_id = m.group_id
      and g.members_state = 'known'
    where a.connection_id = ${connectionId} and a.account_id = any(${accountIds}::text[])
    group by a.connection_id, a.account_id`.execute(db);
  return new Map(
    rows.map(({ account_id: accountId, ...facts }) => [accountId, principalsOf({ accountId, ...facts })]),
  );
}
