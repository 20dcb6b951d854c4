import type { RemovalShare } from '../../store/brake-shares.ts';

/** Below this many a share says nothing. */
export const askFrom = 20;
/** Percent, unless the settings say otherwise. */
export const usualAskAbove = 30;

/** Whether so many records may not go without an administrator's word. */
export function isTooMuch(found: number, total: number, askAbovePercent: number): boolean {
  return found >= askFrom && found * 100 > total * askAbovePercent;
}

/**
 * Whom an administrator is asked about: the connection as a whole, or else single spaces. What the site says of a space
 * as a whole (archived, in the trash, left out by the settings) is no surprise in that space, and counts for the
 * connection alone.
 */
export function brakesFor(shares: RemovalShare, askAbovePercent: number): 'connection' | string[] {
  const { connection, spaces } = shares;
  if (isTooMuch(connection.found, connection.total, askAbovePercent)) return 'connection';
  return spaces
    .filter(({ unexplained, total }) => isTooMuch(unexplained, total, askAbovePercent))
    .map(({ externalId }) => externalId);
}
