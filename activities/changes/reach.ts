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

/**
 * Whether a batch of a newest-first feed goes back to the checkpoint less the overlap, so that nothing newer lies behind
 * it. Its last item decides: neighbours in another order than they should be do not end a feed early. Without a
 * checkpoint everything is news, and the feed is walked to its end.
 */
export function reachesBack(
  items: readonly { version: { createdAt: Date } }[],
  checkpoint: Date | null,
): boolean {
  const last = items.at(-1);
  if (checkpoint === null || last === undefined) return false;
  return last.version.createdAt.getTime() < checkpoint.getTime() - overlapMs;
}
