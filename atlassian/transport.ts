import { isNativeError } from 'node:util/types';
import { AddressRefused } from './address.ts';
import { AtlassianError, NetworkFailure, RefusedUrl, TimedOut, Truncated, type Evidence } from './errors.ts';

const timeouts: Record<string, string> = {
  UND_ERR_CONNECT_TIMEOUT: 'No connection came about in time.',
  UND_ERR_HEADERS_TIMEOUT: 'The answer did not begin in time.',
  UND_ERR_BODY_TIMEOUT: 'The answer stopped arriving.',
};

/** undici's and the system's errors as ours. `deadlineMs` is set when our own deadline cut the exchange off. */
export function transportFailure(
  error: unknown,
  evidence: Evidence,
  deadlineMs: number | null,
): AtlassianError {
  if (error instanceof AtlassianError) return error;
  if (deadlineMs !== null) {
    return new TimedOut(`The exchange was not finished after ${deadlineMs / 1000} s.`, evidence);
  }
  const refused = causesOf(error).find((each) => each instanceof AddressRefused);
  if (refused !== undefined) return new RefusedUrl(refused.message, evidence);
  const code = causesOf(error)
    .map((each) => (each as NodeJS.ErrnoException).code)
    .find((each) => each !== undefined);
  const late = timeouts[code ?? ''];
  if (late !== undefined) return new TimedOut(late, evidence);
  // A status has been seen: the answer began, and broke.
  if (evidence.status !== null) return new Truncated('The answer broke off before its end.', evidence, error);
  return new NetworkFailure(`No answer: ${code ?? 'the connection failed'}.`, evidence, error);
}

/** An error with its causes and, for parallel connection attempts, its parts. */
export function causesOf(error: unknown): Error[] {
  const found: Error[] = [];
  const queue = [error];
  while (queue.length > 0 && found.length < 20) {
    const next = queue.shift();
    // An error of Node's own may be of another realm than ours.
    if (!isNativeError(next)) continue;
    found.push(next);
    queue.push(next.cause);
    if ('errors' in next && Array.isArray(next.errors)) queue.push(...(next.errors as unknown[]));
  }
  return found;
}
