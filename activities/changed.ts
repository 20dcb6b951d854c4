import { loadDigests, saveRecords, touchRecords, type RecordWrite } from '../store/records.ts';
import { noCounts } from '../store/runs.ts';
import type { SyncContext } from './context.ts';
import type { Stream } from './stream.ts';

/**
 * What stores a batch of comments or attachments: those with another digest than before are written, the rest only
 * noted as seen. `seen` counts the whole batch; what is not among `records` was not in scope.
 */
export async function prepareRecords(
  { db, connectionId, runId }: SyncContext,
  seen: number,
  records: readonly RecordWrite[],
  asOf: Date,
): ReturnType<Stream<never>['prepare']> {
  const stored = await loadDigests(
    db,
    connectionId,
    records.map((record) => record.externalId),
  );
  const isChanged = (record: RecordWrite) => stored.get(record.externalId) !== record.digest;
  const changed = records.filter(isChanged);
  const unchanged = records.filter((record) => !isChanged(record));
  return async (trx) => {
    await saveRecords(trx, connectionId, runId, changed, asOf);
    await touchRecords(trx, connectionId, runId, unchanged, asOf);
    return {
      ...noCounts,
      seen,
      indexed: changed.length,
      unchanged: unchanged.length,
      filtered: seen - records.length,
    };
  };
}
