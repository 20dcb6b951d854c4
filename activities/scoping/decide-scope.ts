import type { SyncContext } from '../context.ts';

/** Decides of every record that is stored whether it is wanted, and takes the bodies of those that are not. */
export async function decideScope(_context: SyncContext): Promise<void> {}
