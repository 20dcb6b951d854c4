import { loadPermissionOverviews } from '../../store/permission-overview.ts';
import type { Db } from '../../store/schema.ts';
import { nextReading } from '../services/present-freshness.ts';

/** How fresh what is known of a connection's access is. Times are ISO 8601 in UTC. */
export interface Times {
  /** When a run that reads all access, or a permission sync, ended well last. */
  readAt: string | null;
  /** When what was read longest ago was read. */
  oldestReadAt: string | null;
  /** A change in Atlassian counts here within so many seconds, by the pace of the last runs. */
  promisedSeconds: number | null;
  /** When the next permission sync is due; null when none is planned, and before the first. */
  nextReadAt: string | null;
}

export const unknownTimes: Times = {
  readAt: null,
  oldestReadAt: null,
  promisedSeconds: null,
  nextReadAt: null,
};

/** By the id of the connection, of several in one statement. */
export async function loadTimes(db: Db, connectionIds: readonly string[]): Promise<Map<string, Times>> {
  const overviews = await loadPermissionOverviews(db, connectionIds);
  const now = new Date();
  return new Map(
    [...overviews].map(([id, known]) => [
      id,
      {
        readAt: known.readAt?.toISOString() ?? null,
        oldestReadAt: known.oldestReadAt?.toISOString() ?? null,
        promisedSeconds: known.promisedSeconds,
        nextReadAt: nextReading(known, now)?.toISOString() ?? null,
      },
    ]),
  );
}
