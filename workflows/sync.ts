import {
  ActivityCancellationType,
  CancellationScope,
  isCancellation,
  proxyActivities,
} from '@temporalio/workflow';
import type { Activities } from '../activities/create.ts';
import type { RunRef } from '../activities/deps.ts';
import { describeFailure } from './failure.ts';

/** All that a sync's history holds of its subject. */
export interface SyncInput extends RunRef {
  kind: 'full' | 'incremental';
}

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
export async function syncSite({ kind, ...run }: SyncInput): Promise<void> {
  try {
    await (kind === 'full' ? readWhole(run) : readChanges(run));
  } catch (error) {
    await CancellationScope.nonCancellable(() =>
      isCancellation(error) ? endings.cancelRun(run) : endings.failRun(run, describeFailure(error)),
    );
  }
}

/** Places and restrictions first, so that everything after is stored with its ACL at once. */
async function readWhole(run: RunRef): Promise<void> {
  await steps.prepareRun(run);
  await together([steps.loadTree(run), steps.loadAccess(run)]);
  await steps.settleContent(run);
  await together([steps.loadFooterComments(run), steps.loadInlineComments(run), steps.loadAttachments(run)]);
  await steps.completeRun(run);
}

async function readChanges(run: RunRef): Promise<void> {
  await steps.updateContent(run);
  await steps.updateDiscussion(run);
}

/** Waits for all, so that no step still writes when the run is ended; the first failure is the run's. */
async function together(parts: Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(parts);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
