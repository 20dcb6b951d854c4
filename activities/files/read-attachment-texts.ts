import PQueue from 'p-queue';
import { AtlassianError } from '../../atlassian/errors.ts';
import {
  countDueTexts,
  listDueTexts,
  makeTextsDue,
  type DueAttachment,
} from '../../store/attachment-texts.ts';
import { closeStage, logRun, openStage } from '../../store/runs.ts';
import type { SyncContext } from '../context.ts';
import { warn } from '../refusals.ts';
import { handlingDigest, outcomeWithoutFile } from './handling.ts';
import { readFile, type FileEnd } from './read-file.ts';
import { createEndStore, stage } from './store-ends.ts';
import { makeTempFolder } from './temp-folder.ts';

/** Files that are on their way at once, and attachments that are in memory by name. */
const concurrency = 4;
const batchSize = 500;
/** A run is not kept longer by files: meanwhile no change of a page arrives. What is left the next run goes on with. */
const longestMs = 30 * 60_000;
/** As many downloads that fail one after another say something of the site, and nothing of files. */
const mostFailedInRow = 20;

/**
 * Reads the text of attachments that are wanted and whose present version has none yet. What is done is noted with the
 * version that it was done for, so this may be killed and started again at any moment; what is wrong with one file ends
 * as a failed item. Without anything that is due it asks nothing.
 * @param forMs how long it goes on with the next files; at least one is read
 */
export async function readAttachmentTexts(context: SyncContext, forMs = longestMs): Promise<void> {
  const { db, connectionId, runId } = context;
  await makeTextsDue(db, connectionId, handlingDigest(context.connection.settings.content));
  const due = await countDueTexts(db, connectionId);
  if (due === 0) return;
  await openStage(db, runId, stage, due);
  const folder = await makeTempFolder();
  try {
    const isWhole = await walkDue(context, folder.path, Date.now() + forMs);
    if (!isWhole) await tellRest(context);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    await warn(context, 'Texts of attachments are not read until files are given out again.', error.cause);
  } finally {
    await folder.remove();
  }
  await closeStage(db, runId, stage, 'done');
}

/** Every file is refused: the rest stays due, and the run has other things to end with. */
class Refused extends Error {
  override name = 'Refused';
  override readonly cause: AtlassianError;

  constructor(cause: AtlassianError) {
    super(cause.message);
    this.cause = cause;
  }
}

async function tellRest({ db, connectionId, runId }: SyncContext): Promise<void> {
  const left = await countDueTexts(db, connectionId);
  const message = `The text of ${left} attachments is left for the next run: files do not keep changes from arriving.`;
  await logRun(db, runId, [{ level: 'info', message }]);
}

/** @returns whether it came to the end */
async function walkDue(context: SyncContext, folder: string, until: number): Promise<boolean> {
  const { db, connectionId } = context;
  const ends = createEndStore(context);
  const stop = new AbortController();
  let begun = 0;
  let isWhole = true;
  /** Failed downloads since the last that went well: noted once it is clear that they are of files, and not of the site. */
  let inRow: { end: FileEnd; by: string }[] = [];

  async function readOne(attachment: DueAttachment): Promise<void> {
    if (stop.signal.aborted) return;
    const rules = context.connection.settings.content;
    const by = handlingDigest(rules);
    const known = outcomeWithoutFile(rules, attachment);
    if (known !== null) {
      await ends.add({ attachment, outcome: known, failure: null, isRead: false }, by);
      return;
    }
    if (begun > 0 && Date.now() >= until) {
      isWhole = false;
      return;
    }
    begun += 1;
    const end = await readFile(context, attachment, { folder, signal: stop.signal });
    const error = end.failure?.error ?? null;
    if (error === null) {
      await noteInRow();
      await ends.add(end, by);
    } else if (inRow.push({ end, by }) >= mostFailedInRow) {
      throw error.retryable ? error : new Refused(error);
    }
    context.checkpointReached(`${stage} ${attachment.externalId}`);
  }

  async function noteInRow(): Promise<void> {
    const failed = inRow;
    inRow = [];
    for (const { end, by } of failed) await ends.add(end, by);
  }

  /** The first error is the step's; what else is on its way is let go. */
  async function readOrStop(attachment: DueAttachment): Promise<void> {
    try {
      await readOne(attachment);
    } catch (error) {
      if (stop.signal.aborted) return;
      const isScope = error instanceof AtlassianError && error.code === 'scope_mismatch';
      stop.abort(isScope ? new Refused(error) : error);
    }
  }

  const queue = new PQueue({ concurrency });
  for (let after = '0'; isWhole && !stop.signal.aborted;) {
    const batch = await listDueTexts(db, connectionId, { after, limit: batchSize });
    const last = batch.at(-1);
    if (last === undefined) break;
    after = last.id;
    await queue.addAll(batch.map((attachment) => () => readOrStop(attachment)));
  }
  if (inRow.length < mostFailedInRow) await noteInRow();
  await ends.flush();
  if (stop.signal.aborted) throw stop.signal.reason;
  return isWhole;
}
