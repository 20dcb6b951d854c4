import { executeChild, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/create.ts';
import type { RunRef } from '../activities/deps.ts';
import { syncPermissions } from './permissions.ts';
import { syncSite, type SyncEnd, type SyncInput } from './sync.ts';

const { queueScheduledRun, queueDueSweep, failRun } = proxyActivities<
  Pick<Activities, 'queueScheduledRun' | 'queueDueSweep' | 'failRun'>
>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/**
 * What a schedule starts: one run after the other, each under the same workflow id as one that was asked for, so never
 * two of a lane at a time. Content is followed by a sweep where one is due. Schedules that were made before permissions
 * had one name no lane: theirs is content.
 */
export async function scheduledSync(input: {
  connectionId: string;
  lane?: 'content' | 'permissions';
}): Promise<void> {
  const { connectionId } = input;
  const queued = await queueScheduledRun(connectionId, input.lane ?? 'content');
  if (queued === null) return;
  const { runId, kind } = queued;
  const run = { connectionId, runId };
  if (kind === 'permissions') {
    await failedIfLost(run, async () => {
      await executeChild(syncPermissions, { workflowId: `permissions:${connectionId}`, args: [run] });
      return 'done';
    });
    return;
  }
  // Whoever cancels a sync wants no sweep instead, and what failed may fail for a cause that a sweep would meet too.
  if ((await runContent({ ...run, kind })) !== 'done') return;
  const sweep = await queueDueSweep(connectionId);
  if (sweep !== null) await runContent({ connectionId, runId: sweep.runId, kind: 'sweep' });
}

function runContent(input: SyncInput): Promise<SyncEnd> {
  const { connectionId, runId } = input;
  return failedIfLost({ connectionId, runId }, () =>
    executeChild(syncSite, { workflowId: `sync:${connectionId}`, args: [input] }),
  );
}

/** A child ends its run itself; this is for a child that could not start or was terminated. */
async function failedIfLost(run: RunRef, child: () => Promise<SyncEnd>): Promise<SyncEnd> {
  try {
    return await child();
  } catch (error) {
    if (isCancellation(error)) throw error;
    const message = error instanceof Error ? error.message : String(error);
    await failRun(run, { code: 'workflow_failed', message });
    return 'failed';
  }
}
