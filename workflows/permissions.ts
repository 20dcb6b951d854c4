import {
  ActivityCancellationType,
  CancellationScope,
  isCancellation,
  proxyActivities,
} from '@temporalio/workflow';
import type { Activities } from '../activities/create.ts';
import type { RunRef } from '../activities/deps.ts';
import { describeFailure } from './failure.ts';
import { isSteered } from './steering.ts';

const startToCloseTimeout = '24 hours';
const heartbeatTimeout = '15 seconds';
// A run has ended when none of its steps writes any more: the next one may start at that moment.
const cancellationType = ActivityCancellationType.WAIT_CANCELLATION_COMPLETED;

const steps = proxyActivities<Activities>({
  startToCloseTimeout,
  heartbeatTimeout,
  cancellationType,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** What only makes a run better: it is tried a few times, and what must be read is read without it. */
const aids = proxyActivities<Pick<Activities, 'readAuditLog' | 'compareAnswers'>>({
  startToCloseTimeout,
  heartbeatTimeout,
  cancellationType,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumAttempts: 3 },
});

const endings = proxyActivities<Pick<Activities, 'failRun' | 'cancelRun' | 'noteMissedAid'>>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/** One reading of permissions on their own clock; a sync of content may run beside it (temporal/names.ts: lanes). */
export async function syncPermissions(run: RunRef): Promise<void> {
  try {
    await steps.beginPermissionRun(run);
    await withoutFail(run, () => aids.readAuditLog(run));
    await steps.readDue(run);
    await withoutFail(run, () => aids.compareAnswers(run));
    await steps.finishPermissionRun(run);
  } catch (error) {
    await CancellationScope.nonCancellable(() =>
      isCancellation(error) || isSteered(error)
        ? endings.cancelRun(run)
        : endings.failRun(run, describeFailure(error)),
    );
  }
}

async function withoutFail(run: RunRef, aid: () => Promise<void>): Promise<void> {
  try {
    await aid();
  } catch (error) {
    if (isCancellation(error) || isSteered(error)) throw error;
    await endings.noteMissedAid(run, describeFailure(error).message);
  }
}
