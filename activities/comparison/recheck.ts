import { canSee } from '../../permissions/can-see.ts';
import { loadAccountPrincipals } from '../../store/account-principals.ts';
import { loadPaths } from '../../store/path-layers.ts';
import { askAgain, loadOpenChecks, resolveCheck, type OpenCheck } from '../../store/permission-checks.ts';
import type { SyncContext } from '../context.ts';
import { isRefusal } from '../refusals.ts';
import { dueOf } from './due.ts';

/** Open disagreements asked about in one permission sync. */
const recheckedAtMost = 100;

/**
 * Asks again about every open disagreement, after what led to it was read again. What agrees now is resolved, and shown
 * again; what does not stays open, and is read and asked about each time until it does.
 */
export async function recheckOpen(context: SyncContext): Promise<void> {
  const { db, connectionId } = context;
  const open = await loadOpenChecks(db, connectionId, recheckedAtMost);
  if (open.length === 0) return;
  const paths = await loadPaths(db, connectionId, [...new Set(open.map((check) => check.externalId))]);
  const people = await loadAccountPrincipals(db, connectionId, [
    ...new Set(open.map((one) => one.accountId)),
  ]);
  for (const check of open) {
    const path = paths.get(check.externalId);
    if (path === undefined) {
      await resolve(context, check, 'The page is gone here, and nobody is shown it.');
      continue;
    }
    const ours = canSee(people.get(check.accountId) ?? new Set(), path.layers);
    const theirs = await theirWord(context, check);
    if (theirs === null) continue;
    if (ours === theirs) await resolve(context, check, agreement(ours));
    else await askAgain(db, connectionId, dueOf(check.accountId, path.layers ?? [], path));
  }
}

/** null: Confluence does not answer, so the disagreement stays. */
async function theirWord(context: SyncContext, check: OpenCheck): Promise<boolean | null> {
  try {
    const word = await context.reader.checkPermission(check.externalId, check.accountId);
    context.checkpointReached(`compared ${check.externalId} again`);
    return word;
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
}

async function resolve({ db, connectionId }: SyncContext, check: OpenCheck, words: string): Promise<void> {
  await db.transaction().execute((trx) => resolveCheck(trx, connectionId, check, words));
}

function agreement(visible: boolean): string {
  return `Read again, both say ${visible ? 'yes' : 'no'}: what was stored was out of date.`;
}
