import { executeChild, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/create.ts';
import { syncPermissions } from './permissions.ts';
import { syncSite } from './sync.ts';

const { queueScheduledRun, failRun } = proxyActivities<Pick<Activities, 'queueScheduledRun' | 'failRun'>>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/**
 * What a schedule starts: one run, under the same workflow id as one that was asked for, so never two of a lane at a
 * time. Schedules that were made before permissions had one name no lane: theirs is content.
 */
export async function scheduledSync(input: {
  connectionId: string;
  lane?: 'content' | 'permissions';
}): Promise<void> {
  const queued = await queueScheduledRun(input.connectionId, input.lane ?? 'content');
  if (queued === null) return;
  const { runId, kind } = queued;
  const run = { connectionId: input.connectionId, runId };
  try {
    if (kind === 'permissions') {
      await executeChild(syncPermissions, { workflowId: `permissions:${input.connectionId}`, args: [run] });
    } else {
      await executeChild(syncSite, { workflowId: `sync:${input.connectionId}`, args: [{ ...run, kind }] });
    }
  } catch (error) {
    // The child ends its run itself; this is for a child that could not start or was terminated.
    const message = error instanceof Error ? error.message : String(error);
    await failRun(run, { code: 'workflow_failed', message });
  }
}
