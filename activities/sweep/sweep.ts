import { kindsRead } from '../../scope/kinds.ts';
import { whoListedReplies } from '../../store/comment-listings.ts';
import { loadRun, logRun } from '../../store/runs.ts';
import {
  dropParts,
  loadSpaceSizes,
  partsInTurn,
  savePlan,
  type PlannedPart,
  type SweepKind,
} from '../../store/sweep-parts.ts';
import { closeChanges } from '../changes/close.ts';
import { loadDueDiscussion } from '../changes/discussion-due.ts';
import { loadNewSpaces } from '../changes/new-spaces.ts';
import type { SyncContext } from '../context.ts';
import type { ActivityDeps } from '../deps.ts';
import { removeVanished } from '../removal/remove.ts';
import { inScope } from '../scope.ts';
import { decideScope } from '../scoping/decide-scope.ts';
import { loadBodies } from '../scoping/load-bodies.ts';
import { cutParts, isSwept, sweepKinds } from './parts.ts';
import { createSpending } from './spending.ts';
import { walkPart } from './walk.ts';

/** Each part is listed once within this time, as far as the share of the budget reaches. */
const turn = '24 hours';

/**
 * A sweep: lists the ids of everything, part by part, longest unswept first, and finds what vanished, moved or was
 * missed. A scheduled one takes no more than its share of the budget, and the next one goes on where it stopped.
 */
export async function sweep(context: SyncContext, deps: Pick<ActivityDeps, 'hourlyPoints'>): Promise<void> {
  const { db, connectionId, runId } = context;
  const since = context.askedAt();
  const spending = await createSpending(context, deps.hourlyPoints);
  const all = (await loadRun(db, runId))?.trigger !== 'schedule';
  const broken = new Set<string>();
  let plan = await planParts(context);
  let interrupted = false;
  for (;;) {
    const waiting = await partsInTurn(db, connectionId, { all, turn });
    // What this run has finished before its worker died is not begun again.
    const next = waiting.find(
      (one) => !broken.has(one.part) && (one.began_at !== null || one.run_id !== runId),
    );
    if (next === undefined) break;
    const planned = plan.get(next.part) ?? {
      ...next,
      kind: next.kind as SweepKind,
      spaceIds: next.space_ids,
    };
    const end = await walkPart(context, planned, spending);
    if (end === 'broken') broken.add(next.part);
    interrupted = end === 'interrupted';
    if (interrupted) break;
    if (next.kind === 'spaces') await loadNewSpaces(context);
    // Whether comments are listed with their replies is known after they were listed.
    else if (next.kind !== 'footer' && next.kind !== 'inline') continue;
    plan = await planParts(context);
  }
  await closeChanges(context);
  await decideScope(context);
  await loadBodies(context);
  await loadDueDiscussion(context);
  await closeChanges(context);
  await removeVanished(context, { since, everything: true });
  if (interrupted) {
    const left = (await partsInTurn(db, connectionId, { all: false, turn })).length;
    const message = `The share of the budget for sweeps is used up; ${left} parts of the site are left for the next ones.`;
    await logRun(db, runId, [{ level: 'info', message }]);
  }
}

async function planParts({ db, connectionId, connection }: SyncContext): Promise<Map<string, PlannedPart>> {
  const reads = kindsRead(connection.settings);
  const spaces = await loadSpaceSizes(db, connectionId);
  const planned = cutParts(
    spaces.filter((space) => inScope(connection.settings, space)),
    { reads, repliesAreListed: (await whoListedReplies(db, connectionId)) !== null },
  );
  await savePlan(db, connectionId, planned);
  await dropParts(
    db,
    connectionId,
    sweepKinds.filter((kind) => !isSwept(kind, reads)),
  );
  return new Map(planned.map((one) => [one.part, one]));
}
