import type { SyncContext } from '../context.ts';

/** Renders anew, from what is stored, the bodies that were rendered by other content rules than the present ones. */
export async function renderStored(_context: SyncContext): Promise<void> {}
