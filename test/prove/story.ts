import fc from 'fast-check';
import type { FaultRuleInput } from '../../sandbox/faults.ts';
import { randomChange, type Change } from '../oracle/changes.ts';
import { randomPlan, type Plan, type Size } from '../oracle/worlds.ts';
import { randomFailure } from '../sync/failing-calls.ts';
import type { RunKind } from '../sync/harness.ts';

/** What happens between two moments at which everything must be exactly right. */
export interface Round {
  /** One change, read by a run of some kind while calls fail; or several, read by a full run. */
  changes: Change[];
  kind: RunKind;
  failures: FaultRuleInput[];
}

/** A company and what becomes of it. The same seed tells the same story. */
export interface Story {
  seed: number;
  plan: Plan;
  rounds: Round[];
}

/** Small companies show more kinds of mistakes a minute, large ones more pairs; they take turns. */
const sizes: (Size | undefined)[] = [
  undefined,
  { people: 24, groups: 8, spaces: 5, items: 110, comments: 40, attachments: 30 },
  undefined,
  { people: 48, groups: 14, spaces: 9, items: 320, comments: 120, attachments: 80 },
];

export function storyOf(seed: number): Story {
  const spoiled = fc.record({
    changes: fc.array(randomChange(), { minLength: 1, maxLength: 1 }),
    kind: fc.constantFrom<RunKind>('full', 'incremental', 'permissions'),
    failures: fc.array(randomFailure(), { maxLength: 2 }),
  });
  const busy = fc.record({
    changes: fc.array(randomChange(), { minLength: 2, maxLength: 8 }),
    kind: fc.constant<RunKind>('full'),
    failures: fc.constant<FaultRuleInput[]>([]),
  });
  const story = fc.record({
    plan: randomPlan(sizes[seed % sizes.length]),
    rounds: fc.array(fc.oneof(spoiled, spoiled, busy), { minLength: 4, maxLength: 8, size: 'max' }),
  });
  const [told] = fc.sample(story, { seed, numRuns: 1 });
  if (told === undefined) throw new Error(`Seed ${seed} tells no story.`);
  return { seed, ...told };
}
