import { isSelective, wantedOf, type Wanted } from '../../scope/decide.ts';
import { loadWanted } from '../../store/scope-wanted.ts';
import type { ConnectionSettings } from '../../store/schema.ts';
import type { SyncContext } from '../context.ts';

/** Kinds that are listed by themselves. Folders and the like are found as parents of these. */
export type ListedKind = 'page' | 'blogpost' | 'comment' | 'attachment';

/** Of one word each: what the settings ask Confluence for at all. What is off is requested by no run. */
export function kindsRead(settings: ConnectionSettings): Record<ListedKind, boolean> {
  const wanted = wantedOf(settings);
  const content = contentRead(wanted);
  return {
    page: content.includes('page'),
    blogpost: content.includes('blogpost'),
    comment: holdersOf(wanted, 'comment').length > 0,
    attachment: holdersOf(wanted, 'attachment').length > 0,
  };
}

/** The kinds of content whose comments, or attachments, are wanted. */
export function holdersRead(
  settings: ConnectionSettings,
  kind: 'comment' | 'attachment',
): ('page' | 'blogpost')[] {
  return holdersOf(wantedOf(settings), kind);
}

/**
 * Whether listings bring bodies. Where each page is decided by its own facts, they bring places and metadata, and bodies
 * are read by id of what is wanted alone (load-bodies.ts).
 */
export async function listsBodies({ db, connectionId, connection }: SyncContext): Promise<boolean> {
  return !isSelective(await loadWanted(db, connectionId, connection.settings));
}

function contentRead(wanted: Wanted): ('page' | 'blogpost')[] {
  const read: ('page' | 'blogpost')[] = [];
  if (wanted.pages && admits(wanted, 'page')) read.push('page');
  if (wanted.blogposts && admits(wanted, 'blogpost')) read.push('blogpost');
  return read;
}

function holdersOf(wanted: Wanted, kind: 'comment' | 'attachment'): ('page' | 'blogpost')[] {
  if (!admits(wanted, kind)) return [];
  const ofPages = kind === 'comment' ? wanted.pageComments : wanted.pageAttachments;
  const ofPosts = kind === 'comment' ? wanted.blogpostComments : wanted.blogpostAttachments;
  return contentRead(wanted).filter((holder) => (holder === 'page' ? ofPages : ofPosts));
}

function admits({ contentTypes }: Wanted, kind: ListedKind): boolean {
  return contentTypes === null || contentTypes.in === contentTypes.values.has(kind);
}
