import type { Transaction } from 'kysely';
import type { Batch } from '../atlassian/confluence/types.ts';
import { loadCheckpoint, saveCheckpoint } from '../store/checkpoints.ts';
import { countBatch, closeStage, openStage, type BatchCounts } from '../store/runs.ts';
import type { Database } from '../store/schema.ts';
import type { SyncContext } from './context.ts';

/** A listing of Atlassian's and what becomes of its items. */
export interface Stream<T> {
  /** Name of the stage, and of the checkpoint's stream. */
  stage: string;
  scope: string;
  read(cursor: string | null): Promise<Batch<T>>;
  /**
   * Makes a batch ready outside any transaction (conversion, missing names), and returns what stores it inside one.
   */
  prepare(items: T[]): Promise<(trx: Transaction<Database>) => Promise<BatchCounts>>;
  modifiedAt(item: T): Date | null;
  /**
   * Set for newest-first feeds: the first batch that reaches further back is the last. A feed that was interrupted
   * starts again at its top, where news may have come, and its high water is stored with its last batch only:
   * before that, what lies between the newest and the oldest is not stored yet.
   */
  until?: Date;
}

/**
 * Walks a stream from its checkpoint to its end. Records, counters and checkpoint of a batch are stored in one
 * transaction, so a worker may be killed at any moment: the next one repeats at most the batch in flight, and
 * storing is idempotent. The next batch is asked for while this one is stored; at most two are in memory.
 */
export async function runStream<T>(
  context: SyncContext,
  stream: Stream<T>,
  total: number | null,
): Promise<void> {
  const { db, runId, connectionId } = context;
  const key = { connectionId, stream: stream.stage, scope: stream.scope };
  const start = await loadCheckpoint(db, key, runId);
  if (start.done) return;
  await openStage(db, runId, stream.stage, total);
  const isFeed = stream.until !== undefined;
  let highWater = start.highWater;
  let ahead: Promise<Batch<T>> | null = quietly(stream.read(isFeed ? null : start.cursor));
  while (ahead !== null) {
    const batch: Batch<T> = await ahead;
    const next = reachesBack(stream, batch) ? null : batch.next;
    ahead = next === null ? null : quietly(stream.read(next));
    highWater = newest(highWater, batch.items.map(stream.modifiedAt));
    const store = await stream.prepare(batch.items);
    const done = next === null;
    const checkpoint = { cursor: next, done, highWater: isFeed && !done ? start.highWater : highWater };
    await db.transaction().execute(async (trx) => {
      const counts = await store(trx);
      await saveCheckpoint(trx, key, runId, checkpoint);
      await countBatch(trx, runId, stream.stage, counts, context.takeSpent());
    });
    context.checkpointReached(`${stream.stage} ${stream.scope} ${next ?? 'end'}`);
  }
}

/** Several partitions of one stage, one after another; the stage is done when all are. */
export async function runStage<T>(
  context: SyncContext,
  stage: string,
  streams: readonly Stream<T>[],
  total: number | null,
): Promise<void> {
  for (const stream of streams) await runStream(context, stream, total);
  await closeStage(context.db, context.runId, stage, 'done');
}

function reachesBack<T>(stream: Stream<T>, batch: Batch<T>): boolean {
  const { until } = stream;
  if (until === undefined) return false;
  return batch.items.some((item) => (stream.modifiedAt(item) ?? until) < until);
}

function newest(known: Date | null, times: (Date | null)[]): Date | null {
  return times.reduce((max, time) => (time !== null && (max === null || time > max) ? time : max), known);
}

/** A request that was started ahead may fail while nobody waits for it yet; whoever awaits it still sees the error. */
function quietly<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
