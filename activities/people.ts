import PQueue from 'p-queue';
import { saveGroupMembers } from '../store/accounts.ts';
import { resting } from '../store/failures.ts';
import { accountsThatMatter, groupsThatMatter } from '../store/principals.ts';
import { closeStage, countBatch, noCounts, openStage } from '../store/runs.ts';
import type { SyncContext } from './context.ts';
import { listEverybody } from './everybody.ts';
import { readAccounts } from './names.ts';
import { isRefusal, warn } from './refusals.ts';

const concurrency = 6;

/**
 * Reads the members of the groups that matter (some layer names them, or they open the product), and the accounts of
 * everybody who could be admitted by any layer: one request a group, one for 250 accounts. 'newcomers': only groups
 * and accounts that were not read before; 'everybody' also people whom no group names (everybody.ts).
 */
export async function loadPeople(context: SyncContext, which: 'everybody' | 'newcomers'): Promise<void> {
  const { db, connectionId, runId } = context;
  const newcomersOnly = which === 'newcomers';
  const matter = await groupsThatMatter(db, connectionId, { unreadOnly: newcomersOnly });
  // A group that was refused is no newcomer: it is asked for again when its time has come (activities/retries/).
  const refused = newcomersOnly ? await resting(db, connectionId, 'people', matter) : new Set<string>();
  const groups = matter.filter((id) => !refused.has(id));
  await openStage(db, runId, 'people', null);
  const queue = new PQueue({ concurrency });
  await queue.addAll(groups.map((groupId) => () => loadMembers(context, groupId)));
  const listed = newcomersOnly ? [] : await listEverybody(context);
  const needed = await accountsThatMatter(db, connectionId, { unreadOnly: newcomersOnly });
  const accounts = [...new Set([...needed, ...listed])];
  await readAccounts(context, accounts);
  await countBatch(db, runId, 'people', noCounts, context.takeSpent(), accounts.length);
  await closeStage(db, runId, 'people', 'done');
}

/** Reads one group whole; a refusal is remembered, and such a group admits nobody. */
export async function loadMembers(context: SyncContext, groupId: string): Promise<void> {
  const { db, connectionId } = context;
  const asOf = context.askedAt();
  try {
    const members = await context.reader.listGroupMembers(groupId);
    await db.transaction().execute((trx) => saveGroupMembers(trx, connectionId, groupId, members, asOf));
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await warn(context, `The members of group ${groupId} could not be read, so it admits nobody.`, error, {
      stage: 'people',
      id: groupId,
      title: `group ${groupId}`,
    });
    await saveGroupMembers(db, connectionId, groupId, null, asOf);
  }
  context.checkpointReached(`group ${groupId}`);
}
