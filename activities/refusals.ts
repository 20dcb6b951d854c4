import { AtlassianError } from '../atlassian/errors.ts';
import { saveFailure, type FailureStage } from '../store/failures.ts';
import { logRun } from '../store/runs.ts';
import type { SyncContext } from './context.ts';

const refusals = new Set(['forbidden', 'not_found', 'scope_mismatch', 'gone', 'bad_request']);

/** Atlassian answered, and the answer is no: nothing that a retry of the same request would change. */
export function isRefusal(error: unknown): error is AtlassianError {
  return error instanceof AtlassianError && refusals.has(error.code);
}

/** Tells the run's log what was refused and what follows from it; an `item` is kept in the list of failures as well. */
export async function warn(
  context: SyncContext,
  message: string,
  error: AtlassianError,
  item?: { stage: FailureStage; id: string; title: string },
): Promise<void> {
  const { method: _method, path: url, ...evidence } = error.evidence;
  if (item !== undefined) {
    const failure = {
      stage: item.stage,
      externalId: item.id,
      title: item.title,
      message: error.message,
      url,
    };
    await saveFailure(context.db, context.connectionId, context.runId, { ...failure, ...evidence });
  }
  await logRun(context.db, context.runId, [
    {
      level: 'warning',
      message: `${message} ${error.message}`,
      item: item?.id,
      url: error.evidence.path,
      status: error.evidence.status ?? undefined,
      traceId: error.evidence.traceId ?? undefined,
    },
  ]);
}
