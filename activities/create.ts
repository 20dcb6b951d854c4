import { loadUnlistedAccess } from './access.ts';
import { loadAttachments } from './attachments.ts';
import { loadChangedMeanwhile } from './changes/content.ts';
import { loadDueDiscussion } from './changes/discussion-due.ts';
import { readChangedContent, readChangedDiscussion } from './changes/read.ts';
import { loadComments, loadReplies } from './comments.ts';
import { loadContainers } from './containers.ts';
import { withSite, type SyncContext } from './context.ts';
import { readAttachmentTexts } from './files/read-attachment-texts.ts';
import { renderStored } from './rendering/render-stored.ts';
import { decideScope } from './scoping/decide-scope.ts';
import { loadBodies } from './scoping/load-bodies.ts';
import type { ActivityDeps, RunRef } from './deps.ts';
import { beginRun, endRun, requireWhole, type RunFailure } from './ending.ts';
import { loadPeople } from './people.ts';
import { queueDueSweep, queueScheduledRun } from './queueing.ts';
import { settle, startOf } from './settle.ts';
import { dryRunSteps } from './dry-run/steps.ts';
import { disconnectSteps } from './disconnect/steps.ts';
import { permissionSteps } from './permissions/steps.ts';
import { removeWhatIsGone } from './removal/full.ts';
import { removeVanished } from './removal/remove.ts';
import { loadProductAccess } from './product.ts';
import { retryFailed } from './retries/retry.ts';
import { steeringSteps } from './steering/steps.ts';
import { loadSpaceLayers, loadSpacesInScope } from './spaces.ts';
import { rememberFullRun } from '../store/sweep-parts.ts';
import { sweepSteps } from './sweep/steps.ts';
import { together } from './together.ts';
import { loadTree } from './tree.ts';

export type Activities = ReturnType<typeof createActivities>;

/**
 * What the sync workflow calls. Each is idempotent and resumes from the checkpoints in the database, so it may be
 * killed and tried again at any moment; its arguments and results are ids and codes, never content or secrets.
 */
export function createActivities(deps: ActivityDeps) {
  const step = (run: RunRef, work: (context: SyncContext) => Promise<void>) => withSite(deps, run, work);
  return {
    /** The spaces in scope. A credential that may not list them ends the run here: what is known stays in force. */
    async prepareRun(run: RunRef): Promise<void> {
      await beginRun(deps, run);
      await rememberFullRun(deps.db, run.connectionId, run.runId);
      await step(run, loadSpacesInScope);
    },
    loadTree: (run: RunRef) => step(run, loadTree),
    /** Who may view the spaces, who has the product at all, and who is in the groups that are known to matter. */
    loadAccess: (run: RunRef) =>
      step(run, async (context) => {
        await together([loadSpaceLayers(context, await startOf(context)), loadProductAccess(context)]);
        await loadPeople(context, 'everybody');
      }),
    /** Closes the tree (changes meanwhile, folders, unlisted restrictions, newly named people) and makes it visible. */
    settleContent: (run: RunRef) =>
      step(run, async (context) => {
        const start = await startOf(context);
        await loadChangedMeanwhile(context);
        await loadContainers(context, start);
        await loadUnlistedAccess(context);
        await loadPeople(context, 'newcomers');
        await settle(context);
        await decideScope(context);
        await loadBodies(context);
        await renderStored(context);
      }),
    /** An incremental run's first half: changed content with its access. Without news: two requests or three. */
    updateContent: async (run: RunRef) => {
      await beginRun(deps, run);
      await step(run, async (context) => {
        await requireWhole(deps, run.connectionId);
        await retryFailed(context);
        await readChangedContent(context);
        await decideScope(context);
        await loadBodies(context);
        await renderStored(context);
      });
    },
    /** Its second half: comments and attachments, which changed by themselves. */
    updateDiscussion: (run: RunRef) =>
      step(run, async (context) => {
        await readChangedDiscussion(context);
        await removeVanished(context);
        await decideScope(context);
        await readAttachmentTexts(context);
        await endRun(deps, run, 'succeeded');
      }),
    loadFooterComments: (run: RunRef) => step(run, (context) => loadComments(context, 'footer')),
    loadInlineComments: (run: RunRef) => step(run, (context) => loadComments(context, 'inline')),
    loadAttachments: (run: RunRef) => step(run, loadAttachments),
    /** Replies that the listings did not hold, what is gone, and the last settling. */
    completeRun: (run: RunRef) =>
      step(run, async (context) => {
        await loadReplies(context);
        await loadDueDiscussion(context);
        await removeWhatIsGone(context);
        await settle(context);
        await decideScope(context);
        await readAttachmentTexts(context);
        await endRun(deps, run, 'succeeded');
      }),
    failRun: (run: RunRef, failure: RunFailure) => endRun(deps, run, failure),
    queueScheduledRun: (connectionId: string, lane: 'content' | 'permissions') =>
      queueScheduledRun(deps, connectionId, lane),
    queueDueSweep: (connectionId: string) => queueDueSweep(deps, connectionId),
    cancelRun: (run: RunRef) => endRun(deps, run, 'cancelled'),
    ...steeringSteps(deps),
    ...permissionSteps(deps),
    ...disconnectSteps(deps),
    ...dryRunSteps(deps),
    ...sweepSteps(deps),
  };
}
