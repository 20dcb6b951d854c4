import { cqlIn } from '../../atlassian/confluence/cql.ts';
import type { RemovalCause } from '../../store/schema.ts';
import { whoListedReplies } from '../../store/comment-listings.ts';
import type { VanishedRow } from '../../store/vanished-read.ts';
import { prepareAttachments } from '../attachments.ts';
import { prepareComments } from '../comments.ts';
import type { SyncContext } from '../context.ts';
import { isRefusal, warn } from '../refusals.ts';
import { storeBatch } from './shown-discussion.ts';
import type { Weighed } from './weigh-content.ts';
import { weighReplies } from './weigh-replies.ts';

/** Pages in one question: what is said about each comes with the answer. */
const containersPerQuery = 25;

/** null: the search was refused. */
type Found = Set<string> | null;

/**
 * Comments or attachments that did not show. They have no listing by id, so the search for what belongs to their pages
 * is the second witness: what it holds is stored again. What it does not hold either is gone where a complete listing
 * missed it; where only an absence speaks against it, it stays hidden. Where no listing holds replies, the search is what
 * missed these, and cannot be the second witness too: they are asked for by the comment that they reply to.
 */
export async function weighDiscussion(
  context: SyncContext,
  kind: 'comment' | 'attachment',
  rows: readonly VanishedRow[],
): Promise<Weighed[]> {
  const weighed: Weighed[] = [];
  const asked: VanishedRow[] = [];
  for (const row of rows) {
    const cause = causeOf(row);
    if (cause === undefined) asked.push(row);
    else weighed.push({ externalId: row.externalId, cause });
  }
  const isListed = kind === 'comment' && (await whoListedReplies(context.db, context.connectionId)) !== null;
  const unfound: VanishedRow[] = [];
  const containers = [...new Set(asked.flatMap(({ containerId }) => containerId ?? []))];
  for (let start = 0; start < containers.length; start += containersPerQuery) {
    const some = containers.slice(start, start + containersPerQuery);
    const found = await storeDiscussionOf(context, kind, some);
    for (const row of asked) {
      if (!some.includes(row.containerId ?? '') || found?.has(row.externalId) === true) continue;
      const isProof = row.evidence === 'unlisted' && (found !== null || !isReply(row));
      if (isProof && isReply(row) && !isListed) unfound.push(row);
      else weighed.push({ externalId: row.externalId, cause: isProof ? 'not_shown' : null });
    }
  }
  if (unfound.length > 0) weighed.push(...(await weighReplies(context, unfound)));
  return weighed;
}

/** What needs no question; undefined: it does. What belongs to something hidden goes, or comes back, with that. */
function causeOf({ evidence, containerId, containerShown }: VanishedRow): RemovalCause | null | undefined {
  if (evidence === 'trashed' || evidence === 'archived' || evidence === 'deleted') return evidence;
  if (containerId === null) return 'container_gone';
  return containerShown === true ? undefined : null;
}

/** Listings may hold the comments alone that reply to nothing, so that a reply's absence says little. */
function isReply({ kind, parentId }: VanishedRow): boolean {
  return kind === 'comment' && parentId !== null;
}

/** Reads and stores what the search holds of some pages' comments or attachments. */
async function storeDiscussionOf(
  context: SyncContext,
  kind: 'comment' | 'attachment',
  containers: readonly string[],
): Promise<Found> {
  const cql = `${cqlIn('container', containers)} and type = ${kind}`;
  const found = new Set<string>();
  try {
    for (let cursor: string | null = null; ;) {
      const asOf = context.askedAt();
      const next: string | null = await (kind === 'comment'
        ? storeBatch(context, found, asOf, context.reader.searchComments({ cql, cursor }), prepareComments)
        : storeBatch(
            context,
            found,
            asOf,
            context.reader.searchAttachments({ cql, cursor }),
            prepareAttachments,
          ));
      if (next === null) return found;
      cursor = next;
    }
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await warn(context, `Whether ${containers.length} pages' ${kind}s are gone could not be asked.`, error);
    return null;
  }
}
