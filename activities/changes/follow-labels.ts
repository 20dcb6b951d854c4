import { kindsRead } from '../../scope/kinds.ts';
import { cqlIn } from '../../atlassian/confluence/cql.ts';
import type { ContentLabels } from '../../atlassian/confluence/types.ts';
import { wantedOf } from '../../scope/decide.ts';
import { contentLabelled, labelsAmong, pagesBelow } from '../../store/labelled.ts';
import { countBatch, noCounts, openStage, closeStage } from '../../store/runs.ts';
import { loadSpaces } from '../../store/spaces.ts';
import { idsPerQuery, searchAccessOf } from '../access.ts';
import type { SyncContext } from '../context.ts';
import { isRefusal, warn } from '../refusals.ts';
import { inScope, partition } from '../scope.ts';
import { restarting } from '../worn-out.ts';
import { takeIn } from './take-in.ts';

const stage = 'labels';
const namedAtOnce = 1_000;
/** Trees of more pages are counted first, and walked where the number is not what is stored. */
const walkedAlways = 1_000;

/**
 * Where labels decide what is wanted, reads in each run which pages and blog posts carry them, and which pages lie below
 * those that carry the tree's: neither a label nor a move shows in a feed of changes. The search index only points at
 * what may have changed, because it lags behind; each of that is asked for by its id, a hundred labels or 250 places a
 * request, before it counts. Without a rule of labels it asks nothing; else, without news, one request for each 250 that
 * carry a label or lie below one.
 */
export async function followLabels(context: SyncContext): Promise<void> {
  const { byLabels, labels } = wantedOf(context.connection.settings);
  const inUse = [...new Set([...(labels?.values ?? []), ...Object.values(byLabels ?? {})])].filter(
    (label) => label !== '',
  );
  if (inUse.length === 0) return;
  await openStage(context.db, context.runId, stage, null);
  try {
    const changed = await relabelled(context, inUse);
    for (let start = 0; start < changed.length; start += idsPerQuery) {
      const ids = changed.slice(start, start + idsPerQuery);
      await restarting(() => searchAccessOf(context, ids));
    }
    if (byLabels !== null) await followTrees(context, byLabels.treeLabel);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await warn(
      context,
      'Labels could not be searched for; changed ones may be missing until they can.',
      error,
    );
  }
  await countBatch(context.db, context.runId, stage, noCounts, context.takeSpent());
  await closeStage(context.db, context.runId, stage, 'done');
}

/** What carries other labels by the search than it does here. */
async function relabelled(context: SyncContext, inUse: readonly string[]): Promise<string[]> {
  const { db, connectionId } = context;
  const kinds = kindsOf(context);
  if (kinds.length === 0) return [];
  const found = new Set<string>();
  const changed: string[] = [];
  const cql = `${cqlIn('label', inUse)} and ${cqlIn('type', kinds)}${await withinSpaces(context)}`;
  await search(context, cql, async (items) => {
    const here = await labelsAmong(
      db,
      connectionId,
      items.map(({ id }) => id),
      inUse,
    );
    for (const { id, labels } of items) {
      found.add(id);
      const known = here.get(id);
      // What is not stored is new, or not in scope: the feeds bring it.
      if (known === undefined) continue;
      const told = new Set(
        labels.map((label) => label.toLowerCase()).filter((label) => inUse.includes(label)),
      );
      if (told.size !== known.length || known.some((label) => !told.has(label))) changed.push(id);
    }
  });
  for (let after = ''; ;) {
    const ids = await contentLabelled(db, connectionId, inUse, { kinds, after, limit: namedAtOnce });
    if (ids.length === 0) return [...new Set(changed)];
    changed.push(...ids.filter((id) => !found.has(id)));
    after = ids.at(-1) ?? after;
  }
}

/** Pages that came below a place with the tree's label, or left it, are asked for their places. */
async function followTrees(context: SyncContext, treeLabel: string): Promise<void> {
  const { db, connectionId } = context;
  if (!kindsRead(context.connection.settings).page) return;
  for (let after = ''; ;) {
    const roots = await contentLabelled(db, connectionId, [treeLabel], {
      kinds: ['page', 'folder', 'whiteboard', 'database', 'embed'],
      after,
      limit: idsPerQuery,
    });
    if (roots.length === 0) return;
    await followTree(context, roots);
    after = roots.at(-1) ?? after;
  }
}

async function followTree(context: SyncContext, roots: readonly string[]): Promise<void> {
  const here = await pagesBelow(context.db, context.connectionId, roots);
  const cql = `${cqlIn('ancestor', roots)} and type = page`;
  if (here.size > walkedAlways && (await context.reader.count(cql)) === here.size) return;
  const moved: string[] = [];
  const left = new Set(here);
  const top = new Set(roots);
  await search(context, cql, async (items) => {
    for (const { id } of items) if (!left.delete(id) && !here.has(id) && !top.has(id)) moved.push(id);
  });
  await takeIn(context, [...moved, ...left], 'page');
}

async function search(
  context: SyncContext,
  cql: string,
  onBatch: (items: readonly ContentLabels[]) => Promise<void>,
): Promise<void> {
  await restarting(async () => {
    for (let cursor: string | null = null; ;) {
      const batch = await context.reader.searchLabels({ cql, cursor });
      await onBatch(batch.items);
      context.checkpointReached(stage);
      if (batch.next === null) return;
      cursor = batch.next;
    }
  });
}

function kindsOf({ connection }: SyncContext): ('page' | 'blogpost')[] {
  const reads = kindsRead(connection.settings);
  return (['page', 'blogpost'] as const).filter((kind) => reads[kind]);
}

/** The spaces in scope, where they fit one query; else the whole site is searched. */
async function withinSpaces({ db, connectionId, connection }: SyncContext): Promise<string> {
  const spaces = (await loadSpaces(db, connectionId)).filter((space) => inScope(connection.settings, space));
  const [part, ...others] = partition(spaces);
  return part === undefined || others.length > 0 ? '' : ` and ${cqlIn('space', part.spaceKeys)}`;
}
