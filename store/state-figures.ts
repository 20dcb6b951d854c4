import { sql } from 'kysely';
import type {
  ConnectionStatus,
  Db,
  NoticeCode,
  NoticeSeverity,
  Product,
  RunKind,
  RunState,
} from './schema.ts';

/** One connection in figures; seconds, null where not known or not so. */
export interface ConnectionFigures {
  id: string;
  name: string;
  product: Product;
  status: ConnectionStatus;
  /** Since the end of the last run that brought content up to date. */
  contentAge: number | null;
  /** Between two runs of its schedule, where that is an interval. */
  contentInterval: number | null;
  /** Since what decides about access and was read longest ago was read. */
  permissionAge: number | null;
  /** Within which a change of access is promised to count. */
  permissionPromise: number | null;
  failures: number;
}

/** What the database says of the whole installation, for whoever watches over it. */
export interface StateFigures {
  connections: ConnectionFigures[];
  openRuns: { kind: RunKind; state: RunState; count: number; longestWait: number }[];
  notices: { code: NoticeCode; severity: NoticeSeverity; count: number }[];
  /** What apps have spent in the present hour. */
  apps: { app: string; requests: number; points: number }[];
  /** Limits that keep requests back now, and endpoints that fail. */
  limits: { blocking: number; failing: number };
  deliveries: { state: 'pending' | 'given_up'; count: number }[];
  /** PostgreSQL's own estimate: counting a million rows is not for every scrape. */
  records: number;
}

/** A few small statements, whatever the size of what is stored. */
export async function loadStateFigures(db: Db): Promise<StateFigures> {
  const [connections, openRuns, notices, apps, rest] = await Promise.all([
    sql<ConnectionFigures>`
      select c.id, c.name, c.product, c.status,
        (select extract(epoch from now() - r.finished_at)::float8 from sync_runs r
          where r.connection_id = c.id and r.kind in ('full', 'incremental') and r.state = 'succeeded'
          order by r.finished_at desc limit 1) as "contentAge",
        case when c.status in ('active', 'attention') and coalesce(c.settings #>> '{sync,strategy}', '') <> 'manual'
            and c.settings #>> '{sync,cron}' is null and c.settings #>> '{sync,window}' is null
          then coalesce((c.settings #>> '{sync,intervalMinutes}')::float8, 60) * 60 end as "contentInterval",
        extract(epoch from now() - f.oldest_read_at)::float8 as "permissionAge",
        f.promised_seconds::float8 as "permissionPromise",
        (select count(*)::int from sync_failures x where x.connection_id = c.id) as failures
      from connections c left join permission_freshness f on f.connection_id = c.id`.execute(db),
    sql<StateFigures['openRuns'][number]>`
      select kind, state, count(*)::int as count,
        greatest(0, coalesce(max(extract(epoch from waiting_until - now())), 0))::float8 as "longestWait"
      from sync_runs where state in ('queued', 'running', 'waiting', 'paused') group by kind, state`.execute(
      db,
    ),
    sql<StateFigures['notices'][number]>`
      select code, severity, count(*)::int as count from notices where ended_at is null
      group by code, severity`.execute(db),
    sql<StateFigures['apps'][number]>`
      select a.client_id as app, coalesce(max(l.requests), 0)::float8 as requests,
        coalesce(max(l.points), 0)::float8 as points
      from oauth_apps a left join points_ledger l
        on l.budget = 'app:' || a.client_id and l.hour = date_trunc('hour', now(), 'UTC')
      group by a.client_id`.execute(db),
    sql<{ blocking: number; failing: number; pending: number; given_up: number; records: number }>`
      select
        (select count(*)::int from rate_limits where blocked_until > now()) as blocking,
        (select count(*)::int from rate_limits where failing_since is not null) as failing,
        (select count(*)::int from notice_deliveries where state = 'pending') as pending,
        (select count(*)::int from notice_deliveries where state = 'given_up') as given_up,
        (select greatest(reltuples, 0)::float8 from pg_class where oid = 'records'::regclass) as records`.execute(
      db,
    ),
  ]);
  const { blocking = 0, failing = 0, pending = 0, given_up = 0, records = 0 } = rest.rows[0] ?? {};
  return {
    connections: connections.rows,
    openRuns: openRuns.rows,
    notices: notices.rows,
    apps: apps.rows,
    limits: { blocking, failing },
    deliveries: [
      { state: 'pending', count: pending },
      { state: 'given_up', count: given_up },
    ],
    records,
  };
}
