import { AtlassianError, CursorLoop } from '../../atlassian/errors.ts';
import { closeStage, countBatch, logRun, noCounts, openStage } from '../../store/runs.ts';
import {
  beginPart,
  finishPart,
  hasSameCredential,
  resetPart,
  saveListed,
  type PlannedPart,
  type SweepKind,
  type SweepPart,
} from '../../store/sweep-parts.ts';
import { closeChanges } from '../changes/close.ts';
import type { SyncContext } from '../context.ts';
import { isRefusal, warn } from '../refusals.ts';
import { findMissing } from './missing.ts';
import { listBatch } from './list.ts';
import type { Spending } from './spending.ts';

/** A walk that takes longer than this begins anew: by the site's parts, and for what has one listing for the whole site. */
const oldest = (kind: SweepKind) =>
  kind === 'spaces' || kind === 'pages' || kind === 'posts' ? '24 hours' : '7 days';

/** Content whose restrictions are asked for at once. */
const closeAfter = 1_000;

/**
 * `finished`: listed to its end, and what it missed is asked for; `interrupted`: the budget is used up, the next run goes
 * on; `broken`: the listing cannot be walked, or its absences prove nothing: it begins anew at its next turn.
 */
export type WalkEnd = 'finished' | 'interrupted' | 'broken';

/**
 * Walks one part of a sweep, from where it stands. Each batch's ids, the place behind it and its counters are one
 * transaction; what is news is taken in before that, so that a batch that is walked again loses nothing.
 */
export async function walkPart(
  context: SyncContext,
  planned: PlannedPart,
  spending: Spending,
): Promise<WalkEnd> {
  const { db, connectionId, runId } = context;
  const stage = `sweep of ${planned.kind}`;
  await openStage(db, runId, stage, null);
  let part = await beginPart(db, connectionId, planned, {
    began: context.askedAt(),
    oldest: oldest(planned.kind),
    runId,
  });
  try {
    let restarted = false;
    let news = 0;
    while (!part.walked) {
      if (await spending.isOver()) return 'interrupted';
      try {
        ({ part, news } = await walkOn(context, part, stage, news));
      } catch (error) {
        // Cursors do not live for ever: once the listing is walked anew, and a second time it is broken.
        if (!isStaleCursor(error) || part.cursor === null || restarted) throw error;
        restarted = true;
        await resetPart(db, connectionId, part.part);
        part = await beginPart(db, connectionId, planned, {
          began: context.askedAt(),
          oldest: oldest(planned.kind),
          runId,
        });
      }
    }
    if (news > 0) await closeChanges(context);
    if (!(await hasSameCredential(db, connectionId, part.part))) return await giveUp(context, part.part);
    await findMissing(context, part);
    // What the credential of now does not show, that of before might have.
    if (!(await hasSameCredential(db, connectionId, part.part))) return await giveUp(context, part.part);
    await finishPart(db, connectionId, part.part);
    await closeStage(db, runId, stage, 'done');
    return 'finished';
  } catch (error) {
    const isBroken = error instanceof CursorLoop || isStaleCursor(error) || isRefusal(error);
    if (!isBroken) throw error;
    await resetPart(db, connectionId, planned.part);
    await closeStage(db, runId, stage, 'failed');
    await warn(context, `The ${stage} could not be listed to its end, so nothing of it is removed.`, error);
    return 'broken';
  }
}

function isStaleCursor(error: unknown): error is AtlassianError {
  return error instanceof AtlassianError && error.code === 'cursor_invalid';
}

async function walkOn(
  context: SyncContext,
  part: SweepPart,
  stage: string,
  before: number,
): Promise<{ part: SweepPart; news: number }> {
  const { db, connectionId, runId } = context;
  const { ids, next, news, same } = await listBatch(context, part);
  const isRecords = part.kind !== 'spaces';
  const filtered = isRecords ? ids.length - same - news.length : 0;
  const counts = { ...noCounts, seen: same + filtered, unchanged: same, filtered };
  await db.transaction().execute(async (trx) => {
    await saveListed(trx, connectionId, part.part, { ids, next });
    await countBatch(trx, runId, stage, counts, context.takeSpent(), ids.length);
  });
  context.checkpointReached(`${part.part} ${next ?? 'end'}`);
  let open = before + news.length;
  if (open >= closeAfter) {
    await closeChanges(context);
    open = 0;
  }
  return { part: { ...part, cursor: next, walked: next === null }, news: open };
}

async function giveUp({ db, connectionId, runId }: SyncContext, part: string): Promise<WalkEnd> {
  await resetPart(db, connectionId, part);
  const message = `The credential has changed while "${part}" was swept. It is listed anew, and nothing of it is removed before.`;
  await logRun(db, runId, [{ level: 'info', message }]);
  return 'broken';
}
