/** Which part of the audit log is asked for next, by the source's clock. */
export interface AuditWindow {
  from: Date;
  /** null: up to now. */
  to: Date | null;
  /** Offset within the window; null: from its beginning. */
  cursor: string | null;
}

/**
 * The window that follows a full answer: what is older than it, or, on a site that lists the oldest first, newer. An
 * offset would slip when a record arrives meanwhile, so it is used only where a whole answer fits into one second, and in
 * a window whose end is past. Ends are rounded to whole seconds, for a site that keeps no milliseconds: what is told
 * twice is stored once (digest.ts).
 * @param answer times of the answer's records in its order, its `next`, and the source's clock when it answered
 * @returns null when the answer was the last
 */
export function windowAfter(
  window: AuditWindow,
  answer: { times: readonly Date[]; next: string | null; serverTime: Date },
): AuditWindow | null {
  const first = answer.times[0]?.getTime();
  const last = answer.times.at(-1)?.getTime();
  if (answer.next === null || first === undefined || last === undefined) return null;
  if (last < first) {
    const to = new Date(Math.ceil(last / 1_000) * 1_000);
    if (to.getTime() < Math.min(first, window.to?.getTime() ?? Infinity)) {
      return { from: window.from, to, cursor: null };
    }
  }
  if (last > first) {
    const from = new Date(floor(last));
    if (from > window.from) return { from, to: window.to, cursor: null };
  }
  if (window.to === null) {
    return { from: window.from, to: new Date(floor(answer.serverTime.getTime())), cursor: null };
  }
  return { ...window, cursor: answer.next };
}

const floor = (time: number): number => Math.floor(time / 1_000) * 1_000;
