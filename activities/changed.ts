import { saveRecords, touchRecords, type RecordWrite } from '../store/records.ts';
import { loadStored } from '../store/records-stored.ts';
import { noCounts } from '../store/runs.ts';
import { countChanges, judge, type Keep } from './changes/news.ts';
import type { SyncContext } from './context.ts';
import type { Stream } from './stream.ts';

/**
 * What stores a batch of comments or attachments: those with another digest than before are written, the rest only
 * noted as seen, or left alone where only news is kept. `seen` counts the whole batch; what is not among `records` was
 * not in scope.
 */
export async function prepareRecords(
  { db, connectionId, runId }: SyncContext,
  seen: number,
  records: readonly RecordWrite[],
  asOf: Date,
  keep: Keep = 'everything',
): ReturnType<Stream<never>['prepare']> {
  const stored = await loadStored(
    db,
    connectionId,
    records.map((record) => record.externalId),
  );
  const judged = records.map((record) => ({ record, ...judge(stored.get(record.externalId), record) }));
  const kept = keep === 'news' ? judged.filter(({ news }) => news) : judged;
  const changed = kept.filter((one) => one.changed).map(({ record }) => record);
  const unchanged = kept.filter((one) => !one.changed).map(({ record }) => record);
  return async (trx) => {
    await saveRecords(trx, connectionId, runId, changed, asOf);
    await touchRecords(trx, connectionId, runId, unchanged, asOf);
    const stored = { indexed: changed.length, unchanged: unchanged.length, changes: countChanges(kept) };
    const counts = { ...noCounts, ...stored };
    if (keep === 'news') return { ...counts, seen: kept.length };
    return { ...counts, seen, filtered: seen - records.length };
  };
}
