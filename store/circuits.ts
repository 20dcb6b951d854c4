import { sql } from 'kysely';
import type { Db } from './schema.ts';

/**
 * Circuit breakers of endpoints, in rate_limits, so that all workers share them. Open: nobody asks until blocked_until.
 * Half open: one asks, and its answer closes it, or opens it for twice as long.
 */
export interface CircuitTimes {
  /** Failures in a row, seen by one worker, that open it. */
  failures: number;
  firstMs: number;
  longestMs: number;
  /** A prober that is not heard of again gives way to another after this: longer than an exchange may take. */
  probeMs: number;
}

export const circuitTimes: CircuitTimes = {
  failures: 5,
  firstMs: 30_000,
  longestMs: 120_000,
  probeMs: 130_000,
};

export function createCircuits(db: Db, times: CircuitTimes) {
  return {
    /** Opens it, or for longer where it was tried in vain; failures that were under way beside change nothing. Returns ms. */
    async open(key: string, reason: string): Promise<number> {
      const wait = sql`least(${times.longestMs}::float8, ${times.firstMs}::float8 * 2 ^ rate_limits.failed_probes)
        * interval '1 millisecond'`;
      const { rows } = await sql<{ ms: number }>`
        insert into rate_limits (budget, blocked_until, reason, failing_since, failed_probes)
        values (${key}, clock_timestamp() + ${times.firstMs}::float8 * interval '1 millisecond', ${reason},
          clock_timestamp(), 1)
        on conflict (budget) do update set
          blocked_until = case when rate_limits.blocked_until > clock_timestamp() then rate_limits.blocked_until
            else clock_timestamp() + ${wait} end,
          failed_probes = rate_limits.failed_probes
            + case when rate_limits.blocked_until > clock_timestamp() then 0 else 1 end,
          reason = excluded.reason, probing_until = null,
          failing_since = coalesce(rate_limits.failing_since, excluded.failing_since)
        returning extract(epoch from blocked_until - clock_timestamp())::float8 * 1000 as ms`.execute(db);
      return Math.max(rows[0]?.ms ?? 0, 0);
    },
    /** The right to try an endpoint that failed, for one at a time: null, or how long another will be trying (ms). */
    async claimProbe(key: string): Promise<number | null> {
      const { rows } = await sql<{ claimed: boolean; ms: number | null }>`
        with claimed as (
          update rate_limits set probing_until = clock_timestamp() + ${times.probeMs}::float8 * interval '1 millisecond'
          where budget = ${key} and failing_since is not null
            and (blocked_until is null or blocked_until <= clock_timestamp())
            and (probing_until is null or probing_until <= clock_timestamp())
          returning budget)
        select exists (select from claimed) or failing_since is null as claimed,
          extract(epoch from greatest(probing_until, blocked_until) - clock_timestamp())::float8 * 1000 as ms
        from rate_limits where budget = ${key}`.execute(db);
      const row = rows[0];
      return row === undefined || row.claimed ? null : Math.max(row.ms ?? 0, 1);
    },
    /** It answers again. */
    async close(key: string): Promise<void> {
      await sql`
        update rate_limits set failing_since = null, failed_probes = 0, probing_until = null, blocked_until = null,
          reason = null
        where budget = ${key} and failing_since is not null`.execute(db);
    },
  };
}

export type Circuits = ReturnType<typeof createCircuits>;
