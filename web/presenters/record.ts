import type { IconName } from '../icons.ts';

const kinds: Record<string, { word: string; many: string; icon: IconName }> = {
  page: { word: 'Page', many: 'Pages', icon: 'page' },
  blogpost: { word: 'Blog post', many: 'Blog posts', icon: 'blogpost' },
  comment: { word: 'Comment', many: 'Comments', icon: 'comment' },
  attachment: { word: 'Attachment', many: 'Attachments', icon: 'attachment' },
  folder: { word: 'Folder', many: 'Folders', icon: 'folder' },
  whiteboard: { word: 'Whiteboard', many: 'Whiteboards', icon: 'whiteboard' },
  database: { word: 'Database', many: 'Databases', icon: 'database' },
  embed: { word: 'Smart link', many: 'Smart links', icon: 'embed' },
};

/** The kind of a record in words, singular and plural, with its icon; an unknown kind is shown as it is. */
export function recordKind(kind: string): { word: string; many: string; icon: IconName } {
  return kinds[kind] ?? { word: kind, many: kind, icon: 'page' };
}

/** The places above a record, without a space's home page that only says the space's name again. */
export function placesBelow<T extends { title: string }>(space: { name: string } | null, places: T[]): T[] {
  return places.filter((place, index) => index > 0 || place.title !== space?.name);
}
