import { sql } from 'kysely';
import { usableShare, defaultHourlyPoints } from './budget.ts';
import { budgetKey } from './limit-keys.ts';
import type { Connection, Db, SyncKind } from './schema.ts';

/** How much there is of a site, as far as it is stored. */
export interface SiteSize {
  pages: number;
  blogposts: number;
  comments: number;
  attachments: number;
  /** Folders, whiteboards, databases, embeds. */
  containers: number;
  spaces: number;
  groups: number;
  memberships: number;
  accounts: number;
}

/** One look at what is stored of a connection. */
export async function loadSiteSize(db: Db, connectionId: string): Promise<SiteSize> {
  const { rows } = await sql<Record<keyof SiteSize, string>>`
    select
      count(*) filter (where kind = 'page') as pages,
      count(*) filter (where kind = 'blogpost') as blogposts,
      count(*) filter (where kind = 'comment') as comments,
      count(*) filter (where kind = 'attachment') as attachments,
      count(*) filter (where kind in ('folder', 'whiteboard', 'database', 'embed')) as containers,
      (select count(*) from spaces where connection_id = ${connectionId}) as spaces,
      (select count(*) from atlassian_groups where connection_id = ${connectionId}) as groups,
      (select count(*) from group_members where connection_id = ${connectionId}) as memberships,
      (select count(*) from atlassian_accounts where connection_id = ${connectionId}) as accounts
    from records where connection_id = ${connectionId}`.execute(db);
  const row = rows[0];
  return Object.fromEntries(
    Object.entries(row ?? {}).map(([name, value]) => [name, Number(value)]),
  ) as unknown as SiteSize;
}

/** What runs of a kind have taken lately; null where none has succeeded. */
export interface PastRuns {
  runs: number;
  /** Of the average run. */
  requests: number;
  points: number;
  seen: number;
  /** Of the quickest: waiting for limits makes others slower. */
  requestsPerSecond: number;
}

/** The last succeeded runs of a kind; of full ones the last alone, which read what there is now. */
export async function loadPastRuns(db: Db, connectionId: string, kind: SyncKind): Promise<PastRuns | null> {
  const { rows } = await sql<Record<keyof PastRuns, string | null>>`
    select count(*) as runs, avg(requests) as requests, avg(points) as points, avg(seen) as seen,
      max(requests / greatest(0.1, extract(epoch from finished_at - started_at))) as "requestsPerSecond"
    from (select * from sync_runs
      where connection_id = ${connectionId} and kind = ${kind} and state = 'succeeded' and started_at is not null
      order by created_at desc limit ${kind === 'full' ? 1 : 20}) as past`.execute(db);
  const row = rows[0];
  if (row === undefined || Number(row.runs) === 0) return null;
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, Number(value ?? 0)]),
  ) as unknown as PastRuns;
}

/** The hour's quota that a connection spends from. */
export interface QuotaNow {
  /** Points an hour, and how many of them Sluice uses at most. */
  limit: number;
  usable: number;
  /** By all connections of the app this hour, and by this one. */
  used: number;
  own: number;
  /** Connections of the app that have an open run now, this one counted in any case. */
  sharing: number;
}

/** null: an API token, whose requests no quota counts. */
export async function loadQuota(
  db: Db,
  connection: Pick<Connection, 'id' | 'oauth_app_id'>,
  hourlyPoints = defaultHourlyPoints,
): Promise<QuotaNow | null> {
  if (connection.oauth_app_id === null) return null;
  const { rows } = await sql<{ used: string; own: string; others: string }>`
    select
      coalesce((select points from points_ledger
        where budget = ${budgetKey.app('')} || a.client_id and hour = date_trunc('hour', now())), 0) as used,
      coalesce((select points from points_ledger
        where budget = ${budgetKey.connection(connection.id)} and hour = date_trunc('hour', now())), 0) as own,
      (select count(*) from connections c join oauth_apps b on b.id = c.oauth_app_id
        where b.client_id = a.client_id and c.id <> ${connection.id} and exists (select from sync_runs r
          where r.connection_id = c.id and r.state in ('queued', 'running', 'waiting'))) as others
    from oauth_apps a where a.id = ${connection.oauth_app_id}`.execute(db);
  const row = rows[0];
  return {
    limit: hourlyPoints,
    usable: Math.floor(hourlyPoints * usableShare),
    used: Number(row?.used ?? 0),
    own: Number(row?.own ?? 0),
    sharing: 1 + Number(row?.others ?? 0),
  };
}
