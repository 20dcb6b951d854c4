import { sql } from 'kysely';
import type { Db } from './schema.ts';

/**
 * The rows that all workers share about one budget. Only durations cross between a worker's clock and the database's:
 * clocks of machines differ, and a wait that one worker was told must be the same wait for all.
 */
export interface SharedBudget {
  /** Points booked in `hour` (its start), and how long nobody may send. */
  read(hour: Date): Promise<{ points: number; blockedForMs: number; reason: string | null }>;
  /** Adds to an hour and returns the hour's points as they are then. */
  book(hour: Date, requests: number, points: number): Promise<number>;
  /** Keeps the longer of two blocks. */
  block(waitMs: number, reason: string): Promise<void>;
  /** Takes `want` tokens of a bucket that refills at `perSecond` up to `capacity`; 0, or how long it must refill. */
  take(want: number, perSecond: number, capacity: number): Promise<number>;
}

export function createSharedBudget(db: Db, budget: string): SharedBudget {
  return {
    async read(hour) {
      const { rows } = await sql<{ points: string | null; blocked_ms: number | null; reason: string | null }>`
        select
          (select points from points_ledger where budget = ${budget} and hour = ${hour}) as points,
          (select (extract(epoch from blocked_until - clock_timestamp()) * 1000)::float8
             from rate_limits where budget = ${budget}) as blocked_ms,
          (select reason from rate_limits where budget = ${budget}) as reason`.execute(db);
      const row = rows[0];
      return {
        points: Number(row?.points ?? 0),
        blockedForMs: Math.max(row?.blocked_ms ?? 0, 0),
        reason: row?.reason ?? null,
      };
    },
    async book(hour, requests, points) {
      const row = await db
        .insertInto('points_ledger')
        .values({ budget, hour, requests, points })
        .onConflict((conflict) =>
          conflict.columns(['budget', 'hour']).doUpdateSet({
            requests: sql`points_ledger.requests + excluded.requests`,
            points: sql`points_ledger.points + excluded.points`,
          }),
        )
        .returning('points')
        .executeTakeFirstOrThrow();
      return Number(row.points);
    },
    async block(waitMs, reason) {
      await sql`
        insert into rate_limits (budget, blocked_until, reason)
        values (${budget}, clock_timestamp() + ${waitMs}::float8 * interval '1 millisecond', ${reason})
        on conflict (budget) do update set
          blocked_until = excluded.blocked_until, reason = excluded.reason
        where rate_limits.blocked_until is null or rate_limits.blocked_until < excluded.blocked_until
      `.execute(db);
    },
    async take(want, perSecond, capacity) {
      // The row begins full, so that the first worker need not wait for a bucket nobody has used.
      await sql`insert into rate_limits (budget, tokens) values (${budget}, ${capacity})
        on conflict (budget) do nothing`.execute(db);
      const { rows } = await sql<{ before: number }>`
        with bucket as (
          select budget, least(${capacity}::float8, tokens + ${perSecond}::float8 *
            greatest(0, extract(epoch from clock_timestamp() - refilled_at)::float8)) as before
          from rate_limits where budget = ${budget} for update
        )
        update rate_limits set
          tokens = bucket.before - case when bucket.before >= ${want}::float8 then ${want}::float8 else 0 end,
          refilled_at = clock_timestamp()
        from bucket where rate_limits.budget = bucket.budget
        returning bucket.before`.execute(db);
      const before = rows[0]?.before ?? 0;
      return before >= want ? 0 : ((want - before) / perSecond) * 1000;
    },
  };
}
