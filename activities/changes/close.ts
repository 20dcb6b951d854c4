import { loadAccessOfChanged, loadUnlistedAccess } from '../access.ts';
import { loadContainers } from '../containers.ts';
import type { SyncContext } from '../context.ts';
import { loadPeople } from '../people.ts';
import { settle, startOf } from '../settle.ts';

/**
 * Makes visible what a run has taken in: folders above it, its restrictions and labels, groups and accounts that these
 * name for the first time, and the ACLs that follow. Without news it asks nothing.
 */
export async function closeChanges(context: SyncContext): Promise<void> {
  await readAccessOfTaken(context);
  await settle(context);
}

/** All of it but the ACLs, for whoever settles later. */
export async function readAccessOfTaken(context: SyncContext): Promise<void> {
  await loadContainers(context, await startOf(context));
  await loadAccessOfChanged(context);
  await loadUnlistedAccess(context);
  await loadPeople(context, 'newcomers');
}
