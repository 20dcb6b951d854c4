import { executeChild, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/create.ts';
import { syncSite } from './sync.ts';

const { queueScheduledRun, failRun } = proxyActivities<Pick<Activities, 'queueScheduledRun' | 'failRun'>>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/** What a schedule starts: one run, under the same workflow id as one that was asked for, so never two at a time. */
export async function scheduledSync(input: { connectionId: string }): Promise<void> {
  const queued = await queueScheduledRun(input.connectionId);
  if (queued === null) return;
  const run = { connectionId: input.connectionId, runId: queued.runId };
  try {
    await executeChild(syncSite, {
      workflowId: `sync:${input.connectionId}`,
      args: [{ ...run, kind: queued.kind }],
    });
  } catch (error) {
    // The child ends its run itself; this is for a child that could not start or was terminated.
    const message = error instanceof Error ? error.message : String(error);
    await failRun(run, { code: 'workflow_failed', message });
  }
}
