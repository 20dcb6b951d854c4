import { sql, type Kysely } from 'kysely';
import { accountStates, matches, type AccountFilter } from './people-accounts.ts';
import { rowsAs } from './rows.ts';
import type { Database, Db } from './schema.ts';
import { principalsOfAccounts } from './viewer-accounts.ts';

export interface AccountKey {
  connectionId: string;
  accountId: string;
}

/** How many indexed records an account alone may read, as of `countedAt`. */
export interface Reach extends AccountKey {
  records: string;
  countedAt: Date;
}

/** An older count is counted again when somebody looks. */
const freshFor = '1 hour';
/** Accounts counted by one statement at first; half as many where they take too long. */
const mostAtOnce = 400;
/** Milliseconds that one statement takes at most. */
const longestMs = 5_000;

/**
 * Counts what accounts alone may read, all of them by one statement, and keeps the counts. An ACL is tried for those
 * whom its rarest layer admits: nearly everybody passes the product's, which sorts nobody out.
 * @param timeoutMs after so long the statement ends, and null comes back: not counted
 */
export async function countReach(
  db: Kysely<Database>,
  accounts: readonly AccountKey[],
  timeoutMs: number,
): Promise<Reach[] | null> {
  if (accounts.length === 0) return [];
  const rows = accounts.map((each) => ({ connection_id: each.connectionId, account_id: each.accountId }));
  try {
    return await db.transaction().execute(async (tx) => {
      await sql`select set_config('statement_timeout', ${String(Math.max(1, Math.round(timeoutMs)))}, true)`.execute(
        tx,
      );
      const counted = await sql<Reach>`
        with wanted as materialized (select * from ${rowsAs(rows, 'connection_id uuid, account_id text')}),
        ${principalsOfAccounts(sql`
          select a.connection_id, a.account_id, a.guest
          from wanted join atlassian_accounts a using (connection_id, account_id)
          where a.account_status = 'active'`)},
        admitting as materialized (
          select distinct p.connection_id, p.account_id, l.id as layer_id
          from acl_layers l
          cross join lateral unnest(l.principals) as named (principal)
          join viewer_principals p on p.connection_id = l.connection_id and p.principal = named.principal
          where l.state = 'known' and l.connection_id in (select connection_id from wanted)),
        sizes as materialized (
          select acl_id as id, count(*) as records from records
          where state = 'indexed' and connection_id in (select connection_id from wanted) group by acl_id),
        judged as materialized (
          select id, cardinality(layer_ids) as layers, unnest(layer_ids) as layer_id
          from acls join sizes using (id)),
        admitted as materialized (select layer_id, count(*) as accounts from admitting group by layer_id),
        rarest as (
          select j.id, min(array[coalesce(n.accounts, 0), j.layer_id]) as layer
          from judged j left join admitted n using (layer_id) group by j.id),
        candidates as materialized (
          select m.connection_id, m.account_id, r.id
          from rarest r join admitting m on m.layer_id = r.layer[2] where r.layer[1] > 0),
        readable as (
          select c.connection_id, c.account_id, c.id
          from candidates c
          join judged j on j.id = c.id
          join admitting m on m.layer_id = j.layer_id and m.account_id = c.account_id
            and m.connection_id = c.connection_id
          group by c.connection_id, c.account_id, c.id, j.layers
          having count(*) = j.layers),
        counts as (
          select r.connection_id, r.account_id, sum(s.records) as records
          from readable r join sizes s on s.id = r.id group by 1, 2)
        insert into account_reach as kept (connection_id, account_id, records)
        select connection_id, account_id, coalesce(c.records, 0)
        from wanted left join counts c using (connection_id, account_id)
        order by connection_id, account_id
        on conflict (connection_id, account_id) do update
        set records = excluded.records, counted_at = excluded.counted_at
        returning connection_id as "connectionId", account_id as "accountId", records, counted_at as "countedAt"`.execute(
        tx,
      );
      return counted.rows;
    });
  } catch (error) {
    if (notCounted.has(String((error as { code?: unknown }).code))) return null;
    throw error;
  }
}

/** Out of time; an account that was removed meanwhile; two counts in each other's way. */
const notCounted = new Set(['57014', '23503', '40P01']);

/**
 * Counts, in batches and for at most `budgetMs`, what has not been counted lately of the unmatched accounts that
 * `filter` finds and that somebody could be: the order by records needs all of them.
 * @returns how many are still not counted
 */
export async function countMissing(
  db: Kysely<Database>,
  filter: AccountFilter,
  budgetMs: number,
): Promise<number> {
  const ends = Date.now() + budgetMs;
  let most = mostAtOnce;
  for (;;) {
    const missing = await listMissing(db, filter, most);
    const left = Number(missing[0]?.total ?? 0);
    const time = ends - Date.now();
    if (left === 0 || time <= 0) return left;
    if ((await countReach(db, missing, Math.min(time, longestMs))) === null) {
      if (most === 1) return left;
      most = Math.ceil(most / 2);
    }
  }
}

async function listMissing(
  db: Db,
  filter: AccountFilter,
  limit: number,
): Promise<(AccountKey & { total: string })[]> {
  const { rows } = await sql<AccountKey & { total: string }>`
    select connection_id as "connectionId", account_id as "accountId", count(*) over () as total
    from (${accountStates(filter.connectionId)}) account
    where ${matches(filter)} and ${matches({ state: 'attention', q: '' })}
      and (counted_at is null or counted_at < now() - ${freshFor}::interval)
    order by connection_id, account_id limit ${limit}`.execute(db);
  return rows;
}

/** Whether a count is fresh enough to be shown as it is. */
export function isFresh(countedAt: Date | null, now: Date): boolean {
  return countedAt !== null && now.getTime() - countedAt.getTime() < 3_600_000;
}
