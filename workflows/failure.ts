import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';

/** A failed step's code and words, as the run's row keeps them. */
export function describeFailure(error: unknown): { code: string; message: string } {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure)
    return { code: cause.type ?? 'unexpected', message: cause.message };
  return { code: 'unexpected', message: error instanceof Error ? error.message : String(error) };
}
