import { ApplicationFailure } from '@temporalio/activity';
import { AtlassianError, EndpointFailing, RateLimited } from '../atlassian/errors.ts';
import { SluiceError } from '../errors.ts';
import type { Failing } from '../store/runs.ts';

/**
 * A run fails when its steps were tried so often, for so long, and nothing was stored in between. The next run goes on
 * where this one stopped. Waits that Atlassian asks for don't count: they end by themselves. An outage of a worker or of
 * the database is many minutes without a try, so that the time alone says nothing.
 */
const mostFailures = 10;
const longestFailingMs = 30 * 60_000;

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
export function asFailure(
  error: unknown,
  { attempt, now, failing }: { attempt: number; now: Date; failing: Failing },
): StepFailure {
  const message = error instanceof Error ? error.message : String(error);
  const type = error instanceof SluiceError ? error.code : 'unexpected';
  const isGivenUp = failing.failures >= mostFailures && failing.ms >= longestFailingMs;
  if (error instanceof RateLimited && !(isGivenUp && isFailure(error))) {
    const nextRetryDelay = Math.max(firstWaitMs, error.retryAt.getTime() - now.getTime());
    const cause = ApplicationFailure.create({ type, message, nextRetryDelay });
    return { cause, retryAt: new Date(now.getTime() + nextRetryDelay) };
  }
  const nonRetryable = isGivenUp || !maySucceedLater(error);
  const waitMs = Math.min(longestWaitMs, firstWaitMs * 2 ** (attempt - 1));
  return {
    cause: ApplicationFailure.create({ type, message, nonRetryable }),
    retryAt: nonRetryable ? null : new Date(now.getTime() + waitMs),
  };
}

/** Whether a try has failed, rather than met a limit that Atlassian has told. */
export function isFailure(error: unknown): boolean {
  return !(error instanceof RateLimited) || error instanceof EndpointFailing;
}

function maySucceedLater(error: unknown): boolean {
  if (error instanceof AtlassianError) return error.retryable;
  return !(error instanceof SluiceError && needsSomebody.has(error.code));
}
