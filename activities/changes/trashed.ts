import { kindsRead } from '../../scope/kinds.ts';
import type { ConfluencePage } from '../../atlassian/confluence/types.ts';
import { loadHighWater, saveCheckpoint } from '../../store/checkpoints.ts';
import { stillThere } from '../../store/records-stored.ts';
import { closeStage, countBatch, noCounts, openStage } from '../../store/runs.ts';
import { settleBelow } from '../../store/settle-below.ts';
import { lockForSettling } from '../../store/settle-lock.ts';
import { noteVanished } from '../../store/vanished.ts';
import type { SyncContext } from '../context.ts';
import { explicitCause } from '../removal/verdict.ts';
import { stages } from '../stages.ts';
import { together } from '../together.ts';
import { restarting } from '../worn-out.ts';
import { isPossible, overlapMs } from './reach.ts';

/** Small first requests, so that a run without news stays cheap; then as much as there is news. */
const kinds = [
  { name: 'page', status: ['trashed', 'archived', 'deleted'], first: 7 },
  { name: 'blogpost', status: ['trashed', 'deleted'], first: 5 },
] as const;
const second = 50;

/**
 * Pages and blog posts that were put into the trash, archived or deleted: newest first, as long as there are some that
 * are stored here. Whether that moves their modification date is not established. Where it does, they stand at the top;
 * where it does not, those that were edited lately do, and the rest is found by sweeps.
 */
export async function loadTrashed(context: SyncContext): Promise<void> {
  const reads = kindsRead(context.connection.settings);
  await together(kinds.filter(({ name }) => reads[name]).map((kind) => readTrashed(context, kind)));
}

async function readTrashed(context: SyncContext, kind: (typeof kinds)[number]): Promise<void> {
  const { db, connectionId, runId } = context;
  const stage = stages[kind.name].trashed;
  const list = kind.name === 'page' ? context.reader.listPages : context.reader.listBlogposts;
  const ask = async (cursor: string | null, limit?: number) => {
    const asOf = context.askedAt();
    const batch = await list({
      cursor,
      status: [...kind.status],
      body: false,
      newestFirst: true,
      ...(limit === undefined ? {} : { limit }),
    });
    return { asOf, batch };
  };
  await openStage(db, runId, stage, null);
  // Where the trash was never read, what had gone before the last reading of content was seen by that.
  const known = await loadHighWater(db, connectionId, { feed: stage, listing: stages[kind.name].feed });
  let { asOf, batch } = await ask(null, kind.first);
  const began = batch.serverTime;
  const isBelieved = known !== null && isPossible(known, began);
  const until = isBelieved ? known.getTime() - overlapMs : 0;
  const walk = async (): Promise<void> => {
    for (let size: number | undefined = second; ;) {
      const found = await note(context, stage, batch.items, asOf);
      const last = batch.items.at(-1);
      const isNews = found > 0 || (last !== undefined && last.version.createdAt.getTime() >= until);
      if (batch.next === null || !isNews) return;
      // The small batches are asked for anew: a cursor is of its own size.
      ({ asOf, batch } = await (size === undefined ? ask(batch.next) : ask(null, size)));
      if (size !== undefined) size = size === second ? 250 : undefined;
    }
  };
  await restarting(walk);
  await saveCheckpoint(db, { connectionId, stream: stage, scope: '' }, runId, {
    cursor: null,
    done: true,
    highWater: began,
  });
  await closeStage(db, runId, stage, 'done');
}

/** Hides them with all below them, and notes them for removal. @returns how many were stored here */
async function note(
  context: SyncContext,
  stage: string,
  pages: readonly ConfluencePage[],
  asOf: Date,
): Promise<number> {
  const { db, connectionId, runId } = context;
  const here = await stillThere(
    db,
    connectionId,
    pages.map(({ id }) => id),
  );
  const vanished = pages.flatMap(({ id, status }) => {
    const evidence = explicitCause(status);
    return here.has(id) && evidence !== null ? [{ externalId: id, evidence }] : [];
  });
  const ids = vanished.map(({ externalId }) => externalId);
  await db.transaction().execute(async (trx) => {
    if (ids.length > 0) {
      await lockForSettling(trx, connectionId);
      await noteVanished(trx, context, vanished, asOf);
      await settleBelow(trx, connectionId, ids);
    }
    await countBatch(trx, runId, stage, noCounts, context.takeSpent(), ids.length);
  });
  context.checkpointReached(`${stage}, ${pages.length} more`);
  return ids.length;
}
