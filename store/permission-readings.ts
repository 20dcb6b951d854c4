import { sql } from 'kysely';
import type { Db, PermissionDueKind } from './schema.ts';

/** One batch of readings of one kind. */
export interface ReadingWrite {
  kind: PermissionDueKind;
  units: number;
  /** The longest time since the reading before, in seconds; null: nothing of it was read before. */
  gapSeconds: number | null;
  spent: { requests: number; points: number };
}

/** Notes what a batch read. Call it in the batch's transaction, or right after what it reads is stored. */
export async function saveReading(
  db: Db,
  run: { connectionId: string; runId: string },
  { kind, units, gapSeconds, spent }: ReadingWrite,
): Promise<void> {
  await db
    .insertInto('permission_readings')
    .values({
      connection_id: run.connectionId,
      run_id: run.runId,
      kind,
      units,
      gap_seconds: gapSeconds,
      requests: spent.requests,
      points: spent.points,
    })
    .execute();
}

export interface Spending {
  kind: PermissionDueKind;
  units: number;
  requests: number;
  points: number;
}

/** What permission syncs of a connection have read and spent since a time, by kind; with `runId` one sync alone. */
export async function loadSpending(
  db: Db,
  connectionId: string,
  options: { withinSeconds: number; runId?: string },
): Promise<Spending[]> {
  const { rows } = await sql<{ kind: PermissionDueKind; units: string; requests: string; points: string }>`
    select kind, sum(units) as units, sum(requests) as requests, sum(points) as points
    from permission_readings
    where connection_id = ${connectionId} and at > now() - make_interval(secs => ${options.withinSeconds})
      and (${options.runId ?? null}::uuid is null or run_id = ${options.runId ?? null}::uuid)
    group by kind`.execute(db);
  return rows.map(({ kind, ...sums }) => ({
    kind,
    units: Number(sums.units),
    requests: Number(sums.requests),
    points: Number(sums.points),
  }));
}

/** The same by intervals before now: `ago` 0 is the one that ends now. Intervals without any are absent. */
export async function loadSpendingByInterval(
  db: Db,
  connectionId: string,
  { intervalSeconds, intervals }: { intervalSeconds: number; intervals: number },
): Promise<(Omit<Spending, 'units'> & { ago: number })[]> {
  const { rows } = await sql<{ kind: PermissionDueKind; ago: number; requests: string; points: string }>`
    select kind, floor(extract(epoch from now() - at) / ${intervalSeconds}::float8)::integer as ago,
      sum(requests) as requests, sum(points) as points
    from permission_readings
    where connection_id = ${connectionId} and at <= now()
      and at > now() - make_interval(secs => ${intervalSeconds * intervals})
    group by kind, ago`.execute(db);
  return rows.map(({ kind, ago, ...sums }) => ({
    kind,
    ago,
    requests: Number(sums.requests),
    points: Number(sums.points),
  }));
}

/** Percentiles of the time between two readings of the same thing, over all readings since a time; null: none. */
export async function loadGaps(
  db: Db,
  connectionId: string,
  withinSeconds: number,
): Promise<{ p50: number | null; p95: number | null }> {
  const { rows } = await sql<{ p50: number | null; p95: number | null }>`
    with gaps as (
      select gap_seconds, sum(units) over (order by gap_seconds, id) as up_to, sum(units) over () as everything
      from permission_readings
      where connection_id = ${connectionId} and at > now() - make_interval(secs => ${withinSeconds})
        and gap_seconds is not null)
    select min(gap_seconds) filter (where up_to >= everything * 0.5) as p50,
      min(gap_seconds) filter (where up_to >= everything * 0.95) as p95
    from gaps`.execute(db);
  return rows[0] ?? { p50: null, p95: null };
}
