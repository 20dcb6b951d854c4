import { cjkText } from '../../content/cjk.ts';
import { dueWithOldAccess, dueWithoutBody } from '../../store/bodies-due.ts';
import { saveRecords } from '../../store/records.ts';
import { countBatch, noCounts } from '../../store/runs.ts';
import { keepFromSettling } from '../../store/settle-lock.ts';
import type { SyncContext } from '../context.ts';
import { readRestrictions } from '../retries/readings.ts';
import { settle, startOf } from '../settle.ts';

const stage = 'bodies';
const namedAtOnce = 1_000;
/** As often as permissions are read otherwise. */
const freshMs = 15 * 60_000;

/**
 * Reads the restrictions anew of what is about to be shown after it was left out, a hundred a request, unless they were
 * read lately. What cannot be read now is not shown now.
 * @returns since when restrictions must have been read
 */
export async function readOldAccess(context: SyncContext): Promise<Date> {
  const { db, connectionId } = context;
  const readSince = new Date((await startOf(context)).getTime() - freshMs);
  let read = 0;
  for (let after = ''; ;) {
    const ids = await dueWithOldAccess(db, connectionId, { readSince, after, limit: namedAtOnce });
    if (ids.length === 0) break;
    read += (await readRestrictions(context, ids, stage)).length;
    after = ids.at(-1) ?? after;
  }
  if (read > 0) await settle(context);
  return readSince;
}

/** Stores again, with their search words, attachments, folders and the like that are wanted again: without a request. */
export async function restoreOthers(context: SyncContext, readSince: Date): Promise<void> {
  const { db, connectionId, runId } = context;
  for (;;) {
    const records = await dueWithoutBody(db, connectionId, { readSince, limit: namedAtOnce });
    if (records.length === 0) return;
    const writes = records.map((record) => ({
      ...record,
      body: {
        format: 'none',
        raw: '',
        markdown: '',
        text: '',
        cjk: record.kind === 'attachment' ? cjkText(record.title) : null,
      },
    }));
    await db.transaction().execute(async (trx) => {
      await keepFromSettling(trx, connectionId);
      // It is no answer of the source: whatever was read of their places stands.
      await saveRecords(trx, connectionId, null, writes, new Date(0));
      const counts = { ...noCounts, seen: writes.length, indexed: writes.length };
      await countBatch(
        trx,
        runId,
        stage,
        { ...counts, changes: { added: writes.length } },
        context.takeSpent(),
        0,
      );
    });
    context.checkpointReached(`${writes.length} records without bodies`);
  }
}
