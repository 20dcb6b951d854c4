import { sql } from 'kysely';
import { endpointPrefix } from './limit-keys.ts';
import type { Db } from './schema.ts';

/** A row that keeps requests back. Of an endpoint that fails, `failing` tells since when and why. */
export interface Block {
  blockedForMs: number;
  reason: string;
  failing: boolean;
}

/** What all workers know together about one connection's limits. Points are those of one hour. */
export interface LimitsNow {
  /** Of the app. */
  points: number;
  /** Of this connection. */
  own: number;
  /** Of each other connection of the app that has an open run. */
  others: number[];
  /** By key of rate_limits; only what blocks or fails. */
  blocks: Map<string, Block>;
  /** The connection's own bound; null where it has none. */
  requestsPerMinute: number | null;
  /** A connection of the app has its permissions read on their own clock. */
  permissionsAreRead: boolean;
}

/**
 * The rows that all workers share. Only durations cross between a worker's clock and the database's: clocks of machines
 * differ, and a wait that one worker was told must be the same wait for all.
 */
export function createLedger(db: Db) {
  return {
    /** One look at everything that decides about the next requests. `hour`: its start, by Atlassian's clock. */
    async read(of: {
      budget: string;
      connectionId: string | null;
      host: string;
      hour: Date;
    }): Promise<LimitsNow> {
      const { budget, connectionId, host, hour } = of;
      const { rows } = await sql<LookRow>`
        select
          (select points from points_ledger where budget = ${budget} and hour = ${hour}) as points,
          (select points from points_ledger
             where budget = 'connection:' || ${connectionId}::text and hour = ${hour}) as own,
          (select coalesce(array_agg(coalesce(spent.points, 0)::text), '{}')
             from connections c join oauth_apps a on a.id = c.oauth_app_id
             left join points_ledger spent on spent.budget = 'connection:' || c.id and spent.hour = ${hour}
             where 'app:' || a.client_id = ${budget} and c.id::text <> ${connectionId}
               and exists (select from sync_runs r
                 where r.connection_id = c.id and r.state in ('queued', 'running', 'waiting'))) as others,
          (select coalesce(json_agg(json_build_object('key', budget, 'reason', coalesce(reason, ''),
               'failing', failing_since is not null,
               'ms', extract(epoch from coalesce(blocked_until, '-infinity') - clock_timestamp()) * 1000)), '[]')
             from rate_limits
             where (budget in (${budget}, ${budget} || ' at ' || ${host}::text)
                 or starts_with(budget, ${endpointPrefix(host)}))
               and (blocked_until > clock_timestamp() or failing_since is not null)) as blocks,
          (select (settings->'sync'->>'requestsPerMinute')::float8 from connections
             where id::text = ${connectionId}) as per_minute,
          exists (select from permission_freshness f join connections c on c.id = f.connection_id
             join oauth_apps a on a.id = c.oauth_app_id
             where 'app:' || a.client_id = ${budget} and c.status in ('active', 'attention', 'paused')) as guarded`.execute(
        db,
      );
      const row = rows[0];
      return {
        points: Number(row?.points ?? 0),
        own: Number(row?.own ?? 0),
        others: (row?.others ?? []).map(Number),
        requestsPerMinute: row?.per_minute ?? null,
        permissionsAreRead: row?.guarded ?? false,
        blocks: new Map(
          (row?.blocks ?? []).map(({ key, reason, failing, ms }) => [
            key,
            { reason, failing, blockedForMs: Math.max(Number(ms), 0) || 0 },
          ]),
        ),
      };
    },
    /** Adds to an hour, for the app first, and returns the app's points as they are then. */
    async book(
      hour: Date,
      budget: string,
      spent: readonly { budget: string; requests: number; points: number }[],
    ): Promise<number> {
      const rows = await db
        .insertInto('points_ledger')
        // One order for all workers: two that book the same rows wait for each other at the first.
        .values(spent.toSorted((a, b) => (a.budget < b.budget ? -1 : 1)).map((each) => ({ ...each, hour })))
        .onConflict((conflict) =>
          conflict.columns(['budget', 'hour']).doUpdateSet({
            requests: sql`points_ledger.requests + excluded.requests`,
            points: sql`points_ledger.points + excluded.points`,
          }),
        )
        .returning(['budget', 'points'])
        .execute();
      return Number(rows.find((row) => row.budget === budget)?.points ?? 0);
    },
    /** Keeps the longer of two blocks. */
    async block(key: string, waitMs: number, reason: string): Promise<void> {
      await sql`
        insert into rate_limits (budget, blocked_until, reason)
        values (${key}, clock_timestamp() + ${waitMs}::float8 * interval '1 millisecond', ${reason})
        on conflict (budget) do update set
          blocked_until = excluded.blocked_until, reason = excluded.reason
        where rate_limits.blocked_until is null or rate_limits.blocked_until < excluded.blocked_until
      `.execute(db);
    },
    /** Takes `want` tokens of a bucket that refills at `perSecond` up to `capacity`; 0, or how long (ms) it must refill. */
    async take(key: string, want: number, perSecond: number, capacity: number): Promise<number> {
      // The row begins full, so that the first worker need not wait for a bucket nobody has used.
      await sql`insert into rate_limits (budget, tokens) values (${key}, ${capacity})
        on conflict (budget) do nothing`.execute(db);
      const { rows } = await sql<{ before: number }>`
        with bucket as (
          select budget, least(${capacity}::float8, tokens + ${perSecond}::float8 *
            greatest(0, extract(epoch from clock_timestamp() - refilled_at)::float8)) as before
          from rate_limits where budget = ${key} for update
        )
        update rate_limits set
          tokens = bucket.before - case when bucket.before >= ${want}::float8 then ${want}::float8 else 0 end,
          refilled_at = clock_timestamp()
        from bucket where rate_limits.budget = bucket.budget
        returning bucket.before`.execute(db);
      const before = rows[0]?.before ?? 0;
      return before >= want ? 0 : ((want - before) / perSecond) * 1000;
    },
    /** Forgets what was spent long ago; the runs keep what each of them spent. */
    async forget(budgets: readonly string[], before: Date): Promise<void> {
      await db
        .deleteFrom('points_ledger')
        .where('budget', 'in', [...budgets])
        .where('hour', '<', before)
        .execute();
    },
  };
}

export type Ledger = ReturnType<typeof createLedger>;

interface LookRow {
  points: string | null;
  own: string | null;
  others: string[] | null;
  per_minute: number | null;
  guarded: boolean;
  blocks: { key: string; reason: string; failing: boolean; ms: number | string | null }[];
}
