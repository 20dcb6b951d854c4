import type { RecordKind } from '../store/schema.ts';

/**
 * What a record is called where it is shown by itself: a comment has no title of its own, so it takes its page's,
 * where the viewer may see that (`containerTitle` null: may not).
 */
export function shownTitle(type: RecordKind, title: string, containerTitle: string | null): string {
  if (type === 'comment') return containerTitle === null ? 'Comment' : `Comment on ${containerTitle}`;
  return title === '' ? 'Untitled' : title;
}
