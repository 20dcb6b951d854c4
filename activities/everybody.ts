import { Unauthorized } from '../atlassian/errors.ts';
import { loadCheckpoint, saveCheckpoint } from '../store/checkpoints.ts';
import { logRun } from '../store/runs.ts';
import type { SyncContext } from './context.ts';
import { isRefusal, warn } from './refusals.ts';

const onceEveryMs = 24 * 3600_000;

/**
 * Account ids of all people of the site, once a day at most; none in between. Groups and restrictions do not name
 * everybody: a guest whom a space admits by an access class alone is heard of here, and so is a second account with the
 * same email, which makes that email prove nobody. It costs 2 points a person and a request for 200, and reaches 10,000
 * people. What is refused or cut short leaves the rest unknown, and whoever is unknown sees nothing.
 */
export async function listEverybody(context: SyncContext): Promise<string[]> {
  const { db, connectionId, runId } = context;
  const key = { connectionId, stream: 'everybody', scope: '' };
  const { highWater } = await loadCheckpoint(db, key, runId);
  const asOf = context.askedAt();
  if (highWater !== null && asOf.getTime() - highWater.getTime() < onceEveryMs) return [];
  try {
    const { accountIds, complete } = await context.reader.listPeople();
    context.checkpointReached(`${accountIds.length} people`);
    await saveCheckpoint(db, key, runId, { cursor: null, done: true, highWater: asOf });
    if (!complete) {
      const message = `Confluence lists ${accountIds.length} people at most. Guests beyond, whom no group names, see nothing here.`;
      await logRun(db, runId, [{ level: 'warning', message }]);
    }
    return accountIds;
  } catch (error) {
    // A gateway that names no scope in its refusal must not end the run; a credential that is dead will, elsewhere.
    if (!isRefusal(error) && !(error instanceof Unauthorized)) throw error;
    const message =
      'The people of the site could not be listed. Guests whom no group names see nothing here.';
    await warn(context, message, error);
    return [];
  }
}
