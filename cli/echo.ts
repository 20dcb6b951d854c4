const quietFor = 60_000;
const mostKept = 200;

/**
 * True for a message that has not been heard within the last minute: an outage makes every request log the same, and
 * once is enough to read. The log file has them all.
 */
export function createEcho(now: () => number = Date.now): (message: string) => boolean {
  const heard = new Map<string, number>();
  return (message) => {
    const last = heard.get(message);
    if (last !== undefined && now() - last < quietFor) return false;
    if (heard.size >= mostKept) heard.clear();
    heard.set(message, now());
    return true;
  };
}
