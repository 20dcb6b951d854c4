import { sql } from 'kysely';
import { defaultHourlyPoints } from './budget.ts';
import { budgetKey } from './limit-keys.ts';
import { accountStates, idleReasons } from './people-accounts.ts';
import type { Db } from './schema.ts';

/** One connection in the figures that an overview shows. */
export interface OverviewFigures {
  connectionId: string;
  /** Indexed records by kind, most first. */
  kinds: { kind: string; records: number }[];
  /** Items that failed and were not mended since. */
  failures: number;
  /** When the last sync that brought content up to date ended. */
  contentReadAt: Date | null;
  /** What was sent and spent since the full hour. */
  hour: { requests: number; points: number };
  /** The app's quota and what all its connections have spent of it; null: no quota counts these requests. */
  quota: { points: number; limit: number } | null;
  /** Accounts that can be people here, and how many of them are matched to a user. */
  people: { accounts: number; matched: number };
}

/** Of all connections, in four statements, whatever their number. Counts come from the index of states alone. */
export async function loadOverviewFigures(
  db: Db,
  hourlyPoints = defaultHourlyPoints,
): Promise<OverviewFigures[]> {
  const idle = sql`${[...idleReasons]}::text[]`;
  const [connections, kinds, failures, people] = await Promise.all([
    sql<ConnectionRow>`
      select c.id, a.client_id is not null as paid, done.finished_at as content_read_at,
        coalesce(own.requests, 0) as requests, coalesce(own.points, 0) as points,
        coalesce(shared.points, 0) as app_points
      from connections c
      left join oauth_apps a on a.id = c.oauth_app_id
      left join points_ledger own on own.budget = ${budgetKey.connection('')} || c.id
        and own.hour = date_trunc('hour', now(), 'UTC')
      left join points_ledger shared on shared.budget = ${budgetKey.app('')} || a.client_id
        and shared.hour = date_trunc('hour', now(), 'UTC')
      left join lateral (
        select finished_at from sync_runs r
        where r.connection_id = c.id and r.kind in ('full', 'incremental') and r.state = 'succeeded'
        order by finished_at desc limit 1) done on true`.execute(db),
    sql<{ id: string; kind: string; n: string }>`
      select connection_id as id, kind, count(*) as n from records where state = 'indexed'
      group by 1, 2 order by n desc, kind`.execute(db),
    sql<{ id: string; n: string }>`
      select connection_id as id, count(*) as n from sync_failures group by 1`.execute(db),
    sql<{ id: string; accounts: string; matched: string }>`
      select connection_id as id, count(*) as accounts, count(*) filter (where reason is null) as matched
      from (${accountStates(null)}) account where reason is null or reason <> all(${idle}) group by 1`.execute(
      db,
    ),
  ]);
  const kindsOf = Map.groupBy(kinds.rows, ({ id }) => id);
  const failuresOf = new Map(failures.rows.map(({ id, n }) => [id, Number(n)]));
  const peopleOf = new Map(people.rows.map((row) => [row.id, row]));
  return connections.rows.map((row) => ({
    connectionId: row.id,
    kinds: (kindsOf.get(row.id) ?? []).map(({ kind, n }) => ({ kind, records: Number(n) })),
    failures: failuresOf.get(row.id) ?? 0,
    contentReadAt: row.content_read_at,
    hour: { requests: Number(row.requests), points: Number(row.points) },
    quota: row.paid ? { points: Number(row.app_points), limit: hourlyPoints } : null,
    people: {
      accounts: Number(peopleOf.get(row.id)?.accounts ?? 0),
      matched: Number(peopleOf.get(row.id)?.matched ?? 0),
    },
  }));
}

interface ConnectionRow {
  id: string;
  paid: boolean;
  content_read_at: Date | null;
  requests: string;
  points: string;
  app_points: string;
}
