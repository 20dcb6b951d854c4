import {
  ActivityCancellationType,
  CancellationScope,
  continueAsNew,
  isCancellation,
  proxyActivities,
} from '@temporalio/workflow';
import type { Activities } from '../activities/create.ts';
import type { RunRef } from '../activities/deps.ts';
import type { RunKind } from '../store/schema.ts';
import { describeFailure } from './failure.ts';
import { walkPhases, type Phase, type Place } from './steering.ts';

/** All that a sync's history holds of its subject. */
export interface SyncInput extends RunRef {
  kind: Exclude<RunKind, 'permissions'>;
  /** Where a run that was continued as new goes on. */
  place?: Place;
  /** Events of a history after which the run goes on in a new one; thousands unless told. */
  mostEvents?: number;
}

/** How a run ended, for what comes after it. */
export type SyncEnd = 'done' | 'cancelled' | 'failed';

/**
 * A step walks its listings from checkpoint to end in one activity, however long that takes: progress is in the
 * database, so the history stays at a few dozen events for a site of any size. Liveness is the heartbeat; how often
 * and when to try again the failures say themselves (activities/failures.ts).
 */
const steps = proxyActivities<Activities>({
  startToCloseTimeout: '24 hours',
  heartbeatTimeout: '15 seconds',
  // A run has ended when none of its steps writes any more: the next one may start at that moment.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** Ends of a run are short and must arrive, even when the run itself was cancelled. */
const endings = proxyActivities<Pick<Activities, 'failRun' | 'cancelRun'>>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/** One run of a connection, to its end, whatever that is. */
export async function syncSite(input: SyncInput): Promise<SyncEnd> {
  const run: RunRef = { connectionId: input.connectionId, runId: input.runId };
  let place: Place;
  try {
    const end = await walkPhases(run, phasesOf[input.kind](run), {
      from: input.place,
      mostEvents: input.mostEvents,
    });
    if (end.is === 'done') return 'done';
    if (end.is === 'stopped') {
      await endings.cancelRun(run);
      return 'cancelled';
    }
    place = end.place;
  } catch (error) {
    const cancelled = isCancellation(error);
    await CancellationScope.nonCancellable(() =>
      cancelled ? endings.cancelRun(run) : endings.failRun(run, describeFailure(error)),
    );
    return cancelled ? 'cancelled' : 'failed';
  }
  return continueAsNew<typeof syncSite>({ ...input, place });
}

/**
 * What each kind of run does, in order. Of a whole reading, places and restrictions come first, so that everything
 * after is stored with its ACL at once.
 */
const phasesOf: Record<SyncInput['kind'], (run: RunRef) => Phase[]> = {
  full: (run) => [
    () => steps.prepareRun(run),
    () => together([steps.loadTree(run), steps.loadAccess(run)]),
    () => steps.settleContent(run),
    () =>
      together([steps.loadFooterComments(run), steps.loadInlineComments(run), steps.loadAttachments(run)]),
    () => steps.completeRun(run),
  ],
  incremental: (run) => [() => steps.updateContent(run), () => steps.updateDiscussion(run)],
  sweep: (run) => [() => steps.sweepSite(run)],
  dry_run: (run) => [
    () => steps.beginDryRun(run),
    () => together([steps.listDryRunContent(run), steps.listDryRunDiscussion(run)]),
    () => steps.completeDryRun(run),
  ],
};

/** Waits for all, so that no step still writes when the run is ended; the first failure is the run's. */
async function together(parts: Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(parts);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
