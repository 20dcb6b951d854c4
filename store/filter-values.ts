import { sql } from 'kysely';
import { containing } from './people-accounts.ts';
import type { Db, RecordKind } from './schema.ts';

/** Of these ids, those that are stored of a connection, with what they are of. */
export async function findStoredKinds(
  db: Db,
  connectionId: string,
  externalIds: readonly string[],
): Promise<Map<string, RecordKind>> {
  const { rows } = await sql<{ id: string; kind: RecordKind }>`
    select external_id as id, kind from records
    where connection_id = ${connectionId} and external_id = any(${externalIds}::text[])`.execute(db);
  return new Map(rows.map(({ id, kind }) => [id, kind]));
}

/** Of these labels, those that any stored record carries. */
export async function findStoredLabels(
  db: Db,
  connectionId: string,
  labels: readonly string[],
): Promise<Set<string>> {
  const { rows } = await sql<{ label: string }>`
    select distinct label from records r, unnest(r.labels) as label
    where r.connection_id = ${connectionId} and r.labels && ${labels}::text[]
      and label = any(${labels}::text[])`.execute(db);
  return new Set(rows.map(({ label }) => label));
}

/** Keys of stored spaces by their small letters: what a key in another case may have meant. */
export async function findKeysInAnyCase(
  db: Db,
  connectionId: string,
  keys: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await sql<{ key: string }>`
    select key from spaces where connection_id = ${connectionId}
      and lower(key) = any(${keys.map((key) => key.toLowerCase())}::text[])`.execute(db);
  return new Map(rows.map(({ key }) => [key.toLowerCase(), key]));
}

/** Pages and blog posts by the id of their space; a space that is not stored is absent. */
export async function countBySpace(
  db: Db,
  connectionId: string,
  spaceIds: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await sql<{ id: string; pages: number }>`
    select s.external_id as id, (
      select count(*)::int from records r
      where r.space_id = s.id and r.kind in ('page', 'blogpost')) as pages
    from spaces s where s.connection_id = ${connectionId} and s.external_id = any(${spaceIds}::text[])`.execute(
    db,
  );
  return new Map(rows.map(({ id, pages }) => [id, pages]));
}

export interface KnownAccount {
  accountId: string;
  name: string;
  email: string | null;
  status: string;
}

/** Accounts of a connected site by a part of their name or email, or by their ids. */
export async function findKnownAccounts(
  db: Db,
  connectionId: string,
  wanted: { ids: readonly string[] } | { named: string; limit: number },
): Promise<KnownAccount[]> {
  const condition =
    'ids' in wanted
      ? sql`account_id = any(${wanted.ids}::text[])`
      : sql`(display_name ilike ${containing(wanted.named)} or email ilike ${containing(wanted.named)}
          or account_id = ${wanted.named})`;
  const { rows } = await sql<KnownAccount>`
    select account_id as "accountId", display_name as name, email, account_status as status
    from atlassian_accounts where connection_id = ${connectionId} and ${condition}
    order by lower(display_name), account_id
    limit ${'ids' in wanted ? wanted.ids.length : wanted.limit}`.execute(db);
  return rows;
}
