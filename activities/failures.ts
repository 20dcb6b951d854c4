import { ApplicationFailure, Context } from '@temporalio/activity';
import { AtlassianError, RateLimited } from '../atlassian/errors.ts';
import { SluiceError } from '../errors.ts';

/** How often something that is not Atlassian's doing (the database away, a fault of ours) is tried before the run fails. */
const maxAttempts = 20;

/** Codes that no retry heals: somebody must act, and the run says what to do. */
const needsSomebody = new Set([
  'unauthorized',
  'needs_reauth',
  'wrong_client',
  'scope_mismatch',
  'forbidden',
  'gone',
]);

/**
 * Turns an error of an activity into what Temporal needs to know: whether, and when, to try again. A wait that
 * Atlassian asked for becomes a durable timer (`nextRetryDelay`), not a sleeping worker. The failure carries a code
 * and words, never the error's own evidence: histories hold no secrets.
 */
export function asFailure(error: unknown, now: Date): Error {
  if (error instanceof ApplicationFailure) return error;
  if (error instanceof RateLimited) {
    return ApplicationFailure.create({
      type: error.code,
      message: error.message,
      nextRetryDelay: Math.max(1_000, error.retryAt.getTime() - now.getTime()),
    });
  }
  if (error instanceof AtlassianError && error.retryable) {
    return ApplicationFailure.create({ type: error.code, message: error.message });
  }
  if (error instanceof SluiceError) {
    const nonRetryable = needsSomebody.has(error.code) || error instanceof AtlassianError;
    return ApplicationFailure.create({
      type: error.code,
      message: error.message,
      nonRetryable: nonRetryable || tired(),
    });
  }
  if (isCancellation(error)) return error as Error;
  const message = error instanceof Error ? error.message : String(error);
  return ApplicationFailure.create({ type: 'unexpected', message, nonRetryable: tired() });
}

function tired(): boolean {
  return Context.current().info.attempt >= maxAttempts;
}

function isCancellation(error: unknown): boolean {
  return error instanceof Error && error.name === 'CancelledFailure';
}
