/** The message of a log line (JSON by pino) of level error or fatal; undefined for any other line. */
export function errorIn(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const entry = JSON.parse(line) as { level?: number; msg?: string; err?: { message?: string } };
    if (typeof entry.level !== 'number' || entry.level < 50) return undefined;
    return [entry.msg, entry.err?.message].filter(Boolean).join(': ') || 'an error';
  } catch {
    return undefined;
  }
}

/** `0.7 s`, from a time of `performance.now()`. */
export function secondsSince(started: number): string {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}

/** What is shown of anything thrown: the message, and the stack only where it is a defect of ours. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error || error.stack === undefined ? error.message : error.stack;
}
