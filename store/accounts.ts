import { sql } from 'kysely';
import { rowsAs } from './rows.ts';
import type { Db } from './schema.ts';

export interface AccountWrite {
  accountId: string;
  displayName: string;
  email: string | null;
  accountType: string;
  accountStatus: string;
  guest: boolean;
}

/** Stores what the site says of people now. A hidden email (null) forgets the one that was visible before. */
export async function saveAccounts(
  db: Db,
  connectionId: string,
  accounts: readonly AccountWrite[],
): Promise<void> {
  if (accounts.length === 0) return;
  const rows = accounts.map((one) => ({
    account_id: one.accountId,
    display_name: one.displayName,
    email: one.email,
    account_type: one.accountType,
    account_status: one.accountStatus,
    guest: one.guest,
  }));
  await sql`
    insert into atlassian_accounts (connection_id, account_id, display_name, email, account_type, account_status, guest)
    select ${connectionId}, account_id, display_name, email, account_type, account_status, guest
    from ${rowsAs(
      rows,
      'account_id text, display_name text, email text, account_type text, account_status text, guest boolean',
    )}
    on conflict (connection_id, account_id) do update
    set display_name = excluded.display_name, email = excluded.email, account_type = excluded.account_type,
      account_status = excluded.account_status, guest = excluded.guest, read_at = now()`.execute(db);
}

/** Marks accounts that the site no longer answers for: unknown, so they match nobody. */
export async function forgetAccounts(
  db: Db,
  connectionId: string,
  accountIds: readonly string[],
): Promise<void> {
  if (accountIds.length === 0) return;
  await sql`
    insert into atlassian_accounts (connection_id, account_id, account_status)
    select ${connectionId}, id, 'unknown' from unnest(${accountIds}::text[]) as id
    on conflict (connection_id, account_id) do update set account_status = 'unknown', email = null, read_at = now()`.execute(
    db,
  );
}

/** Display names by account id, of those that are known. */
export async function loadAccountNames(
  db: Db,
  connectionId: string,
  accountIds: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await sql<{ account_id: string; display_name: string }>`
    select account_id, display_name from atlassian_accounts
    where connection_id = ${connectionId} and account_id = any(${accountIds}::text[])`.execute(db);
  return new Map(rows.map((row) => [row.account_id, row.display_name]));
}

export interface GroupWrite {
  groupId: string;
  name: string;
}

/** Stores the site's groups and which of them open or administer the product; groups that are gone are removed. */
export async function saveGroups(
  db: Db,
  connectionId: string,
  groups: readonly GroupWrite[],
  access: { opensProduct: ReadonlySet<string>; administers: ReadonlySet<string> },
): Promise<void> {
  const rows = groups.map(({ groupId, name }) => ({
    group_id: groupId,
    name,
    opens_product: access.opensProduct.has(groupId),
    administers: access.administers.has(groupId),
  }));
  await sql`
    insert into atlassian_groups (connection_id, group_id, name, opens_product, administers)
    select ${connectionId}, group_id, name, opens_product, administers
    from ${rowsAs(rows, 'group_id text, name text, opens_product boolean, administers boolean')}
    on conflict (connection_id, group_id) do update
    set name = excluded.name, opens_product = excluded.opens_product, administers = excluded.administers,
      read_at = now()`.execute(db);
  await sql`
    delete from atlassian_groups where connection_id = ${connectionId}
      and group_id <> all(${rows.map((row) => row.group_id)}::text[])`.execute(db);
}

/**
 * Replaces the members of one group by what was read. `members` null: the list could not be read, and the group
 * admits nobody until it can.
 */
export async function saveGroupMembers(
  db: Db,
  connectionId: string,
  groupId: string,
  members: readonly string[] | null,
): Promise<void> {
  await sql`
    insert into atlassian_groups (connection_id, group_id, name, members_state)
    values (${connectionId}, ${groupId}, ${groupId}, ${members === null ? 'unknown' : 'known'})
    on conflict (connection_id, group_id) do update set members_state = excluded.members_state, read_at = now()`.execute(
    db,
  );
  if (members === null) return;
  await sql`
    delete from group_members where connection_id = ${connectionId} and group_id = ${groupId}
      and account_id <> all(${members}::text[])`.execute(db);
  await sql`
    insert into group_members (connection_id, group_id, account_id)
    select ${connectionId}, ${groupId}, id from unnest(${members}::text[]) as id on conflict do nothing`.execute(
    db,
  );
}
