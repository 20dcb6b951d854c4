import { countKind } from '../store/records-count.ts';
import type { SyncContext } from './context.ts';
import { isRefusal } from './refusals.ts';

/**
 * About how many items of a kind a listing will bring, so that progress has an end to show: what is stored from the last
 * run, else one question to Atlassian. null where neither tells.
 */
export async function estimate(
  context: SyncContext,
  kind: 'page' | 'comment' | 'attachment',
): Promise<number | null> {
  const stored = await countKind(context.db, context.connectionId, kind);
  if (stored > 0) return stored;
  try {
    return await context.reader.count(`type = ${kind}`);
  } catch (error) {
    // Progress is worth no failure; the listing itself will say what is wrong.
    if (isRefusal(error)) return null;
    throw error;
  }
}
