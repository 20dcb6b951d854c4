import type { SyncContext } from './context.ts';
import { isRefusal, warn } from './refusals.ts';

/**
 * Whether the site shows anything to visitors who have not signed in, asked only where the connection's administrator
 * shows that to everyone here. A space keeps its permission for visitors while the site as a whole shuts them out, so
 * the site itself is asked: one request. What is not known counts as no.
 */
export async function readVisitors(context: SyncContext): Promise<boolean> {
  if (context.connection.settings.permissions?.anonymousAccess !== 'everyone') return false;
  try {
    return await context.reader.readVisitorsMayUse();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const message =
      'Whether the site is open to visitors could not be read, so only people whose account is known see anything.';
    await warn(context, message, error);
    return false;
  }
}
