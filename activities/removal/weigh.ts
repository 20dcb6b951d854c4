import type { RecordKind } from '../../store/schema.ts';
import { forgetShown } from '../../store/vanished.ts';
import { settleCauses, vanishedToWeigh, type VanishedRow } from '../../store/vanished-read.ts';
import { readAccessOfTaken } from '../changes/close.ts';
import type { SyncContext } from '../context.ts';
import { weighContainers } from './weigh-containers.ts';
import { weighContent, type Weighed } from './weigh-content.ts';
import { weighDiscussion } from './weigh-discussion.ts';

/** No more at a time than restrictions are asked for at once when all of it shows again. */
const weighedAtOnce = 1_000;

/**
 * Asks for what did not show, and settles why it is gone. What shows again is seen by nobody until the caller settles
 * access, once for all of it.
 * @returns how many were asked for
 */
export async function weighVanished(
  context: SyncContext,
  { since, everything }: { since: Date; everything: boolean },
): Promise<number> {
  const { db, connectionId } = context;
  let count = 0;
  for (let after = ''; ;) {
    const rows = await vanishedToWeigh(db, connectionId, { since, everything, after, limit: weighedAtOnce });
    if (rows.length === 0) break;
    const of = (...kinds: RecordKind[]) => rows.filter(({ kind }) => kinds.includes(kind));
    let shown = 0;
    for (const [kinds, weigh] of ways) {
      const some = of(...kinds);
      if (some.length === 0) continue;
      const asked = context.askedAt();
      const weighed = await weigh(context, some);
      await settleCauses(db, connectionId, weighed, asked);
      shown += some.length - weighed.length;
    }
    count += rows.length;
    // What was shown again needs its folders and restrictions, of no more content at a time than is asked for at once.
    if (shown > 0) await readAccessOfTaken(context);
    after = rows.at(-1)?.externalId ?? after;
  }
  if (count > 0) await forgetShown(db, connectionId);
  return count;
}

const ways: [RecordKind[], (context: SyncContext, rows: VanishedRow[]) => Promise<Weighed[]>][] = [
  [['page'], (context, rows) => weighContent(context, 'page', rows)],
  [['blogpost'], (context, rows) => weighContent(context, 'blogpost', rows)],
  [['folder', 'whiteboard', 'database', 'embed'], weighContainers],
  [['comment'], (context, rows) => weighDiscussion(context, 'comment', rows)],
  [['attachment'], (context, rows) => weighDiscussion(context, 'attachment', rows)],
];
