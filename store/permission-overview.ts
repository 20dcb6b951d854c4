import { sql } from 'kysely';
import type { Db, RunState } from './schema.ts';

/** How often permissions are read, in minutes, where the settings do not say; temporal/schedules.ts has the same. */
export const usualPermissionMinutes = 15;

/** How fresh a connection's permissions are, and what reading them costs. null: not known yet. */
export interface PermissionOverview {
  /** A change at Atlassian counts here within this many seconds, by the pace of the last permission sync. */
  promisedSeconds: number | null;
  /** Of changes that were found in the last seven days: how long they were in force there before they were here. */
  changes: number;
  p50Seconds: number | null;
  p95Seconds: number | null;
  /** When the longest unread thing that decides about access was read. */
  oldestReadAt: Date | null;
  auditState: 'untried' | 'readable' | 'refused';
  auditMessage: string | null;
  /** The newest permission sync: while it runs, and after. */
  latestRun: {
    id: string;
    state: RunState;
    startedAt: Date | null;
    finishedAt: Date | null;
    message: string | null;
  } | null;
  /** When permissions were read completely last: by a permission sync, or with a full one. */
  readAt: Date | null;
  /** Minutes between two permission syncs, as the settings have it; null: none is planned while the connection rests. */
  everyMinutes: number | null;
  /** What the permission syncs of the last 24 hours sent and spent. */
  day: { runs: number; requests: number; points: number };
}

interface Row {
  id: string;
  promised: number | null;
  oldest: Date | null;
  audit_state: PermissionOverview['auditState'] | null;
  audit_message: string | null;
  changes: number;
  p50: number | null;
  p95: number | null;
  latest_id: string | null;
  latest_state: RunState;
  latest_started: Date | null;
  latest_finished: Date | null;
  latest_message: string | null;
  read_at: Date | null;
  works: boolean;
  minutes: number | null;
  runs: number;
  requests: string;
  points: string;
}

/** Of many connections, in one statement. */
export async function loadPermissionOverviews(
  db: Db,
  connectionIds: readonly string[],
): Promise<Map<string, PermissionOverview>> {
  if (connectionIds.length === 0) return new Map();
  const { rows } = await sql<Row>`
    select wanted.id, f.promised_seconds as promised, f.oldest_read_at as oldest, f.audit_state, f.audit_message,
      changed.*, latest.*, done.read_at, spent.*, coalesce(site.status in ('active', 'attention', 'paused'), false) as works,
      (site.settings #>> '{permissions,intervalMinutes}')::int as minutes
    from unnest(${connectionIds}::uuid[]) as wanted (id)
    left join connections site on site.id = wanted.id
    left join permission_freshness f on f.connection_id = wanted.id
    cross join lateral (
      select count(*)::int as changes,
        percentile_cont(0.5) within group (order by lag_seconds) as p50,
        percentile_cont(0.95) within group (order by lag_seconds) as p95
      from permission_changes c
      where c.connection_id = wanted.id and c.at > now() - interval '7 days'
        and c.found_by in ('rolling', 'audit')) changed
    left join lateral (
      select id as latest_id, state as latest_state, started_at as latest_started, finished_at as latest_finished,
        message as latest_message
      from sync_runs r where r.connection_id = wanted.id and r.kind = 'permissions'
      order by created_at desc limit 1) latest on true
    left join lateral (
      select finished_at as read_at from sync_runs r
      where r.connection_id = wanted.id and r.kind in ('permissions', 'full') and r.state = 'succeeded'
      order by finished_at desc limit 1) done on true
    cross join lateral (
      select count(*)::int as runs, coalesce(sum(r.requests), 0) as requests, coalesce(sum(r.points), 0) as points
      from sync_runs r
      where r.connection_id = wanted.id and r.kind = 'permissions' and r.created_at > now() - interval '24 hours') spent`.execute(
    db,
  );
  return new Map(rows.map((row) => [row.id, overviewOf(row)]));
}

function overviewOf(row: Row): PermissionOverview {
  return {
    promisedSeconds: row.promised,
    changes: row.changes,
    p50Seconds: row.p50 === null ? null : Math.round(row.p50),
    p95Seconds: row.p95 === null ? null : Math.round(row.p95),
    oldestReadAt: row.oldest,
    auditState: row.audit_state ?? 'untried',
    auditMessage: row.audit_message,
    latestRun:
      row.latest_id === null
        ? null
        : {
            id: row.latest_id,
            state: row.latest_state,
            startedAt: row.latest_started,
            finishedAt: row.latest_finished,
            message: row.latest_message,
          },
    readAt: row.read_at,
    everyMinutes: row.works ? (row.minutes ?? usualPermissionMinutes) : null,
    day: { runs: row.runs, requests: Number(row.requests), points: Number(row.points) },
  };
}
