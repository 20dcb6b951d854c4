import type { SyncContext } from '../context.ts';

/** Reads what is due, then what was read longest ago. */
export async function readDue(_context: SyncContext): Promise<void> {}
