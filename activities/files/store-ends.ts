import { forgetHealed, saveFailure } from '../../store/failures.ts';
import { saveTexts } from '../../store/attachment-texts.ts';
import { countBatch, forgetFailedTries, logRun, noCounts } from '../../store/runs.ts';
import { keepFromSettling } from '../../store/settle-lock.ts';
import type { SyncContext } from '../context.ts';
import type { FileEnd } from './read-file.ts';

export const stage = 'attachment texts';

/** A transaction is worth this many files that were read, so many names, or this much text. */
const batchFiles = 20;
const batchNames = 500;
const batchCharacters = 4_000_000;

/** Collects what became of files, and stores it in small batches: at most one batch is done twice after a crash. */
export function createEndStore(context: SyncContext) {
  let rules = '';
  let waiting: FileEnd[] = [];
  let characters = 0;
  let read = 0;
  let storing: Promise<void> = Promise.resolve();

  function flush(): Promise<void> {
    const [batch, by] = [waiting, rules];
    waiting = [];
    characters = 0;
    read = 0;
    if (batch.length > 0) storing = storing.then(() => store(context, by, batch));
    return storing;
  }

  return {
    /** @param by digest of the rules that the attachment was looked at by */
    async add(end: FileEnd, by: string): Promise<void> {
      if (by !== rules) await flush();
      rules = by;
      waiting.push(end);
      characters += end.outcome.state === 'done' ? end.outcome.text.length : 0;
      if (end.isRead) read += 1;
      if (read >= batchFiles || waiting.length >= batchNames || characters >= batchCharacters) await flush();
    },
    flush,
  };
}

async function store(context: SyncContext, rules: string, ends: readonly FileEnd[]): Promise<void> {
  const { db, connectionId, runId } = context;
  const failed = ends.filter(({ failure }) => failure !== null);
  const whole = ends.filter(({ failure }) => failure === null).map(({ attachment }) => attachment.externalId);
  await db.transaction().execute(async (trx) => {
    await keepFromSettling(trx, connectionId);
    const outcomes = ends.map(({ outcome }) => outcome);
    await saveTexts(trx, rules, outcomes);
    await forgetHealed(trx, context, ['files'], whole);
    for (const { attachment, failure } of failed) {
      if (failure === null) continue;
      const evidence = failure.error?.evidence;
      await saveFailure(trx, connectionId, runId, {
        stage: 'files',
        externalId: attachment.externalId,
        title: attachment.title,
        message: failure.message,
        url: evidence?.path ?? null,
        status: evidence?.status ?? null,
        traceId: evidence?.traceId ?? null,
        ...(failure.lasts ? { retry: 'when wished' as const } : {}),
      });
    }
    await logRun(
      trx,
      runId,
      failed.map(({ attachment, failure }) => ({
        level: 'warning' as const,
        message: `The text of an attachment could not be read. ${failure?.message ?? ''}`,
        item: attachment.externalId,
        url: attachment.url,
        status: failure?.error?.evidence.status ?? undefined,
        traceId: failure?.error?.evidence.traceId ?? undefined,
      })),
    );
    // What was read well has been counted with its record.
    const counts = { ...noCounts, seen: failed.length, failed: failed.length };
    await countBatch(trx, runId, stage, counts, context.takeSpent(), ends.length);
    // Its counters are those of records, and do not show that the step comes on.
    await forgetFailedTries(trx, runId);
  });
}
