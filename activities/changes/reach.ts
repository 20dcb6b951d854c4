/**
 * How far behind its high water a feed reaches: Atlassian may show a change minutes after the time that it bears. What
 * shows up later than that is found by sweeps.
 */
export const overlapMs = 10 * 60_000;

/** The source's own servers may differ by this much; what lies further ahead cannot be. */
export const clockToleranceMs = 10 * 60_000;

/** Whether a checkpoint can be: it was stored by the clock that the source has answered with now. */
export function isPossible(checkpoint: Date, serverTime: Date): boolean {
  return checkpoint.getTime() <= serverTime.getTime() + clockToleranceMs;
}

/** Items at the end of a batch that must all be old: neighbours may stand in another order than they should. */
const lastOnes = 3;

/**
 * Whether a batch of a newest-first feed goes back to the checkpoint less the overlap, so that nothing newer lies behind
 * it. Its last items decide: one that stands a place or two too early does not end a feed. Without a checkpoint
 * everything is news, and the feed is walked to its end.
 */
export function reachesBack(
  items: readonly { version: { createdAt: Date } }[],
  checkpoint: Date | null,
): boolean {
  if (checkpoint === null || items.length === 0) return false;
  const until = checkpoint.getTime() - overlapMs;
  return items.slice(-lastOnes).every(({ version }) => version.createdAt.getTime() < until);
}
