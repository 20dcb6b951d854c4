import { withSite } from '../context.ts';
import type { ActivityDeps, RunRef } from '../deps.ts';
import { beginRun, endRun, requireWhole } from '../ending.ts';
import { sweep } from './sweep.ts';

/** What the workflow calls of a sweep: one step, which goes on where it stands whenever it is tried again. */
export function sweepSteps(deps: ActivityDeps) {
  return {
    async sweepSite(run: RunRef): Promise<void> {
      await beginRun(deps, run);
      await withSite(deps, run, async (context) => {
        await requireWhole(deps, run.connectionId);
        await sweep(context, deps);
        await endRun(deps, run, 'succeeded');
      });
    },
  };
}
