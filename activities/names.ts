import { forgetAccounts, loadAccountNames, saveAccounts } from '../store/accounts.ts';
import type { SyncContext } from './context.ts';

/** Confluence v2 `users-bulk` takes this many. */
const accountsPerRequest = 250;

/** Reads accounts from the site and stores them; ids that the site does not answer for are marked unknown. */
export async function readAccounts(context: SyncContext, accountIds: readonly string[]): Promise<void> {
  for (let start = 0; start < accountIds.length; start += accountsPerRequest) {
    const wanted = accountIds.slice(start, start + accountsPerRequest);
    const asOf = context.askedAt();
    const accounts = await context.reader.readAccounts(wanted);
    const answered = new Set(accounts.map((account) => account.accountId));
    await saveAccounts(context.db, context.connectionId, accounts, asOf);
    await forgetAccounts(
      context.db,
      context.connectionId,
      wanted.filter((id) => !answered.has(id)),
      asOf,
    );
    context.checkpointReached(`accounts ${start + wanted.length}`);
  }
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

const mention = /ri:account-id="([^"]+)"/g;

/** Account ids that storage-format bodies mention. */
export function mentionedAccounts(bodies: Iterable<string>): Set<string> {
  const ids = new Set<string>();
  for (const body of bodies) {
    for (const found of body.matchAll(mention)) if (found[1] !== undefined) ids.add(found[1]);
  }
  return ids;
}
