import type { SyncContext } from '../context.ts';
import { closeChanges } from './close.ts';
import { loadChangedContent } from './content.ts';
import { loadDueDiscussion } from './discussion-due.ts';
import { loadChangedDiscussion } from './discussion.ts';
import { followLabels } from './follow-labels.ts';
import { followSpaces } from './follow-spaces.ts';
import { loadNewSpaces } from './new-spaces.ts';
import { loadTrashed } from './trashed.ts';

/**
 * The first half of an incremental run: spaces, what went into the trash, changed pages and blog posts with all that
 * decides who sees them. What went is read before what changed, so that what came back meanwhile is shown.
 */
export async function readChangedContent(context: SyncContext): Promise<void> {
  await followSpaces(context);
  await loadTrashed(context);
  await loadChangedContent(context);
  await loadNewSpaces(context);
  await followLabels(context);
  await closeChanges(context);
}

/** The second half: what was said and attached, which changes by itself, and of content that came back with a past. */
export async function readChangedDiscussion(context: SyncContext): Promise<void> {
  await loadChangedDiscussion(context);
  await loadDueDiscussion(context);
}
