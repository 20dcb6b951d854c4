import { loadRun, logRun, startRun } from '../../store/runs.ts';
import { readAuditLog } from '../audit/read.ts';
import { compareAnswers } from '../comparison/compare.ts';
import { withSite } from '../context.ts';
import type { ActivityDeps, RunRef } from '../deps.ts';
import { decideRelabelled } from '../scoping/decide-scope.ts';
import { finishPermissionRun } from './finish.ts';
import { readDue } from './read-due.ts';

/** What the workflow of a permission sync calls, in this order. Each may be killed and tried again at any moment. */
export function permissionSteps(deps: ActivityDeps) {
  return {
    beginPermissionRun: (run: RunRef) => startRun(deps.db, run.runId),
    /** What Confluence says has changed, so that it need not wait for its turn. */
    readAuditLog: (run: RunRef) => withSite(deps, run, readAuditLog),
    /** What is due is read, then what was read longest ago, within the points of this run. */
    readDue: (run: RunRef) =>
      withSite(deps, run, async (context) => {
        await readDue(context, deps);
        await decideRelabelled(context);
      }),
    compareAnswers: (run: RunRef) => withSite(deps, run, compareAnswers),
    finishPermissionRun: (run: RunRef) => finishPermissionRun(deps, run),
    /** Tells the run's log; of a connection that was disconnected meanwhile nothing is left to tell. */
    noteMissedAid: async (run: RunRef, message: string): Promise<void> => {
      if ((await loadRun(deps.db, run.runId)) === undefined) return;
      await logRun(deps.db, run.runId, [{ level: 'warning', message }]);
    },
  };
}
