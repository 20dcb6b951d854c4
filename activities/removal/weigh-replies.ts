import { NotFoundThere } from '../../atlassian/errors.ts';
import { placementsOf, type Placement } from '../../store/comment-listings.ts';
import type { VanishedRow } from '../../store/vanished-read.ts';
import { prepareComments } from '../comments.ts';
import type { SyncContext } from '../context.ts';
import { isRefusal, warn } from '../refusals.ts';
import { storeBatch } from './shown-discussion.ts';
import type { Weighed } from './weigh-content.ts';

/** Each comment with a missing reply is a request; the others wait for the next run, hidden. */
const commentsAtMost = 100;

/**
 * Replies that a whole walk by the search index did not hold, asked for by the comment that they reply to: what is
 * among its replies is stored again; what is not, or replies to something that is not answered for either, is gone.
 */
export async function weighReplies(context: SyncContext, rows: readonly VanishedRow[]): Promise<Weighed[]> {
  const placements = await placementsOf(
    context.db,
    context.connectionId,
    rows.map(({ externalId }) => externalId),
  );
  const weighed: Weighed[] = [];
  let asked = 0;
  for (const [parent, replies] of Map.groupBy(rows, ({ parentId }) => parentId ?? '')) {
    const placement = placements.get(replies[0]?.externalId ?? '') ?? 'footer';
    const found = asked < commentsAtMost ? await storeRepliesTo(context, placement, parent) : null;
    asked += 1;
    for (const { externalId } of replies) {
      if (found?.has(externalId) === true) continue;
      weighed.push({ externalId, cause: found === null ? null : 'not_shown' });
    }
  }
  return weighed;
}

/** @returns what replies to it; null: it could not be asked */
async function storeRepliesTo(
  context: SyncContext,
  placement: Placement,
  parent: string,
): Promise<ReadonlySet<string> | null> {
  const found = new Set<string>();
  try {
    for (let cursor: string | null = null; ;) {
      const asOf = context.askedAt();
      const answer = context.reader.listReplies({ placement, to: parent, cursor });
      const next: string | null = await storeBatch(context, found, asOf, answer, prepareComments);
      if (next === null) return found;
      cursor = next;
    }
  } catch (error) {
    if (error instanceof NotFoundThere && found.size === 0) return found;
    if (!isRefusal(error)) throw error;
    await warn(context, `Whether the replies to comment ${parent} are gone could not be asked.`, error);
    return null;
  }
}
