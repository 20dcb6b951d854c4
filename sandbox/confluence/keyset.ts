import { Refusal } from './route.ts';

/**
 * A total order over items: by `key`, then by id, both in the same direction. `name` marks cursors, so that one of
 * another order is refused. Ids compare as numbers where they are (without the `att` of attachments).
 */
export interface Order<T> {
  name: string;
  key: (item: T) => string | number;
  id: (item: T) => string;
  descending: boolean;
}

interface Place {
  key: string | number;
  id: string;
}

/** One page of a listing, and the cursor of the next one, if there is any. */
export interface Slice<T> {
  items: T[];
  cursor: string | undefined;
}

/**
 * The items after the cursor that `accept` lets pass, up to `limit`. `sorted` must be in `order`; the place is found
 * by halving and then walked, so that a page costs what it holds and what it hides, not what the listing holds. A
 * cursor names the last item by key and id: items that come or go elsewhere neither repeat nor lose others.
 */
export function slice<T>(
  sorted: readonly T[],
  order: Order<T>,
  { cursor, limit, accept }: { cursor: string | undefined; limit: number; accept: (item: T) => boolean },
): Slice<T> {
  const items: T[] = [];
  for (
    let at = cursor === undefined ? 0 : after(sorted, order, decode(cursor, order));
    at < sorted.length;
    at += 1
  ) {
    const item = sorted[at]!;
    if (!accept(item)) continue;
    if (items.length === limit) {
      const last = items[limit - 1]!;
      return { items, cursor: encode(order, { key: order.key(last), id: order.id(last) }) };
    }
    items.push(item);
  }
  return { items, cursor: undefined };
}

/** Sorts what no listing keeps sorted, such as the few spaces of a site. */
export function inOrder<T>(items: readonly T[], order: Order<T>): T[] {
  return items.toSorted((a, b) => compare(order, a, { key: order.key(b), id: order.id(b) }));
}

function after<T>(sorted: readonly T[], order: Order<T>, place: Place): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(order, sorted[middle]!, place) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

function compare<T>(order: Order<T>, item: T, place: Place): number {
  const key = order.key(item);
  const sign = order.descending ? -1 : 1;
  if (key !== place.key) return key < place.key ? -sign : sign;
  return sign * compareIds(order.id(item), place.id);
}

function compareIds(a: string, b: string): number {
  const [x, y] = [Number(a.replace(/^att/, '')), Number(b.replace(/^att/, ''))];
  if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
  if (!Number.isNaN(x)) return x - y;
  return a < b ? -1 : a > b ? 1 : 0;
}

function encode<T>(order: Order<T>, place: Place): string {
  return seal([nameOf(order), place.key, place.id]);
}

function decode<T>(cursor: string, order: Order<T>): Place {
  const [name, key, id] = unseal(cursor);
  if (
    name !== nameOf(order) ||
    (typeof key !== 'string' && typeof key !== 'number') ||
    typeof id !== 'string'
  )
    throw invalidCursor(cursor);
  return { key, id };
}

function nameOf<T>(order: Order<T>): string {
  return order.descending ? `-${order.name}` : order.name;
}

/** Any list of plain values as an opaque word that is safe in a URL. */
export function seal(parts: unknown[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

export function unseal(cursor: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(parts)) return parts;
  } catch {
    // Not one of ours.
  }
  throw invalidCursor(cursor);
}

function invalidCursor(cursor: string): Refusal {
  return new Refusal(400, `Provided value {${cursor}} for 'cursor' is not a valid cursor`);
}
