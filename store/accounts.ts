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

/**
 * Stores what the site says of people now. A hidden email (null) proves nobody any more. One that differs from the
 * email that was known first is kept beside that, and proves nobody until somebody confirms it (viewer-accounts.ts).
 * @param asOf when they were asked for (SyncContext.askedAt): what is stored from a later question stays
 */
export async function saveAccounts(
  db: Db,
  connectionId: string,
  accounts: readonly AccountWrite[],
  asOf: Date,
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
    insert into atlassian_accounts as a (connection_id, account_id, display_name, email, account_type, account_status, guest, read_at)
    select ${connectionId}, account_id, display_name, email, account_type, account_status, guest, ${asOf}
    from ${rowsAs(
      rows,
      'account_id text, display_name text, email text, account_type text, account_status text, guest boolean',
    )}
    on conflict (connection_id, account_id) do update
    set display_name = excluded.display_name, email = excluded.email, account_type = excluded.account_type,
      account_status = excluded.account_status, guest = excluded.guest, read_at = excluded.read_at,
      email_before = case
        when coalesce(a.email_before, a.email) is null
          or lower(coalesce(a.email_before, a.email) collate "C") = lower(excluded.email collate "C") then null
        else coalesce(a.email_before, a.email) end
    where a.read_at <= excluded.read_at`.execute(db);
}

/** Marks accounts that the site no longer answers for: unknown, so they match nobody. */
export async function forgetAccounts(
  db: Db,
  connectionId: string,
  accountIds: readonly string[],
  asOf: Date,
): Promise<void> {
  if (accountIds.length === 0) return;
  await sql`
    insert into atlassian_accounts as a (connection_id, account_id, account_status, read_at)
    select ${connectionId}, id, 'unknown', ${asOf} from unnest(${accountIds}::text[]) as id
    on conflict (connection_id, account_id) do update
    set account_status = 'unknown', email = null, email_before = coalesce(a.email_before, a.email), read_at = excluded.read_at
    where a.read_at <= excluded.read_at`.execute(db);
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
 * admits nobody until it can. Call it in a transaction: it locks the group's row.
 * @param asOf when it was asked for (SyncContext.askedAt); an answer to an earlier question than the stored one's is
 * dropped
 */
export async function saveGroupMembers(
  db: Db,
  connectionId: string,
  groupId: string,
  members: readonly string[] | null,
  asOf: Date,
): Promise<void> {
  const { rows } = await sql`
    insert into atlassian_groups as g (connection_id, group_id, name, members_state, members_as_of, members_read_at)
    values (${connectionId}, ${groupId}, ${groupId}, ${members === null ? 'unknown' : 'known'}, ${asOf}, now())
    on conflict (connection_id, group_id) do update
    set members_state = excluded.members_state, members_as_of = excluded.members_as_of, members_read_at = now()
    where g.members_as_of <= excluded.members_as_of
    returning group_id`.execute(db);
  if (members === null || rows.length === 0) return;
  await sql`
    delete from group_members where connection_id = ${connectionId} and group_id = ${groupId}
      and account_id <> all(${members}::text[])`.execute(db);
  await sql`
    insert into group_members (connection_id, group_id, account_id)
    select ${connectionId}, ${groupId}, id from unnest(${members}::text[]) as id on conflict do nothing`.execute(
    db,
  );
}
