import { loadRun, logRun } from '../store/runs.ts';
import { settleAccess } from '../store/settle.ts';
import { openReadSpaces } from '../store/space-opening.ts';
import type { SyncContext } from './context.ts';

/** Since when the run's readings count. The database's clock stamps what is read, so never a time ahead of it. */
export async function startOf(context: SyncContext): Promise<Date> {
  const now = context.askedAt();
  const started = (await loadRun(context.db, context.runId))?.started_at ?? now;
  return started < now ? started : now;
}

/** Gives every record the ACL of its place, and says in the run's log how much has none. */
export async function settle(context: SyncContext): Promise<void> {
  const { settled, hidden } = await settleAccess(context.db, context.connectionId);
  await openReadSpaces(context.db, context.connectionId);
  context.checkpointReached(`settled ${settled}`);
  if (hidden === 0) return;
  const message = `${hidden} pages or folders are hidden from everybody: something above them, or their own restriction, is not known.`;
  await logRun(context.db, context.runId, [{ level: 'warning', message }]);
}
