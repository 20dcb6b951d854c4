import PQueue from 'p-queue';
import { InvalidAnswer } from '../../atlassian/errors.ts';
import type { ConfluencePage } from '../../atlassian/confluence/types.ts';
import { countDueBodies, dueBodies, forgetSeen, type DueBody } from '../../store/bodies-due.ts';
import { addDiscussionDue } from '../../store/discussion-due.ts';
import { forgetHealed } from '../../store/failures.ts';
import { forgetListed, takeListed } from '../../store/records-listed.ts';
import { closeStage, countBatch, noCounts, openStage } from '../../store/runs.ts';
import type { Db } from '../../store/schema.ts';
import { settleBelow } from '../../store/settle-below.ts';
import { keepFromSettling, lockForSettling } from '../../store/settle-lock.ts';
import { noteVanished } from '../../store/vanished.ts';
import { meetSpaces } from '../changes/admit-spaces.ts';
import { keysInScope } from '../changes/take-in.ts';
import { preparePages } from '../content.ts';
import type { SyncContext } from '../context.ts';
import { isRefusal, warn } from '../refusals.ts';
import { settle } from '../settle.ts';
import { together } from '../together.ts';
import { discussionOf, readDueComments } from './due-discussion.ts';
import { readOldAccess, restoreOthers } from './shown-again.ts';

const stage = 'bodies';
/** v2 listings take this many ids. */
const idsPerRequest = 250;
/** Storing a batch keeps one core of PostgreSQL busy; two side by side store nearly twice as fast. */
const concurrency = 2;
const namedAtOnce = 1_000;

/** What a batch came to. */
interface Loaded {
  moved: number;
}

/**
 * Reads the bodies of what is wanted and has none, or an older one, by ids, and makes it visible: batch by batch, each
 * stored and counted in one transaction, so that a worker that is killed leaves due what it has not stored. What is
 * wanted after it was left out is shown by restrictions that were read now. Without anything due it asks nothing.
 */
export async function loadBodies(context: SyncContext): Promise<void> {
  const { db, connectionId, runId } = context;
  await forgetListed(db, connectionId, runId);
  const due = await countDueBodies(db, connectionId);
  if (due.content + due.others === 0) return;
  await openStage(db, runId, stage, due.content);
  const readSince = await readOldAccess(context);
  if (due.others > 0) {
    await restoreOthers(context, readSince);
    await readDueComments(context);
  }
  const moved = (await loadAll(context, 'page', readSince)) + (await loadAll(context, 'blogpost', readSince));
  if (moved > 0) await settle(context);
  await closeStage(db, runId, stage, 'done');
}

/** @returns how many have moved since they were listed */
async function loadAll(context: SyncContext, kind: 'page' | 'blogpost', readSince: Date): Promise<number> {
  const { db, connectionId } = context;
  const isDiscussed = await discussionOf(context);
  let moved = 0;
  for (let after = ''; ;) {
    const due = await dueBodies(db, connectionId, { kind, readSince, after, limit: namedAtOnce });
    if (due.length === 0) return moved;
    const queue = new PQueue({ concurrency });
    const batches = Array.from({ length: Math.ceil(due.length / idsPerRequest) }, (_, at) =>
      due.slice(at * idsPerRequest, (at + 1) * idsPerRequest),
    );
    await together(
      batches.map((batch) =>
        queue.add(async () => {
          moved += (await loadBatch(context, kind, batch, isDiscussed)).moved;
        }),
      ),
    );
    after = due.at(-1)?.id ?? after;
  }
}

/** What is refused for one of them is asked for in halves, until the one is alone: it is a failed item. */
async function loadBatch(
  context: SyncContext,
  kind: 'page' | 'blogpost',
  due: readonly DueBody[],
  isDiscussed: (page: ConfluencePage) => boolean,
): Promise<Loaded> {
  context.checkpointReached(`bodies of ${due.length} ${kind}s`);
  const asOf = context.askedAt();
  let pages: ConfluencePage[];
  try {
    pages = await ask(
      context,
      kind,
      due.map(({ id }) => id),
    );
  } catch (error) {
    if (!isRefusal(error) && !(error instanceof InvalidAnswer)) throw error;
    const [first] = due;
    if (due.length === 1 && first !== undefined) {
      await noteFailed(context, kind, first, error);
      return { moved: 0 };
    }
    const half = Math.ceil(due.length / 2);
    const one = await loadBatch(context, kind, due.slice(0, half), isDiscussed);
    const other = await loadBatch(context, kind, due.slice(half), isDiscussed);
    return { moved: one.moved + other.moved };
  }
  await meetSpaces(
    context,
    pages.map((page) => page.spaceId),
  );
  const keys = await keysInScope(context);
  const inside = pages.filter((page) => keys.has(page.spaceId));
  const loaded = await storeBatch(context, due, inside, { keys, asOf, isDiscussed });
  const answered = new Set(inside.map(({ id }) => id));
  await noteMissing(
    context,
    due.map(({ id }) => id).filter((id) => !answered.has(id)),
    asOf,
  );
  return loaded;
}

async function ask(
  { reader }: SyncContext,
  kind: 'page' | 'blogpost',
  ids: string[],
): Promise<ConfluencePage[]> {
  const list = kind === 'page' ? reader.listPages : reader.listBlogposts;
  const pages: ConfluencePage[] = [];
  for (let cursor: string | null = null; ;) {
    const batch = await list({ cursor, ids, status: ['current'], body: true, limit: ids.length });
    pages.push(...batch.items);
    if (batch.next === null) return pages;
    cursor = batch.next;
  }
}

async function storeBatch(
  context: SyncContext,
  due: readonly DueBody[],
  pages: ConfluencePage[],
  options: {
    keys: ReadonlyMap<string, string>;
    asOf: Date;
    isDiscussed: (page: ConfluencePage) => boolean;
  },
): Promise<Loaded> {
  const { db, connectionId, runId } = context;
  const { keys, asOf, isDiscussed } = options;
  const store = await preparePages(context, keys, pages, asOf);
  const isNew = new Set(due.filter((one) => one.isNew).map(({ id }) => id));
  const taken = pages.filter(({ id }) => isNew.has(id));
  return db.transaction().execute(async (trx) => {
    await keepFromSettling(trx, connectionId);
    const { indexed, unchanged, changes = {} } = await store(trx);
    await addDiscussionDue(
      trx,
      connectionId,
      taken.filter(isDiscussed).map(({ id }) => id),
    );
    await forgetHealed(
      trx,
      context,
      ['bodies'],
      pages.map(({ id }) => id),
    );
    const counted = await countedAs(trx, context, { indexed, unchanged });
    const { moved = 0, updated = 0 } = changes;
    const told = { added: taken.length, updated, moved };
    await countBatch(trx, runId, stage, { ...counted, changes: told }, context.takeSpent(), pages.length);
    return { moved };
  });
}

/** What was listed without its body counts as filtered until now. */
async function countedAs(
  trx: Db,
  { connectionId, runId }: SyncContext,
  counts: Partial<Record<'indexed' | 'unchanged' | 'failed', number>>,
) {
  const all = Object.values(counts).reduce((sum, one) => sum + one, 0);
  const listed = await takeListed(trx, connectionId, runId, all);
  return { ...noCounts, ...counts, seen: all - listed, filtered: -listed };
}

async function noteFailed(
  context: SyncContext,
  kind: string,
  { id }: DueBody,
  error: Parameters<typeof warn>[2],
): Promise<void> {
  await warn(context, `The ${kind} ${id} could not be read.`, error, {
    stage: 'bodies',
    id,
    title: `${kind} ${id}`,
  });
  await context.db.transaction().execute(async (trx) => {
    const counted = await countedAs(trx, context, { failed: 1 });
    await countBatch(trx, context.runId, stage, counted, context.takeSpent(), 1);
  });
}

/** What is not answered for is hidden, and weighed with all that did not show (activities/removal/). */
async function noteMissing(context: SyncContext, ids: readonly string[], asOf: Date): Promise<void> {
  if (ids.length === 0) return;
  const { db, connectionId } = context;
  await db.transaction().execute(async (trx) => {
    await lockForSettling(trx, connectionId);
    await noteVanished(
      trx,
      context,
      ids.map((externalId) => ({ externalId, evidence: 'unanswered' as const })),
      asOf,
    );
    await forgetSeen(trx, context, ids);
    await settleBelow(trx, connectionId, ids);
  });
}
