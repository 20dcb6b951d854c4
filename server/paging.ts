import { InvalidInput, NotFound } from '../errors.ts';
import type { PageRequest } from './services/contracts.ts';
import type { Page } from './views.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The id itself; one that PostgreSQL could not even compare is as absent as one that does not exist. @throws NotFound */
export function idOf(what: string, id: string): string {
  if (!uuid.test(id)) throw new NotFound(what);
  return id.toLowerCase();
}

export function limitOf(page: PageRequest | undefined): number {
  const limit = page?.limit ?? 50;
  if (!Number.isInteger(limit) || limit < 1 || limit > 200) {
    throw new InvalidInput({ limit: 'A whole number from 1 to 200.' });
  }
  return limit;
}

/** The key that a cursor holds; null for the first page. @throws InvalidInput on one that we did not give out. */
export function cursorOf(page: PageRequest | undefined, pattern: RegExp): string | null {
  if (page?.cursor === undefined) return null;
  const key = Buffer.from(page.cursor, 'base64url').toString('utf8');
  if (!pattern.test(key)) {
    throw new InvalidInput({
      cursor: 'Not a cursor of this list. Leave it out to start from the beginning.',
    });
  }
  return key;
}

export const cursorPatterns = { uuid, number: /^\d{1,18}$/, text: /^[^\0]{1,400}$/ };

/** Cuts what was read with `limit + 1` to a page. */
export function pageOf<Row, View>(
  rows: Row[],
  limit: number,
  keyOf: (row: Row) => string,
  present: (row: Row) => View,
): Page<View> {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    items: shown.map(present),
    nextCursor: last === undefined ? null : Buffer.from(keyOf(last)).toString('base64url'),
  };
}
