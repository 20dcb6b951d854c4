import type { Indexes } from './indexes.ts';
import type { Attachment, Comment, Content, ContentStatus, ContentType } from './types.ts';

export type Sort =
  | 'id'
  | '-id'
  | 'created-date'
  | '-created-date'
  | 'modified-date'
  | '-modified-date'
  | 'title'
  | '-title';

/** Absent fields do not narrow. */
export interface ContentQuery {
  types?: readonly ContentType[];
  statuses?: readonly ContentStatus[];
  spaceId?: string;
  label?: string;
}

export interface CommentQuery {
  kind?: Comment['kind'];
  statuses?: readonly Comment['status'][];
  /** Comments that reply to nothing. */
  rootsOnly?: boolean;
}

export interface AttachmentQuery {
  statuses?: readonly Attachment['status'][];
  label?: string;
}

/**
 * Sorted listings, each kept until a change of its kind. Ties are broken by id in the direction of the sort, so that
 * an order is total and a cursor can name its place.
 */
export interface Listings {
  content(query: ContentQuery, sort: Sort): readonly Content[];
  comments(query: CommentQuery, sort: Sort): readonly Comment[];
  attachments(query: AttachmentQuery, sort: Sort): readonly Attachment[];
  clear(kind?: 'content' | 'comments' | 'attachments'): void;
}

export function createListings(indexes: Indexes): Listings {
  const content = new Map<string, readonly Content[]>();
  const comments = new Map<string, readonly Comment[]>();
  const attachments = new Map<string, readonly Attachment[]>();
  return {
    content: ({ types, statuses, spaceId, label }, sort) =>
      remembered(content, [types?.toSorted(), statuses?.toSorted(), spaceId, label, sort], () =>
        sorted(
          indexes.world.content.filter(
            (item) =>
              (types === undefined || types.includes(item.type)) &&
              (statuses === undefined || statuses.includes(item.status)) &&
              (spaceId === undefined || item.spaceId === spaceId) &&
              (label === undefined || item.labels.includes(label)),
          ),
          sort,
        ),
      ),
    comments: ({ kind, statuses, rootsOnly = false }, sort) =>
      remembered(comments, [kind, statuses?.toSorted(), rootsOnly, sort], () =>
        sorted(
          indexes.world.comments.filter(
            (item) =>
              (kind === undefined || item.kind === kind) &&
              (statuses === undefined || statuses.includes(item.status)) &&
              (!rootsOnly || item.parentId === null),
          ),
          sort,
        ),
      ),
    attachments: ({ statuses, label }, sort) =>
      remembered(attachments, [statuses?.toSorted(), label, sort], () =>
        sorted(
          indexes.world.attachments.filter(
            (item) =>
              (statuses === undefined || statuses.includes(item.status)) &&
              (label === undefined || item.labels.includes(label)),
          ),
          sort,
        ),
      ),
    clear(kind) {
      if (kind === undefined || kind === 'content') content.clear();
      if (kind === undefined || kind === 'comments') comments.clear();
      if (kind === undefined || kind === 'attachments') attachments.clear();
    },
  };
}

type Sortable = { id: string; createdAt: string; version: { createdAt: string }; title?: string };

function sorted<T extends Sortable>(items: T[], sort: Sort): T[] {
  const descending = sort.startsWith('-');
  const key = sortKey(descending ? sort.slice(1) : sort);
  // Keys are computed once an item: comparing them is what 50,000 items spend their time on.
  const keyed = items.map((item) => ({ item, key: key(item), number: Number(item.id.replace(/^att/, '')) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.number - b.number));
  const result = keyed.map(({ item }) => item);
  return descending ? result.toReversed() : result;
}

/** What a listing is sorted by; cursors compare by the same. */
export function sortKey(field: string): (item: Sortable) => string | number {
  switch (field) {
    case 'created-date':
      return (item) => item.createdAt;
    case 'modified-date':
      return (item) => item.version.createdAt;
    case 'title':
      return (item) => (item.title ?? '').toLowerCase();
    default:
      return () => 0;
  }
}

function remembered<T>(cache: Map<string, readonly T[]>, parts: unknown[], make: () => T[]): readonly T[] {
  const key = JSON.stringify(parts);
  const known = cache.get(key);
  if (known !== undefined) return known;
  if (cache.size >= MOST_LISTINGS) cache.clear();
  const list = make();
  cache.set(key, list);
  return list;
}

/** A world of 500 spaces listed in a few ways each stays cached. */
const MOST_LISTINGS = 4000;
