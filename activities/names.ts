import type { ConfluenceAccount } from '../atlassian/confluence/types.ts';
import { forgetAccounts, loadAccountNames, saveAccounts } from '../store/accounts.ts';
import type { SyncContext } from './context.ts';
import { isRefusal, warn } from './refusals.ts';

/** Confluence v2 `users-bulk` takes this many. */
const accountsPerRequest = 250;

/**
 * Reads accounts from the site and stores them. Ids that the site does not answer for are marked unknown, and so are
 * those that it refuses to tell of: whoever is unknown is nobody here, until the site tells again.
 */
export async function readAccounts(context: SyncContext, accountIds: readonly string[]): Promise<void> {
  for (let start = 0; start < accountIds.length; start += accountsPerRequest) {
    const wanted = accountIds.slice(start, start + accountsPerRequest);
    await readBatch(context, wanted);
    context.checkpointReached(`accounts ${start + wanted.length}`);
  }
}

async function readBatch(context: SyncContext, wanted: readonly string[]): Promise<void> {
  const { db, connectionId } = context;
  const asOf = context.askedAt();
  let accounts: ConfluenceAccount[] = [];
  try {
    accounts = await context.reader.readAccounts([...wanted]);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (error.code === 'bad_request' && wanted.length > 1) {
      // One id that the site does not take must not cost the others.
      const half = Math.ceil(wanted.length / 2);
      await readBatch(context, wanted.slice(0, half));
      await readBatch(context, wanted.slice(half));
      return;
    }
    await warn(context, `${wanted.length} accounts could not be read, so these people see nothing.`, error);
  }
  const answered = new Set(accounts.map((account) => account.accountId));
  await saveAccounts(db, connectionId, accounts, asOf);
  await forgetAccounts(
    db,
    connectionId,
    wanted.filter((id) => !answered.has(id)),
    asOf,
  );
}

/**
 * Names of the people whom bodies mention. Unknown ones are asked for in one request for the whole batch; a mention
 * must not cost the sync, so without the right to read users the names stay unknown.
 */
export async function namesOf(
  context: SyncContext,
  accountIds: ReadonlySet<string>,
): Promise<Map<string, string>> {
  if (accountIds.size === 0) return new Map();
  const ids = [...accountIds];
  const known = await loadAccountNames(context.db, context.connectionId, ids);
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length === 0) return known;
  await readAccounts(context, unknown);
  return loadAccountNames(context.db, context.connectionId, ids);
}
