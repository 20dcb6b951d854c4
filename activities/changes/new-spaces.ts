import { kindsRead } from '../../scope/kinds.ts';
import { clearSpaceDue, loadSpaceDue } from '../../store/outside-spaces.ts';
import { runStage, type Stream } from '../stream.ts';
import type { ConfluencePage } from '../../atlassian/confluence/types.ts';
import type { SyncContext } from '../context.ts';
import { listsBodies } from '../scoping/reading.ts';
import { forgetReachOfUnread } from '../scoping/unread.ts';
import { stages } from '../stages.ts';
import { together } from '../together.ts';
import { keysInScope, prepareNews } from './take-in.ts';

/**
 * Reads the pages and blog posts of spaces that came (back) with a past: taken in for the first time, opened to the
 * crawling account, back from the archive. What was said about them is read with what is due (discussion-due.ts).
 */
export async function loadNewSpaces(context: SyncContext): Promise<void> {
  const { db, connectionId } = context;
  const due = await loadSpaceDue(db, connectionId);
  if (due.length === 0) return;
  const inside = await keysInScope(context);
  const began = context.askedAt();
  const spaces = due.filter((id) => inside.has(id));
  const body = await listsBodies(context);
  const reads = kindsRead(context.connection.settings);
  await forgetReachOfUnread(context, ['page', 'blogpost', 'comment', 'attachment']);
  const kinds = (['page', 'blogpost'] as const).filter((name) => reads[name]);
  await together(
    kinds.map((name) => {
      const list = name === 'page' ? context.reader.listPages : context.reader.listBlogposts;
      const stage = stages[name].added;
      return runStage(
        context,
        stage,
        spaces.map((id): Stream<ConfluencePage> => ({
          stage,
          scope: id,
          read: (cursor) => list({ cursor, spaceIds: [id], status: ['current'], body }),
          prepare: (items, asOf) => prepareNews(context, items, asOf),
        })),
      );
    }),
  );
  for (const id of due) await clearSpaceDue(db, connectionId, id, began);
}
