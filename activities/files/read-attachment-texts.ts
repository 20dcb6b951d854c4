import type { SyncContext } from '../context.ts';

/** Reads the text of attachments that are wanted and whose present version has none yet. */
export async function readAttachmentTexts(_context: SyncContext): Promise<void> {}
