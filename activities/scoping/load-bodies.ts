import type { SyncContext } from '../context.ts';

/** Reads the bodies of what is wanted and has none, or an older one. */
export async function loadBodies(_context: SyncContext): Promise<void> {}
