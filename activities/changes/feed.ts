import type { Batch } from '../../atlassian/confluence/types.ts';
import { forgetFutureCheckpoints, loadHighWater } from '../../store/checkpoints.ts';
import { logRun } from '../../store/runs.ts';
import type { SyncContext } from '../context.ts';
import { stages } from '../stages.ts';
import { runStage, type Stream } from '../stream.ts';
import { isPossible, reachesBack } from './reach.ts';

/** The first requests are small, because usually there is little news; only news is worth a full batch. */
const growing = [10, 50];

export interface Feed<T> {
  name: keyof typeof stages;
  list(options: { cursor: string | null; limit?: number }): Promise<Batch<T>>;
  prepare: Stream<T>['prepare'];
  /** What is read at least, by the source's clock; absent: since the last complete reading. */
  since?: Date | null;
  /** The listings that together hold what the feed is of; absent: the one of its name. */
  listings?: readonly string[];
}

/**
 * Walks a newest-first feed of the whole site back to its checkpoint less an overlap. The checkpoint is the source's
 * clock, not its newest item, so a quiet site costs one small request a feed. Every item of its batches is compared with
 * what is stored, also those that are older than the checkpoint, so what appears late is seen where the feed is short.
 */
export async function runFeed<T extends { version: { createdAt: Date } }>(
  context: SyncContext,
  feed: Feed<T>,
): Promise<void> {
  const { db, connectionId } = context;
  const { feed: stage, full } = stages[feed.name];
  const listings = feed.listings ?? [full];
  let known = feed.since ?? (await readUpTo(context, stage, listings));

  const believe = async ({ serverTime }: Batch<T>): Promise<void> => {
    if (known === null || isPossible(known, serverTime)) return;
    const message = `The checkpoint of "${stage}" stands in the future (${known.toISOString()}, while it is ${serverTime.toISOString()} at Atlassian). It is not believed: everything is read anew.`;
    await logRun(db, context.runId, [{ level: 'warning', message }]);
    await forgetFutureCheckpoints(db, connectionId, [stage, ...listings], serverTime);
    known = null;
  };
  const read = async (cursor: string | null): Promise<Batch<T>> => {
    if (cursor !== null) return feed.list({ cursor });
    for (const limit of growing) {
      const small = await feed.list({ cursor, limit });
      await believe(small);
      if (small.next === null || reachesBack(small.items, known)) return { ...small, next: null };
    }
    return feed.list({ cursor });
  };
  await runStage(context, stage, [
    {
      stage,
      scope: '',
      inOrder: true,
      feed: { reachesBack: ({ items }) => reachesBack(items, known) },
      read,
      prepare: feed.prepare,
    },
  ]);
}

/** Up to when all is stored; null: something was never read whole. */
async function readUpTo(
  { db, connectionId }: SyncContext,
  feed: string,
  listings: readonly string[],
): Promise<Date | null> {
  const times = await Promise.all(
    listings.map((listing) => loadHighWater(db, connectionId, { feed, listing })),
  );
  const known = times.filter((time) => time !== null);
  if (known.length < times.length) return null;
  return new Date(Math.min(...known.map((time) => time.getTime())));
}
