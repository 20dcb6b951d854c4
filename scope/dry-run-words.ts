import { reasonWords } from './reason-words.ts';
import type { Reason } from './reasons.ts';

export const dryRunOutcomes = ['add', 'update', 'remove', 'fail', 'leave_out', 'keep'] as const;
export type DryRunOutcomeName = (typeof dryRunOutcomes)[number];

/** What a sync would do with so many items. */
export const outcomeWords: Record<DryRunOutcomeName, string> = {
  add: 'Would be added',
  update: 'Would be updated',
  remove: 'Would be removed',
  fail: 'Could not be read',
  leave_out: 'Would be left out',
  keep: 'Would stay as they are',
};

/** Why, in a few words; null where there is nothing to say. */
export function dryRunReason(reason: string | null): string | null {
  if (reason === null) return null;
  if (reason === 'notListed') return 'the site does not list it any more';
  if (reason === 'unreadable') return 'the site refused it';
  return Object.hasOwn(reasonWords, reason) ? reasonWords[reason as Reason] : reason;
}
