import { AtlassianError } from '../atlassian/errors.ts';
import { logRun } from '../store/runs.ts';
import type { SyncContext } from './context.ts';

const refusals = new Set(['forbidden', 'not_found', 'scope_mismatch', 'gone', 'bad_request']);

/** Atlassian answered, and the answer is no: nothing that a retry of the same request would change. */
export function isRefusal(error: unknown): error is AtlassianError {
  return error instanceof AtlassianError && refusals.has(error.code);
}

/** Tells the run's log what was refused, and what follows from it. */
export async function warn(
  context: SyncContext,
  message: string,
  error: AtlassianError,
  item?: string,
): Promise<void> {
  await logRun(context.db, context.runId, [
    {
      level: 'warning',
      message: `${message} ${error.message}`,
      item,
      url: error.evidence.path,
      status: error.evidence.status ?? undefined,
      traceId: error.evidence.traceId ?? undefined,
    },
  ]);
}
