import type { Batch } from '../../atlassian/confluence/types.ts';
import { loadDryRunCheckpoint, saveDryRunCheckpoint } from '../../store/dry-runs.ts';
import { countBatch, noCounts } from '../../store/runs.ts';
import type { Db } from '../../store/schema.ts';
import type { SyncContext } from '../context.ts';
import { isWornOut } from '../worn-out.ts';

/** A listing of Atlassian's, and what of it the report keeps. */
export interface DryListing<T> {
  /** Name of the stage, and of the checkpoint's stream. */
  stage: string;
  scope: string;
  read(cursor: string | null): Promise<Batch<T>>;
  save(db: Db, items: T[]): Promise<void>;
}

/**
 * Walks a listing from where it stands to its end. A batch, its place and its count are one transaction, so a worker may
 * be killed at any moment; while one is stored the next is asked for.
 */
export async function walkListing<T>(context: SyncContext, listing: DryListing<T>): Promise<void> {
  try {
    await walk(context, listing);
  } catch (error) {
    if (!isWornOut(error)) throw error;
    const { db, runId } = context;
    await saveDryRunCheckpoint(db, runId, listing.stage, listing.scope, { cursor: null, done: false });
    await walk(context, listing);
  }
}

async function walk<T>(context: SyncContext, { stage, scope, read, save }: DryListing<T>): Promise<void> {
  const { db, runId } = context;
  const start = await loadDryRunCheckpoint(db, runId, stage, scope);
  if (start.done) return;
  const ask = (cursor: string | null) => {
    const answer = read(cursor);
    // Nobody waits for it yet; whoever does sees its error.
    answer.catch(() => {});
    return answer;
  };
  let ahead: Promise<Batch<T>> | null = ask(start.cursor);
  while (ahead !== null) {
    const { items, next }: Batch<T> = await ahead;
    ahead = next === null ? null : ask(next);
    context.checkpointReached(`${stage} ${scope} ${next ?? 'end'}`);
    await db.transaction().execute(async (trx) => {
      await save(trx, items);
      await saveDryRunCheckpoint(trx, runId, stage, scope, { cursor: next, done: next === null });
      await countBatch(trx, runId, stage, noCounts, context.takeSpent(), items.length);
    });
  }
}
