import { noteRepliesMissing } from '../../store/comment-listings.ts';
import { missedBy, spacesMissedBy } from '../../store/sweep-compare.ts';
import type { SweepPart } from '../../store/sweep-parts.ts';
import { lockForSettling } from '../../store/settle-lock.ts';
import { settleBelow } from '../../store/settle-below.ts';
import { noteVanished } from '../../store/vanished.ts';
import { askForSpaces } from '../changes/admit-spaces.ts';
import type { SyncContext } from '../context.ts';
import { hideUnsyncedSpaces } from '../removal/spaces.ts';
import { weighVanished } from '../removal/weigh.ts';

const missedAtOnce = 1_000;

/** What a whole walk did not list is hidden, noted, and asked for by itself at once. */
export async function findMissing(context: SyncContext, part: SweepPart): Promise<void> {
  const { db, connectionId } = context;
  const since = context.askedAt();
  if (part.kind === 'spaces') return findMissingSpaces(context, part, since);
  if (part.kind === 'footer' || part.kind === 'inline') await noteRepliesMissing(db, part);
  for (let after = ''; ;) {
    const ids = await missedBy(db, part, { after, limit: missedAtOnce });
    if (ids.length === 0) return;
    await db.transaction().execute(async (trx) => {
      await lockForSettling(trx, connectionId);
      await noteVanished(
        trx,
        context,
        ids.map((externalId) => ({ externalId, evidence: 'unlisted' as const })),
        part.began_at ?? since,
      );
      await settleBelow(trx, connectionId, ids);
    });
    await weighVanished(context, { since, everything: true });
    after = ids.at(-1) ?? after;
  }
}

/** Spaces are asked for by id once more; those that are answered for are not missing, whatever they are now. */
async function findMissingSpaces(context: SyncContext, part: SweepPart, since: Date): Promise<void> {
  const missing = await askForSpaces(context, await spacesMissedBy(context.db, part));
  await hideUnsyncedSpaces(context, missing);
  await weighVanished(context, { since, everything: true });
}
