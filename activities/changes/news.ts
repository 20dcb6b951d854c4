import type { PlaceWrite } from '../../store/records.ts';
import type { StoredRecord } from '../../store/records-stored.ts';
import type { RunChange } from '../../store/run-changes.ts';

/**
 * How much of an answer is stored. 'everything': what has not changed is noted as seen by the run, so that a whole
 * reading knows what it did not see. 'news': what has not changed is not touched, and nothing is read of it again.
 */
export type Keep = 'everything' | 'news';

type Place = Pick<PlaceWrite, 'spaceId' | 'parentId' | 'containerId' | 'status' | 'url'>;

/** What an answer tells of an item, beside what is stored of it. */
export interface Judged {
  /** Its content is not what is stored: it must be written. */
  changed: boolean;
  /** Something about it is news, be it its place alone. */
  news: boolean;
  changes: RunChange[];
}

/** In place of a digest, which takes a body. */
const listed = 'listed';

/**
 * Tells what is news about a page that was listed without its body: by version, title and place. That something is new
 * or edited is told when its body is read; of what is left out nobody is told anything.
 */
export function judgeListed(
  stored: StoredRecord | undefined,
  item: { version: number; title: string } & Place,
): Judged {
  if (stored === undefined) return { changed: true, news: true, changes: [] };
  const changed = stored.version !== item.version || stored.title !== item.title;
  // It has a place, also where it never had a body.
  const known = { ...stored, digest: listed, state: 'indexed' as const, bodyDue: false };
  const { news, changes } = judge(known, { ...item, digest: listed });
  const isTold = stored.state === 'indexed' || stored.state === 'pending';
  return { changed, news: news || changed, changes: isTold ? changes : [] };
}

/** Tells what is news about an item. A place that the answer does not tell (null space of a comment) is no news. */
export function judge(
  stored: StoredRecord | undefined,
  item: { digest: string; title: string } & Place,
): Judged {
  if (stored === undefined) return { changed: true, news: true, changes: ['added'] };
  const isMissing = stored.bodyDue && (stored.state === 'indexed' || stored.state === 'waiting');
  const changed = stored.digest !== item.digest || isMissing;
  // A folder that something hangs below is stored before it is read, and a page that is wanted from now on before its body.
  const isFirst = stored.digest === '' || stored.state === 'waiting';
  const moved =
    !isFirst &&
    (stored.parentId !== item.parentId || (item.spaceId !== null && stored.spaceId !== item.spaceId));
  const changes: RunChange[] = [];
  if (isFirst) changes.push('added');
  else if (changed) changes.push(stored.title === item.title ? 'updated' : 'retitled');
  if (moved) changes.push('moved');
  if (stored.hidden && !isFirst) changes.push('restored');
  const elsewhere = stored.containerId !== item.containerId;
  const readdressed = stored.url !== item.url || stored.status !== item.status;
  return { changed, news: changed || moved || stored.hidden || elsewhere || readdressed, changes };
}

/** How often each change occurs. */
export function countChanges(judged: readonly Judged[]): Partial<Record<RunChange, number>> {
  const counts: Partial<Record<RunChange, number>> = {};
  for (const { changes } of judged) for (const one of changes) counts[one] = (counts[one] ?? 0) + 1;
  return counts;
}
