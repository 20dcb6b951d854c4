import type { PermissionDueKind } from '../../store/schema.ts';

export const unitKinds = ['product', 'space', 'group', 'account', 'content'] as const;

/** A number for each kind of thing that decides about access. */
export type PerKind<T> = Record<PermissionDueKind, T>;

/**
 * What reading all things of one kind once would cost, in the currency of the connection: points where an app's quota
 * counts them, else requests.
 */
export interface KindLoad {
  cost: number;
  /** The most that one step costs: the largest group, a batch of content. Steps are not cut. */
  largest: number;
  /** Spent on this kind in each of the intervals before, oldest first; `windowRuns` of them count. */
  spent: readonly number[];
}

export interface Plan {
  /** How much this run may spend on each kind, longest unread first; Infinity where everything is read. */
  budgets: PerKind<number>;
  /** Runs until everything has been read, at this pace. */
  cycleRuns: number;
}

/** Overspending (a group that is larger than a run's share) is paid back within this many runs. */
export const windowRuns = 16;

/**
 * Divides what a run may spend. Where it is enough for everything, everything is read. Else what reaches far (product,
 * spaces, groups, accounts) and content get half each, or less where a half is more than they need; within the first,
 * kinds share by cost, so that none waits longer than another. A kind that has spent more than its share pays it back
 * with the shares of the runs that follow.
 * @param perRun what each run may spend in the long run
 * @param left what may be spent now, where the quota is nearly used up; `perRun` or less
 */
export function planReadings(
  loads: PerKind<KindLoad>,
  { perRun, left }: { perRun: number; left: number },
): Plan {
  const wide = unitKinds.reduce((sum, kind) => sum + (kind === 'content' ? 0 : loads[kind].cost), 0);
  const content = loads.content.cost;
  const half = perRun / 2;
  const forWide = wide <= half ? wide : Math.max(half, perRun - content);
  const forContent = perRun - Math.min(wide, forWide);
  const now = perRun === 0 ? 0 : Math.min(1, left / perRun);
  const budgets = {} as PerKind<number>;
  let cycleRuns = 1;
  for (const kind of unitKinds) {
    const { cost, largest, spent } = loads[kind];
    const share = kind === 'content' ? forContent : wide === 0 ? 0 : (forWide * cost) / wide;
    const fits = cost <= share * now + tolerance;
    const allowed = Math.max(0, saved(share, spent)) * now;
    budgets[kind] = fits ? Infinity : allowed;
    if (cost > share + tolerance)
      cycleRuns = Math.max(cycleRuns, Math.ceil(cost / share) + Math.ceil(largest / share) + 1);
  }
  return { budgets, cycleRuns };
}

/** What a kind may spend: its share, less what it owes. What it did not spend is not kept. */
function saved(share: number, spent: readonly number[]): number {
  let tokens = share;
  for (const one of spent.slice(-windowRuns)) tokens = Math.min(share, tokens - one + share);
  return tokens;
}

/** Shares are fractions: what fits by arithmetic must not miss by rounding. */
const tolerance = 1e-6;

/**
 * Within how many seconds a change counts: whole cycles by the clock of the runs, and the time that a run takes, from
 * its first reading to its last. A minute at least: a run may start late.
 */
export function promisedSeconds(plan: Plan, clock: { intervalSeconds: number; runSeconds: number }): number {
  return plan.cycleRuns * clock.intervalSeconds + Math.max(60, Math.ceil(clock.runSeconds));
}
