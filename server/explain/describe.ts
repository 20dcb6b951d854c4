import { shownTitle } from '../../search/title.ts';
import { loadObstacles, loadPlacesReadAt } from '../../store/explain-item.ts';
import { loadPerson } from '../../store/explain-person.ts';
import { loadRecordAccesses } from '../../store/record-access.ts';
import type { RecordRow } from '../../store/records-read.ts';
import type { Db } from '../../store/schema.ts';
import { presentAccess, type AccessAnswer } from '../api/present-access.ts';
import { loadTimes, unknownTimes } from './freshness.ts';

/** Whom an explanation is about. */
export interface Person {
  userId: string;
  email: string;
}

/**
 * Why a person can or cannot see some records: the same for the API, the pages and the command line. A handful of
 * statements, however many records.
 * @param everything for an administrator; to others only of what they may see themselves
 */
export async function describeAccess(
  db: Db,
  records: readonly RecordRow[],
  person: Person,
  everything: boolean,
): Promise<AccessAnswer[]> {
  const ids = records.map((record) => record.id);
  const [accesses, obstacles, placesReadAt, times, sites] = await Promise.all([
    loadRecordAccesses(db, ids, person),
    everything ? loadObstacles(db, ids) : null,
    loadPlacesReadAt(db, ids),
    loadTimes(db, [...new Set(records.map((record) => record.connectionId))]),
    loadPerson(db, person),
  ]);
  return records.flatMap((record) => {
    const access = accesses.get(record.id);
    if (access === undefined) return [];
    return presentAccess({
      record: { ...record, title: shownTitle(record.type, record.title, record.containerTitle) },
      person,
      access,
      everything,
      obstacles: obstacles?.get(record.id) ?? [],
      placesReadAt: placesReadAt.get(record.id) ?? null,
      times: times.get(record.connectionId) ?? unknownTimes,
      site: sites.find(({ connectionId }) => connectionId === record.connectionId) ?? null,
    });
  });
}
