import PQueue from 'p-queue';
import { cqlIn } from '../../atlassian/confluence/cql.ts';
import type { ContainerKind } from '../../atlassian/confluence/types.ts';
import { markContainersUnreadable, saveContainersFound } from '../../store/containers.ts';
import { saveContentAccess, type ContentAccessWrite } from '../../store/content-access.ts';
import { saveLayers } from '../../store/layers.ts';
import { loadContentKinds } from '../../store/permission-units.ts';
import { countBatch, noCounts } from '../../store/runs.ts';
import { keepFromSettling } from '../../store/settle-lock.ts';
import { loadSpaces } from '../../store/spaces.ts';
import { idsPerQuery, prepareAccess, readRestriction } from '../access.ts';
import { prepareRecords } from '../changed.ts';
import { containerRecord, parentContainers, readContainer } from '../containers.ts';
import type { SyncContext } from '../context.ts';
import { loadMembers } from '../people.ts';
import { isRefusal, warn } from '../refusals.ts';
import { readGovernance, readSpaceLayer } from '../space-layer.ts';

const failedItems = 'failed items';
const concurrency = 6;

/**
 * Restrictions by search, a hundred a request; each that the search does not hold by itself. Where the search is refused
 * they stay as they are, and are due again with the next run: a retry must not end a run that has other things to read.
 */
export function retryRestrictions(context: SyncContext, ids: string[]): Promise<string[]> {
  return readRestrictions(context, ids, failedItems);
}

/** The same for whatever stage. @returns the ids that were asked for */
export async function readRestrictions(
  context: SyncContext,
  ids: string[],
  stage: string,
): Promise<string[]> {
  try {
    await searchRestrictions(context, ids, stage);
    return ids;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await warn(context, 'Restrictions that are to be read anew could not be searched for.', error);
    return [];
  }
}

async function searchRestrictions(context: SyncContext, ids: string[], stage: string): Promise<void> {
  for (let start = 0; start < ids.length; start += idsPerQuery) {
    const wanted = ids.slice(start, start + idsPerQuery);
    const answered = new Set<string>();
    for (let cursor: string | null = null; ;) {
      const asOf = context.askedAt();
      const batch = await context.reader.searchAccess({ cql: cqlIn('id', wanted), cursor });
      const store = await prepareAccess(context, batch.items, asOf);
      await storeReadings(context, batch.items.length, store, stage);
      for (const { id } of batch.items) answered.add(id);
      if (batch.next === null) break;
      cursor = batch.next;
    }
    await retryEach(
      context,
      wanted.filter((id) => !answered.has(id)),
      stage,
    );
  }
}

async function retryEach(context: SyncContext, ids: string[], stage: string): Promise<void> {
  if (ids.length === 0) return;
  const { connectionId, runId } = context;
  const asOf = context.askedAt();
  const queue = new PQueue({ concurrency });
  const access = await queue.addAll(
    ids.map((id) => async (): Promise<ContentAccessWrite> => {
      const restriction = await readRestriction(context, id);
      context.checkpointReached(`restriction of ${id}`);
      return { externalId: id, labels: null, restriction };
    }),
  );
  await storeReadings(
    context,
    ids.length,
    async (trx) => {
      await saveContentAccess(trx, connectionId, runId, access, asOf);
      return noCounts;
    },
    stage,
  );
}

/** Folders and the like, a request each: Confluence lists them nowhere with their parents. */
export async function retryContainers(context: SyncContext, ids: string[]): Promise<string[]> {
  const { db, connectionId, runId } = context;
  const kinds = await loadContentKinds(db, connectionId, ids);
  const asOf = context.askedAt();
  const queue = new PQueue({ concurrency });
  const read = await queue.addAll(
    [...kinds].map(
      ([id, kind]) =>
        () =>
          readContainer(context, kind as ContainerKind, id),
    ),
  );
  const containers = read.filter((one) => one !== null);
  const readIds = new Set(containers.map((one) => one.id));
  const unreadable = [...kinds.keys()].filter((id) => !readIds.has(id));
  const records = containers.map((one) => containerRecord(context, one));
  const store = await prepareRecords(context, containers.length, records, asOf);
  await storeReadings(context, kinds.size, async (trx) => {
    const counts = await store(trx);
    await saveContainersFound(trx, connectionId, runId, parentContainers(containers));
    await markContainersUnreadable(trx, connectionId, unreadable);
    return { ...counts, seen: counts.seen + unreadable.length, failed: counts.failed + unreadable.length };
  });
  return [...kinds.keys()];
}

/** Who may view spaces: what governs them is asked for once. */
export async function retrySpaces(context: SyncContext, ids: string[]): Promise<string[]> {
  const { db, connectionId } = context;
  const wanted = new Set(ids);
  const spaces = (await loadSpaces(db, connectionId)).filter((space) => wanted.has(space.external_id));
  if (spaces.length === 0) return [];
  const asOf = context.askedAt();
  const governance = await readGovernance(context);
  // What was not asked for is not healed.
  if (governance.by === 'unknown') return [];
  const queue = new PQueue({ concurrency });
  const layers = await queue.addAll(
    spaces.map((space) => async () => ({
      kind: 'space' as const,
      sourceId: space.external_id,
      reading: await readSpaceLayer(context, space, governance),
    })),
  );
  await storeReadings(context, spaces.length, async (trx) => {
    await saveLayers(trx, connectionId, layers, asOf, asOf);
    return noCounts;
  });
  return spaces.map((space) => space.external_id);
}

/** Members of groups; each stores its own answer. */
export async function retryGroups(context: SyncContext, ids: string[]): Promise<string[]> {
  const queue = new PQueue({ concurrency });
  await queue.addAll(ids.map((id) => () => loadMembers(context, id)));
  await storeReadings(context, ids.length, () => Promise.resolve(noCounts));
  return ids;
}

/** In one transaction: what was read, and what it cost. */
async function storeReadings(
  context: SyncContext,
  steps: number,
  store: Awaited<ReturnType<typeof prepareAccess>>,
  stage = failedItems,
): Promise<void> {
  const { db, connectionId, runId } = context;
  await db.transaction().execute(async (trx) => {
    await keepFromSettling(trx, connectionId);
    const counts = await store(trx);
    await countBatch(trx, runId, stage, counts, context.takeSpent(), steps);
  });
  context.checkpointReached(`${stage}, ${steps} more`);
}
