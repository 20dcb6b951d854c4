import { kindsRead } from '../scope/kinds.ts';
import { loadSpaces } from '../store/spaces.ts';
import { accessStreams } from './access.ts';
import { contentStreams } from './content.ts';
import type { SyncContext } from './context.ts';
import { estimate } from './estimate.ts';
import { createProgress, type Progress } from './progress.ts';
import { listsBodies } from './scoping/reading.ts';
import { forgetReachOfUnread } from './scoping/unread.ts';
import { partition } from './scope.ts';
import { stages } from './stages.ts';
import { runStage, type Stream } from './stream.ts';
import { together } from './together.ts';

/**
 * PostgreSQL makes the search vectors of a batch on one core (0.5 ms for 4 KB), so two listings side by side store
 * nearly twice as fast; four parts leave each of them something to do.
 */
const parts = 4;
const concurrency = 2;

/** Labels stand in a page's search vector. To wait for them a little is cheaper than to make the vector twice. */
const waitForLabelsMs = 2_000;

/** Reads pages, blog posts and, beside them, everything's own restrictions and labels. */
export async function loadTree(context: SyncContext): Promise<void> {
  const spaces = await loadSpaces(context.db, context.connectionId, context.runId);
  const cut = partition(spaces, parts);
  const progress = new Map(cut.map((part) => [part.name, createProgress()]));
  const of = (scope: string): Progress => progress.get(scope) ?? createProgress();
  await forgetReachOfUnread(context, ['page', 'blogpost']);
  const reads = kindsRead(context.connection.settings);
  const body = await listsBodies(context);
  const total = reads.page ? estimate(context, 'page') : Promise.resolve(null);
  await together([
    runStage(
      context,
      'restrictions',
      accessStreams(context, cut).map((stream) => ahead(stream, of(stream.scope))),
      // All parts at once: they cost little, and pages wait for them.
      { total, concurrency: parts, ended: (scope) => of(scope).finish() },
    ),
    runStage(
      context,
      stages.page.full,
      reads.page
        ? contentStreams(context, 'page', spaces, cut, body).map((stream) => behind(stream, of(stream.scope)))
        : [],
      { total, concurrency },
    ),
    // Blog posts are few: cutting them would cost more requests than it saves time.
    runStage(
      context,
      stages.blogpost.full,
      reads.blogpost ? contentStreams(context, 'blogpost', spaces, partition(spaces), body) : [],
    ),
  ]);
}

/** A stream that tells how far it has stored. */
function ahead<T extends { id: string }>(stream: Stream<T>, progress: Progress): Stream<T> {
  return {
    ...stream,
    async prepare(items, asOf) {
      const store = await stream.prepare(items, asOf);
      return async (trx) => {
        const counts = await store(trx);
        progress.advance(items.map((item) => item.id));
        return counts;
      };
    },
  };
}

/** A stream that is better stored after the other. */
function behind<T extends { id: string }>(stream: Stream<T>, progress: Progress): Stream<T> {
  return {
    ...stream,
    async prepare(items, asOf) {
      const store = await stream.prepare(items, asOf);
      await progress.passed(
        items.map((item) => item.id),
        waitForLabelsMs,
      );
      return store;
    },
  };
}
