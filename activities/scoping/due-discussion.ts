import type { ConfluencePage } from '../../atlassian/confluence/types.ts';
import { hasListedDiscussion, holdersOfDueComments } from '../../store/bodies-due.ts';
import { addDiscussionDue } from '../../store/discussion-due.ts';
import { countKind } from '../../store/records-count.ts';
import { loadRun } from '../../store/runs.ts';
import { idsPerQuery } from '../access.ts';
import { reachOfDiscussion } from '../changes/past.ts';
import type { SyncContext } from '../context.ts';
import { stages } from '../stages.ts';
import { readFromBeginning } from './unread.ts';

/** Items in one answer of a listing. */
const perListing = 250;

const listings = [stages.footer.full, stages.inline.full, stages.attachment.full];

/**
 * Tells of a page or blog post that is wanted from now on whether its comments and attachments are to be asked for by
 * themselves: those that came while it was left out were left out with it.
 */
export async function discussionOf(context: SyncContext): Promise<(page: ConfluencePage) => boolean> {
  const listed = await listsDiscussion(context);
  if (listed !== 'no') return () => listed === 'over';
  const reached = await reachOfDiscussion(context);
  // What was made since the feeds were read last is in front of them, with all that was said about it.
  return (page) => reached !== null && page.createdAt < reached;
}

/**
 * Comments that are wanted again come with what is said about their pages, or, where that costs fewer requests, by one
 * walk over all comments.
 */
export async function readDueComments(context: SyncContext): Promise<void> {
  if ((await listsDiscussion(context)) === 'ahead') return;
  const { db, connectionId } = context;
  const holders = await holdersOfDueComments(db, connectionId);
  if (holders.length === 0) return;
  const comments = await countKind(db, connectionId, 'comment');
  // Of each hundred pages: what is said about them and what is attached.
  const byPage = 2 * Math.ceil(holders.length / idsPerQuery);
  if (byPage > Math.ceil(comments / perListing) + 1) return readFromBeginning(context, 'comment');
  await addDiscussionDue(db, connectionId, holders);
}

/** Whether this run lists the comments and attachments of the whole site: it is ahead, or begun and perhaps past them. */
async function listsDiscussion(context: SyncContext): Promise<'ahead' | 'over' | 'no'> {
  const { db, runId } = context;
  if ((await loadRun(db, runId))?.kind !== 'full') return 'no';
  return (await hasListedDiscussion(db, context, listings)) ? 'over' : 'ahead';
}
