import { startRun } from '../../store/runs.ts';
import { withSite } from '../context.ts';
import type { ActivityDeps, RunRef } from '../deps.ts';
import { endRun } from '../ending.ts';
import { listDryRunSpaces } from './begin.ts';
import { compareDryRun } from './compare.ts';
import { listDryRunContent, listDryRunDiscussion } from './list.ts';
import { listDryRunReplies } from './replies.ts';

/**
 * What the workflow calls of a dry run: a full sync's listings without bodies, compared with what is stored. It writes
 * its own tables, its run and that run's log, and what its requests cost; nothing else.
 */
export function dryRunSteps(deps: ActivityDeps) {
  return {
    async beginDryRun(run: RunRef): Promise<void> {
      await startRun(deps.db, run.runId);
      await withSite(deps, run, listDryRunSpaces);
    },
    listDryRunContent: (run: RunRef) => withSite(deps, run, listDryRunContent),
    listDryRunDiscussion: (run: RunRef) => withSite(deps, run, listDryRunDiscussion),
    completeDryRun: (run: RunRef) =>
      withSite(deps, run, async (context) => {
        await listDryRunReplies(context);
        await compareDryRun(context);
        await endRun(deps, run, 'succeeded');
      }),
  };
}
