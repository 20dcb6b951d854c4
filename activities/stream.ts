import type { Transaction } from 'kysely';
import PQueue from 'p-queue';
import type { Batch } from '../atlassian/confluence/types.ts';
import { checkpointWrite, loadCheckpoint, openBatch, saveCheckpoint } from '../store/checkpoints.ts';
import { countBatch, closeStage, openStage, type BatchCounts } from '../store/runs.ts';
import type { Database } from '../store/schema.ts';
import type { SyncContext } from './context.ts';
import { together } from './together.ts';
import { isWornOut } from './worn-out.ts';

/** Their clock and ours may differ by this much. */
const clockToleranceMs = 10 * 60_000;

/** A listing of Atlassian's and what becomes of its items. */
export interface Stream<T> {
  /** Name of the stage, and of the checkpoint's stream. */
  stage: string;
  scope: string;
  read(cursor: string | null): Promise<Batch<T>>;
  /**
   * Makes a batch ready outside any transaction (conversion, missing names), and returns what stores it inside one.
   * @param asOf when the batch was asked for
   */
  prepare(items: T[], asOf: Date): Promise<(trx: Transaction<Database>) => Promise<BatchCounts>>;
  /** `prepare` looks at what the batch before stored, so it must wait for it. */
  inOrder?: boolean;
  /**
   * Set for newest-first feeds: whether a batch is the last that the feed must bring. A feed that was interrupted starts
   * again at its top, where news may have come, and its high water is stored with its last batch only: before that, what
   * lies between the newest and the oldest is not stored yet.
   */
  feed?: { reachesBack(batch: Batch<T>): boolean };
}

/**
 * Walks a stream from its checkpoint to its end. Records, counters and checkpoint of a batch are stored in one
 * transaction, so a worker may be killed at any moment: the next one repeats at most the batches in flight, and
 * storing is idempotent. While one batch is stored the next is converted and the one after asked for: three at most
 * are in memory, and commits keep their order.
 */
async function runStream<T>(context: SyncContext, stream: Stream<T>): Promise<void> {
  try {
    await walk(context, stream);
  } catch (error) {
    if (!isWornOut(error)) throw error;
    // Cursors do not live for ever, and a run that waited may come back too late: the listing is walked anew.
    const { db, runId, connectionId } = context;
    const key = { connectionId, stream: stream.stage, scope: stream.scope };
    const { highWater } = await loadCheckpoint(db, key, runId);
    await saveCheckpoint(db, key, runId, { cursor: null, done: false, highWater });
    await walk(context, stream);
  }
}

async function walk<T>(context: SyncContext, stream: Stream<T>): Promise<void> {
  const { db, runId, connectionId } = context;
  const key = { connectionId, stream: stream.stage, scope: stream.scope };
  const start = await loadCheckpoint(db, key, runId);
  if (start.done) return;
  const isFeed = stream.feed !== undefined;
  let began = isFeed || start.cursor === null ? null : start.highWater;
  const ask = (cursor: string | null) => {
    const asOf = context.askedAt();
    return { asOf, answer: quietly(stream.read(cursor)) };
  };
  let ahead: ReturnType<typeof ask> | null = ask(isFeed ? null : start.cursor);
  let storing: Promise<void> = Promise.resolve();
  try {
    while (ahead !== null) {
      const { asOf } = ahead;
      const batch: Batch<T> = await ahead.answer;
      const next = stream.feed?.reachesBack(batch) === true ? null : batch.next;
      ahead = next === null ? null : ask(next);
      began ??= notAhead(batch.serverTime);
      if (stream.inOrder === true) await storing;
      const store = await stream.prepare(batch.items, asOf);
      const done = next === null;
      const checkpoint = { cursor: next, done, highWater: isFeed && !done ? start.highWater : began };
      await storing;
      context.checkpointReached(`${stream.stage} ${stream.scope} ${next ?? 'end'}`);
      storing = quietly(
        db.transaction().execute(async (trx) => {
          await openBatch(trx, connectionId);
          const counts = await store(trx);
          const steps = isFeed ? counts.seen : batch.items.length;
          const place = checkpointWrite(key, runId, checkpoint);
          await countBatch(trx, runId, stream.stage, counts, context.takeSpent(), steps, place);
        }),
      );
    }
  } finally {
    // Whoever tries again must find what is being stored now.
    await Promise.allSettled([storing]);
  }
  await storing;
}

/** The partitions of one stage, `concurrency` of them at a time; the stage is done when all are. */
export async function runStage<T>(
  context: SyncContext,
  stage: string,
  streams: readonly Stream<T>[],
  options: {
    total?: Promise<number | null> | number;
    concurrency?: number;
    ended?: (scope: string) => void;
  } = {},
): Promise<void> {
  const { db, runId } = context;
  const queue = new PQueue({ concurrency: options.concurrency ?? 1 });
  const walked = streams.map((stream) =>
    queue.add(() => runStream(context, stream).finally(() => options.ended?.(stream.scope))),
  );
  const opened = openStage(db, runId, stage, null);
  const told = Promise.resolve(options.total).then((total) =>
    total === undefined ? undefined : openStage(db, runId, stage, total),
  );
  await together([...walked, opened, told]);
  await closeStage(db, runId, stage, 'done');
}

/**
 * A checkpoint in the future would skip changes: a server whose clock is that wrong is not believed. Our own clock only
 * ever makes a checkpoint earlier, and what is earlier is read once more.
 */
function notAhead(serverTime: Date): Date {
  return new Date(Math.min(serverTime.getTime(), Date.now() + clockToleranceMs));
}

/** A request that was started ahead may fail while nobody waits for it yet; whoever awaits it still sees the error. */
function quietly<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
