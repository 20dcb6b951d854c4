import { wantedOf, type Wanted } from './decide.ts';
import type { WantedSettings } from './settings.ts';

/** Kinds that Confluence lists by themselves. Folders and the like are found as parents of these. */
export type ListedKind = 'page' | 'blogpost' | 'comment' | 'attachment';

/** Which kinds the settings ask Confluence for at all. What is off is requested by no run. */
export function kindsRead(settings: WantedSettings): Record<ListedKind, boolean> {
  return kindsWanted(wantedOf(settings));
}

/** The same of settings that are made ready. */
export function kindsWanted(wanted: Wanted): Record<ListedKind, boolean> {
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
  settings: WantedSettings,
  kind: 'comment' | 'attachment',
): ('page' | 'blogpost')[] {
  return holdersOf(wantedOf(settings), kind);
}

/** The kinds themselves. */
export function listedKinds(wanted: Wanted): ListedKind[] {
  const wants = kindsWanted(wanted);
  return (Object.keys(wants) as ListedKind[]).filter((kind) => wants[kind]);
}

function contentRead(wanted: Wanted): ('page' | 'blogpost')[] {
  const read: ('page' | 'blogpost')[] = [];
  if (wanted.pages && admits(wanted, 'page')) read.push('page');
  if (wanted.blogposts && admits(wanted, 'blogpost')) read.push('blogpost');
  return read;
}

/** As `holdersRead`, of settings that are made ready. */
export function holdersOf(wanted: Wanted, kind: 'comment' | 'attachment'): ('page' | 'blogpost')[] {
  if (!admits(wanted, kind)) return [];
  const ofPages = kind === 'comment' ? wanted.pageComments : wanted.pageAttachments;
  const ofPosts = kind === 'comment' ? wanted.blogpostComments : wanted.blogpostAttachments;
  return contentRead(wanted).filter((holder) => (holder === 'page' ? ofPages : ofPosts));
}

function admits({ contentTypes }: Wanted, kind: ListedKind): boolean {
  return contentTypes === null || contentTypes.in === contentTypes.values.has(kind);
}
