import { sql } from 'kysely';
import type { Db } from './schema.ts';

/** How soon a change in Atlassian counts here: what is promised, and what was measured. null: not known yet. */
export interface Freshness {
  /** A change takes effect here within this many seconds, by the pace of the last permission sync. */
  promisedSeconds: number | null;
  /** When the longest unread thing that decides about access was read. */
  oldestReadAt: Date | null;
  /** Time between two readings of the same thing, over all of them. */
  readingP50Seconds: number | null;
  readingP95Seconds: number | null;
  /** Of the last seven days: how long changes were in force at Atlassian before they were here, at most. */
  changes: { count: number; p50Seconds: number | null; p95Seconds: number | null };
  /** The same of those whose time Atlassian's audit log told: exact. */
  exactChanges: { count: number; p50Seconds: number | null; p95Seconds: number | null };
  auditState: 'untried' | 'readable' | 'refused';
  updatedAt: Date | null;
}

/** What a connection's page tells of its freshness. Changes of the last seven days are counted. */
export async function loadFreshness(db: Db, connectionId: string): Promise<Freshness> {
  const stored = await db
    .selectFrom('permission_freshness')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .executeTakeFirst();
  const { rows } = await sql<{ exact: boolean; count: string; p50: number | null; p95: number | null }>`
    select wanted.exact, count(lag_seconds),
      percentile_cont(0.5) within group (order by lag_seconds) as p50,
      percentile_cont(0.95) within group (order by lag_seconds) as p95
    from (values (true), (false)) as wanted (exact)
    left join permission_changes c on c.connection_id = ${connectionId} and c.at > now() - interval '7 days'
      and c.found_by in ('rolling', 'audit') and (c.exact or not wanted.exact)
    group by wanted.exact`.execute(db);
  const measured = (exact: boolean) => {
    const row = rows.find((one) => one.exact === exact);
    return {
      count: Number(row?.count ?? 0),
      p50Seconds: rounded(row?.p50),
      p95Seconds: rounded(row?.p95),
    };
  };
  return {
    promisedSeconds: stored?.promised_seconds ?? null,
    oldestReadAt: stored?.oldest_read_at ?? null,
    readingP50Seconds: stored?.p50_seconds ?? null,
    readingP95Seconds: stored?.p95_seconds ?? null,
    changes: measured(false),
    exactChanges: measured(true),
    auditState: stored?.audit_state ?? 'untried',
    updatedAt: stored?.updated_at ?? null,
  };
}

function rounded(value: number | null | undefined): number | null {
  return value === null || value === undefined ? null : Math.round(value);
}

/** Stores what a permission sync found of its own freshness. What the audit log and the comparison note stays. */
export async function saveFreshness(
  db: Db,
  connectionId: string,
  {
    promisedSeconds,
    oldestReadAt,
    readingP50Seconds,
    readingP95Seconds,
  }: Pick<Freshness, 'promisedSeconds' | 'oldestReadAt' | 'readingP50Seconds' | 'readingP95Seconds'>,
): Promise<void> {
  const measured = {
    promised_seconds: promisedSeconds,
    oldest_read_at: oldestReadAt,
    p50_seconds: readingP50Seconds,
    p95_seconds: readingP95Seconds,
    updated_at: new Date(),
  };
  await db
    .insertInto('permission_freshness')
    .values({ connection_id: connectionId, ...measured })
    .onConflict((conflict) => conflict.column('connection_id').doUpdateSet(measured))
    .execute();
}

/** How long the longest of the last ten permission syncs took, in seconds; the one that is ending counts. */
export async function usualRunSeconds(db: Db, connectionId: string): Promise<number> {
  const { rows } = await sql<{ seconds: number | null }>`
    select max(extract(epoch from coalesce(finished_at, now()) - started_at))::float8 as seconds
    from (select started_at, finished_at from sync_runs
      where connection_id = ${connectionId} and kind = 'permissions' and started_at is not null
        and state in ('running', 'waiting', 'succeeded')
      order by created_at desc limit 10) as last`.execute(db);
  return Math.max(0, rows[0]?.seconds ?? 0);
}
