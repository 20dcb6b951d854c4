import { sql, type RawBuilder } from 'kysely';
import { SluiceError } from '../errors.ts';
import { redact } from '../redaction.ts';
import { withChanges, type RunChanges } from './run-changes.ts';
import { moveRunIfPossible, stateAfter, stateAllows } from './run-state.ts';
import type { Db, SyncRun } from './schema.ts';

/** What one batch did. seen = indexed + unchanged + filtered + failed; what is removed is counted where it is. */
export interface BatchCounts {
  seen: number;
  indexed: number;
  unchanged: number;
  filtered: number;
  failed: number;
  /** What of it is told in the history of runs. */
  changes?: RunChanges;
}

export const noCounts: BatchCounts = { seen: 0, indexed: 0, unchanged: 0, filtered: 0, failed: 0 };

export async function loadRun(db: Db, runId: string): Promise<SyncRun | undefined> {
  return db.selectFrom('sync_runs').selectAll().where('id', '=', runId).executeTakeFirst();
}

/** Marks a run as running. Idempotent: a retried start changes nothing. */
export async function startRun(db: Db, runId: string): Promise<void> {
  await moveRunIfPossible(db, runId, 'started');
}

/**
 * Adds a batch to the counters of its run. Call it last in the batch's transaction: streams that run side by side
 * share the run's row, and hold its lock only from here to the commit.
 * @throws SluiceError `run_over` when the run has ended, which rolls the batch back: a step that lost touch with the
 * engine must not write into the time of the next run.
 */
export async function countBatch(
  db: Db,
  runId: string,
  stage: string,
  counts: BatchCounts,
  spent: { requests: number; points: number },
  /** What the stage's own progress counts, where that is not records. */
  steps = counts.seen,
  /** Where the batch ends (checkpoints.ts), stored by the same statement; before the run's row is locked. */
  checkpoint?: RawBuilder<unknown>,
): Promise<void> {
  const { rows } = await sql`
    with ${checkpoint === undefined ? sql`` : sql`checkpoint as (${checkpoint} returning 1),`}
    stage as (
      insert into sync_stages (run_id, stage, done) values (${runId}, ${stage}, ${steps})
      on conflict (run_id, stage) do update set done = sync_stages.done + excluded.done)
    update sync_runs
    set state = ${stateAfter('progressed')}, waiting_until = null, cause = null, message = null,
      -- A feed that is walked from its top again and again stores nothing that is new.
      failing_since = case when ${counts.seen + counts.indexed} > 0 then null else failing_since end,
      failures_in_row = case when ${counts.seen + counts.indexed} > 0 then 0 else failures_in_row end,
      seen = seen + ${counts.seen}, indexed = indexed + ${counts.indexed},
      unchanged = unchanged + ${counts.unchanged}, filtered = filtered + ${counts.filtered},
      failed = failed + ${counts.failed}, requests = requests + ${spent.requests},
      points = points + ${spent.points}, changes = ${withChanges(counts.changes ?? {})}, updated_at = now()
    where id = ${runId} and ${stateAllows('progressed')}
      ${checkpoint === undefined ? sql`` : sql`and (select count(*) from checkpoint) = 1`}
    returning id`.execute(db);
  if (rows.length === 0) {
    throw new SluiceError('run_over', 'The run has ended meanwhile; what this step was storing is not kept.');
  }
}

/** Opens a stage, with an estimate of how many items it will see where one can be given. */
export async function openStage(db: Db, runId: string, stage: string, total: number | null): Promise<void> {
  await sql`
    insert into sync_stages (run_id, stage, total) values (${runId}, ${stage}, ${total})
    on conflict (run_id, stage) do update set total = coalesce(excluded.total, sync_stages.total)`.execute(
    db,
  );
}

export async function closeStage(
  db: Db,
  runId: string,
  stage: string,
  state: 'done' | 'failed',
): Promise<void> {
  await sql`
    insert into sync_stages (run_id, stage, state, finished_at) values (${runId}, ${stage}, ${state}, now())
    on conflict (run_id, stage) do update set state = excluded.state, finished_at = now()`.execute(db);
}

/** How long a run has failed without storing anything in between. */
export interface Failing {
  failures: number;
  ms: number;
}

/** Counts one more failed try of a step of a run, for whichever worker tries next. */
export async function noteFailedTry(db: Db, runId: string): Promise<Failing> {
  const { rows } = await sql<{ failures: number; ms: number }>`
    update sync_runs set failures_in_row = failures_in_row + 1, failing_since = coalesce(failing_since, now())
    where id = ${runId}
    returning failures_in_row as failures, extract(epoch from now() - failing_since)::float8 * 1000 as ms`.execute(
    db,
  );
  return rows[0] ?? { failures: 1, ms: 0 };
}

/** The source has answered, if only that it is to be waited for: what failed before counts no more. */
export async function forgetFailedTries(db: Db, runId: string): Promise<void> {
  await db
    .updateTable('sync_runs')
    .set({ failing_since: null, failures_in_row: 0 })
    .where('id', '=', runId)
    .where('failures_in_row', '>', 0)
    .execute();
}

export interface RunEnd {
  state: 'succeeded' | 'failed' | 'cancelled';
  cause: string | null;
  message: string | null;
}

/** Ends a run once; a run that has ended stays as it is. @returns whether it has ended now */
export function finishRun(db: Db, runId: string, { state, cause, message }: RunEnd): Promise<boolean> {
  return moveRunIfPossible(db, runId, state, { cause, message });
}

export interface LogEntry {
  level: 'debug' | 'info' | 'warning' | 'error';
  message: string;
  item?: string | undefined;
  url?: string | undefined;
  status?: number | undefined;
  traceId?: string | undefined;
}

export async function logRun(db: Db, runId: string, entries: readonly LogEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await db
    .insertInto('sync_log')
    .values(
      entries.map((entry) => ({
        run_id: runId,
        level: entry.level,
        message: redact(entry.message),
        item: entry.item ?? null,
        url: entry.url === undefined ? null : redact(entry.url),
        status: entry.status ?? null,
        trace_id: entry.traceId ?? null,
      })),
    )
    .execute();
}
