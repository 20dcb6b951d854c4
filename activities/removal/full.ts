import { forgetHealedFailures } from '../../store/failures.ts';
import { forgetStrayAccess } from '../../store/removals.ts';
import { loadRun, logRun } from '../../store/runs.ts';
import { loadSpaces } from '../../store/spaces.ts';
import { finishAllParts, forgetFullRun, fullRunHasSameCredential } from '../../store/sweep-parts.ts';
import { noteUnseen } from '../../store/vanished.ts';
import { askForSpaces } from '../changes/admit-spaces.ts';
import type { SyncContext } from '../context.ts';
import { unreadKinds } from '../scoping/unread.ts';
import { removeVanished } from './remove.ts';
import { hideUnsyncedSpaces } from './spaces.ts';

/**
 * The end of a full run: what it has not seen is hidden, and removed where it is proven to be gone. Of a run in which
 * items failed, or whose credential has changed, an absence proves nothing: only what the source itself calls trashed,
 * archived or deleted is removed then.
 */
export async function removeWhatIsGone(context: SyncContext): Promise<void> {
  const { db, connectionId, runId } = context;
  await forgetHealedFailures(db, connectionId, runId);
  const run = await loadRun(db, runId);
  if (run === undefined) return;
  const failed = Number(run.failed);
  const isProof = failed === 0 && (await fullRunHasSameCredential(db, connectionId));
  await noteUnseen(db, context, isProof ? 'unlisted' : 'unanswered', run.created_at, unreadKinds(context));
  const unseen = (await loadSpaces(db, connectionId)).filter((space) => space.seen_run !== runId);
  const unlisted = await askForSpaces(
    context,
    unseen.map((space) => space.external_id),
  );
  await hideUnsyncedSpaces(context, isProof ? unlisted : []);
  await removeVanished(context, { everything: true });
  if (!isProof) {
    const why = failed > 0 ? `${failed} items failed` : 'the credential has changed meanwhile';
    const message = `What this run has not seen is hidden and not removed, unless Confluence itself calls it deleted: ${why}.`;
    await logRun(db, runId, [{ level: 'warning', message }]);
    await forgetFullRun(db, connectionId);
    return;
  }
  await forgetStrayAccess(db, connectionId, runId);
  await finishAllParts(db, connectionId);
}
