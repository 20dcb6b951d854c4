import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  proxyActivities,
} from '@temporalio/workflow';
import type { Activities } from '../activities/create.ts';

/** All that a sync's history holds of its subject. */
export interface SyncInput {
  connectionId: string;
  runId: string;
}

/**
 * A step walks its listings from checkpoint to end in one activity, however long that takes: progress is in the
 * database, so the history stays at a few dozen events for a site of any size. Liveness is the heartbeat; how often
 * and when to try again the failures say themselves (activities/failures.ts).
 */
const steps = proxyActivities<Activities>({
  startToCloseTimeout: '24 hours',
  heartbeatTimeout: '15 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** Ends of a run are short and must arrive, even when the run itself was cancelled. */
const endings = proxyActivities<Pick<Activities, 'failRun' | 'cancelRun'>>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/** Reads a whole site: places and restrictions first, so that everything after is stored with its ACL at once. */
export async function syncSite(run: SyncInput): Promise<void> {
  try {
    await steps.prepareRun(run);
    await together([steps.loadPages(run), steps.loadBlogposts(run), steps.loadRestrictions(run)]);
    await steps.settleContent(run);
    await together([
      steps.loadFooterComments(run),
      steps.loadInlineComments(run),
      steps.loadAttachments(run),
    ]);
    await steps.completeRun(run);
  } catch (error) {
    await CancellationScope.nonCancellable(() =>
      isCancellation(error) ? endings.cancelRun(run) : endings.failRun(run, describe(error)),
    );
  }
}

/** Waits for all, so that no step still writes when the run is ended; the first failure is the run's. */
async function together(parts: Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(parts);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

function describe(error: unknown): { code: string; message: string } {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure)
    return { code: cause.type ?? 'unexpected', message: cause.message };
  return { code: 'unexpected', message: error instanceof Error ? error.message : String(error) };
}
