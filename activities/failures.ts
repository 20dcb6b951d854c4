import { ApplicationFailure } from '@temporalio/activity';
import { AtlassianError, RateLimited } from '../atlassian/errors.ts';
import { SluiceError } from '../errors.ts';

/**
 * How often a step is tried before its run fails, at intervals that grow to a minute: a quarter of an hour. The next
 * run goes on where this one stopped. Waits that Atlassian asks for don't count: they end by themselves.
 */
const maxAttempts = 20;

/** The retry policy of workflows/sync.ts, to tell when the next try is due. */
const firstWaitMs = 1_000;
const longestWaitMs = 60_000;

/** Codes that no retry heals: somebody must act, and the run says what to do. */
const needsSomebody = new Set([
  'needs_reauth',
  'wrong_client',
  'app_deleted',
  'not_found',
  'unknown_encryption_key',
  'unreadable_secret',
  'invalid_input',
  'no_full_sync',
  'run_over',
]);

export interface StepFailure {
  /** What Temporal is told: whether, and for a wait that Atlassian asked for when, to try again. */
  cause: ApplicationFailure;
  /** When the next try is due; null when there is none. */
  retryAt: Date | null;
}

/**
 * Turns an error of a step into what Temporal needs to know. A wait that Atlassian asked for becomes a durable timer
 * (`nextRetryDelay`), not a sleeping worker. The failure carries a code and words, never the error's own evidence:
 * histories hold no secrets.
 */
export function asFailure(error: unknown, { attempt, now }: { attempt: number; now: Date }): StepFailure {
  const message = error instanceof Error ? error.message : String(error);
  const type = error instanceof SluiceError ? error.code : 'unexpected';
  if (error instanceof RateLimited) {
    const nextRetryDelay = Math.max(firstWaitMs, error.retryAt.getTime() - now.getTime());
    const cause = ApplicationFailure.create({ type, message, nextRetryDelay });
    return { cause, retryAt: new Date(now.getTime() + nextRetryDelay) };
  }
  const nonRetryable = attempt >= maxAttempts || !maySucceedLater(error);
  const waitMs = Math.min(longestWaitMs, firstWaitMs * 2 ** (attempt - 1));
  return {
    cause: ApplicationFailure.create({ type, message, nonRetryable }),
    retryAt: nonRetryable ? null : new Date(now.getTime() + waitMs),
  };
}

function maySucceedLater(error: unknown): boolean {
  if (error instanceof AtlassianError) return error.retryable;
  return !(error instanceof SluiceError && needsSomebody.has(error.code));
}
