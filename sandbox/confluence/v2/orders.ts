import type { Order } from '../keyset.ts';
import { sortKey, type Sort } from '../../world/listings.ts';
import type { Version } from '../../world/types.ts';

interface Dated {
  id: string;
  createdAt: string;
  version: Version;
  title?: string;
}

/** The keys by which the store sorts its listings: a cursor names a place in them. */
export function orderOf<T extends Dated>(sort: Sort): Order<T> {
  const descending = sort.startsWith('-');
  const name = descending ? sort.slice(1) : sort;
  return { name, descending, id: (item) => item.id, key: sortKey(name) };
}

const both = <T extends string>(...names: T[]): (T | `-${T}`)[] =>
  names.flatMap((name) => [name, `-${name}` as const]);

export const PAGE_SORTS: Sort[] = both('id', 'created-date', 'modified-date', 'title');
export const BLOGPOST_SORTS: Sort[] = both('id', 'created-date', 'modified-date');
export const COMMENT_SORTS: Sort[] = both('created-date', 'modified-date');
export const ATTACHMENT_SORTS: Sort[] = both('created-date', 'modified-date');
