import { loadHighWater } from '../../store/checkpoints.ts';
import type { SyncContext } from '../context.ts';
import { stages } from '../stages.ts';
import { overlapMs } from './reach.ts';

/**
 * Content that was made after this, by the source's clock, has no comment or attachment that the feeds of changes miss;
 * what was said about older content that is new here is asked for by itself. null: the feeds reach everything.
 */
export async function reachOfDiscussion({ db, connectionId }: SyncContext): Promise<Date | null> {
  const reached = await Promise.all(
    ([stages.footer, stages.inline, stages.comment, stages.attachment] as const).map(({ feed, full }) =>
      loadHighWater(db, connectionId, { feed, listing: full }),
    ),
  );
  const times = reached.flatMap((time) => (time === null ? [] : [time.getTime()]));
  return times.length === 0 ? null : new Date(Math.max(...times) - overlapMs);
}
