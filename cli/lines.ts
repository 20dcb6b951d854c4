/** `0.7 s`, from a time of `performance.now()`. */
export function secondsSince(started: number): string {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}

/** What is shown of anything thrown: the message, and the stack only where it is a defect of ours. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const defect = error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
  return defect ? (error.stack ?? error.message) : error.message;
}
