import type { SyncContext } from '../context.ts';
import { standingOf, type Standing } from './verdict.ts';

/** v2 listings of spaces take this many ids. */
const idsPerListing = 250;

/** What the site says now of some spaces, asked for by id; those that it does not answer for are `unlisted`. */
export async function standingsOf(
  { reader, connection }: SyncContext,
  spaceIds: readonly (string | null)[],
): Promise<Map<string, Standing>> {
  const wanted = [...new Set(spaceIds)].flatMap((id) => id ?? []);
  const standings = new Map<string, Standing>(wanted.map((id) => [id, 'unlisted']));
  for (let start = 0; start < wanted.length; start += idsPerListing) {
    const ids = wanted.slice(start, start + idsPerListing);
    let cursor: string | null = null;
    do {
      const batch = await reader.listSpaces({ cursor, ids });
      for (const space of batch.items) standings.set(space.id, standingOf(connection.settings, space));
      cursor = batch.next;
    } while (cursor !== null);
  }
  return standings;
}
