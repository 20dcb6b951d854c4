import { decide } from '../../../scope/decide.ts';
import type { Reason } from '../../../scope/reasons.ts';
import type { Wanted } from '../../../scope/wanted.ts';
import type { ScopeFacts } from '../../../store/scope-facts.ts';

/** Examples of what comes and of what goes. */
export const samplesEach = 10;

/** What would become of stored records, by kind. */
export interface KindTally {
  added: number;
  removed: number;
  kept: number;
  /** Left out now, and then. */
  leftOut: number;
}

/** A count of what other settings would do with what is stored. */
export interface Tally {
  kinds: Map<string, KindTally>;
  /** By the rule that would leave out what is shown now. */
  removed: Map<Reason, number>;
  /** By the rule that leaves out now what would be shown then. */
  added: Map<Reason | null, number>;
  /** External ids of the first ones. */
  samples: { added: string[]; removed: string[] };
}

export function emptyTally(): Tally {
  return { kinds: new Map(), removed: new Map(), added: new Map(), samples: { added: [], removed: [] } };
}

/**
 * Adds a batch of stored records, each as a run with the settings would decide. What waits for its body is wanted
 * already, and counts as shown.
 */
export function tally(into: Tally, wanted: Wanted, batch: readonly ScopeFacts[]): void {
  for (const { state, reason, item, container } of batch) {
    const isIn = state === 'indexed' || state === 'waiting';
    const decision = decide(wanted, item, container);
    const of = into.kinds.get(item.kind) ?? { added: 0, removed: 0, kept: 0, leftOut: 0 };
    into.kinds.set(item.kind, of);
    if (decision.wanted) {
      of[isIn ? 'kept' : 'added'] += 1;
      if (!isIn) note(into.added, reason, into.samples.added, item.externalId);
    } else {
      of[isIn ? 'removed' : 'leftOut'] += 1;
      if (isIn) note(into.removed, decision.reason, into.samples.removed, item.externalId);
    }
  }
}

function note<T>(reasons: Map<T, number>, reason: T, samples: string[], id: string): void {
  reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  if (samples.length < samplesEach) samples.push(id);
}

export function sumOf({ kinds }: Tally): KindTally {
  const sum = { added: 0, removed: 0, kept: 0, leftOut: 0 };
  for (const one of kinds.values()) {
    for (const name of ['added', 'removed', 'kept', 'leftOut'] as const) sum[name] += one[name];
  }
  return sum;
}
