import type { Decision } from './decide.ts';
import type { Reason } from './reasons.ts';

/** What a full sync would do with an item, and why where it is not wanted. */
export interface Outcome {
  outcome: 'add' | 'update' | 'keep' | 'remove' | 'leave_out';
  reason: Reason | null;
}

/** What of an item is stored, and whether the site tells something else of it by now. */
export interface StoredThen {
  /** Members may see it, or it is to be read next. */
  indexed: boolean;
  changed: boolean;
}

/** @param stored null: nothing of it */
export function outcomeOf(decision: Decision, stored: StoredThen | null): Outcome {
  const indexed = stored?.indexed === true;
  if (!decision.wanted) return { outcome: indexed ? 'remove' : 'leave_out', reason: decision.reason };
  if (!indexed) return { outcome: 'add', reason: null };
  return { outcome: stored?.changed === true ? 'update' : 'keep', reason: null };
}

/**
 * Points that a full sync spends on an item: one for each object in an answer. Pages and blog posts are listed, with or
 * without their body, and once more with labels and restrictions; where they must be looked at one by one, the body of a
 * wanted one is a third.
 */
export function pointsOf(
  { outcome }: Pick<Outcome, 'outcome'>,
  kind: string,
  { selective }: { selective: boolean },
): number {
  if (kind === 'comment' || kind === 'attachment') return 1;
  if (kind !== 'page' && kind !== 'blogpost') return 2;
  const bodyApart = selective && (outcome === 'add' || outcome === 'update');
  return bodyApart ? 3 : 2;
}
