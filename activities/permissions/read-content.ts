import type { Transaction } from 'kysely';
import { webUrl } from '../../content/url.ts';
import { loadPlaces, loadPrints, type AccessPrint, type ContentPlace } from '../../store/access-prints.ts';
import { saveContainersFound } from '../../store/containers.ts';
import { saveContentAccess } from '../../store/content-access.ts';
import { followSpace, markRead } from '../../store/gone.ts';
import { applyLabels } from '../../store/labels.ts';
import { loadContentKinds } from '../../store/permission-units.ts';
import { loadDigests, saveRecords, touchRecords, type PlaceWrite } from '../../store/records.ts';
import { addRunChanges } from '../../store/run-changes.ts';
import type { Database } from '../../store/schema.ts';
import { lockForSettling } from '../../store/settle-lock.ts';
import { settleBelow } from '../../store/settle-below.ts';
import { noteVanished, type Vanished } from '../../store/vanished.ts';
import { meetSpaces } from '../changes/admit-spaces.ts';
import { keysInScope } from '../changes/take-in.ts';
import { containerRecord, parentContainers } from '../containers.ts';
import { explicitCause } from '../removal/verdict.ts';
import { changesBetween } from './changes.ts';
import { askForContent, type ContentAnswers } from './content-answers.ts';
import { noteBatch, type Scene } from './scene.ts';

/**
 * Reads restrictions and places of some content and makes them count at once: what changed, what settling then demands of
 * everything below, and what the run counts, in one transaction. While it runs no sync of content commits a batch, so what
 * is compared with is what is replaced.
 * @returns what it cost, in the connection's currency
 */
export async function readContent(scene: Scene, ids: string[]): Promise<number> {
  const { context } = scene;
  const { db, connectionId } = context;
  const kinds = await loadContentKinds(db, connectionId, ids);
  const asOf = context.askedAt();
  const all = await askForContent(context, kinds);
  await meetSpaces(
    context,
    [...all.pages, ...all.containers].flatMap(({ spaceId }) => spaceId ?? []),
    null,
  );
  const answers = withoutLeftOut(await keysInScope(context), all);
  context.checkpointReached(`content, ${ids.length} more`);
  const known = [...kinds.keys()];
  return db.transaction().execute(async (trx) => {
    await lockForSettling(trx, connectionId);
    const before = await loadPrints(trx, connectionId, 'content', known);
    const placesBefore = await loadPlaces(trx, connectionId, known);
    await store(scene, trx, answers, asOf);
    await markRead(trx, connectionId, ids);
    const after = await loadPrints(trx, connectionId, 'content', known);
    const placesAfter = await loadPlaces(trx, connectionId, known);
    const moved = known.filter((id) => placesBefore.get(id)?.print !== placesAfter.get(id)?.print);
    await followSpace(trx, connectionId, moved);
    const roots = known.filter((id) => mustSettle(placesBefore.get(id), placesAfter.get(id)));
    await settleBelow(trx, connectionId, roots);
    const relabelled = await applyLabels(trx, connectionId, known);
    await addRunChanges(trx, context.runId, { relabelled, moved: countMoved(placesBefore, placesAfter) });
    return noteBatch(scene, trx, {
      kind: 'content',
      ids,
      before,
      after,
      others: (told) =>
        changesBetween('place', asPrints(placesBefore, before), asPrints(placesAfter, after), told),
    });
  });
}

/** Content of spaces that are not in scope is hidden as if it were not there. */
function withoutLeftOut(inScope: ReadonlyMap<string, string>, answers: ContentAnswers): ContentAnswers {
  const isLeftOut = ({ spaceId }: { spaceId: string | null }) => spaceId !== null && !inScope.has(spaceId);
  const out = [...answers.pages, ...answers.containers].filter(isLeftOut);
  return {
    ...answers,
    pages: answers.pages.filter((page) => !isLeftOut(page)),
    containers: answers.containers.filter((one) => !isLeftOut(one)),
    gone: [...answers.gone, ...out.map(({ id }) => id)],
  };
}

async function store(
  { context }: Scene,
  trx: Transaction<Database>,
  { pages, containers, access, gone }: ContentAnswers,
  asOf: Date,
): Promise<void> {
  const { connectionId, connection } = context;
  const records = containers.map((one) => containerRecord(context, one));
  const digests = await loadDigests(
    trx,
    connectionId,
    records.map(({ externalId }) => externalId),
  );
  const isChanged = (one: (typeof records)[number]) => digests.get(one.externalId) !== one.digest;
  const places = pages.map((page): PlaceWrite => ({
    externalId: page.id,
    spaceId: page.spaceId,
    parentId: page.parentId,
    containerId: null,
    status: page.status,
    url: webUrl(connection.site_url, page.webPath),
  }));
  await saveRecords(trx, connectionId, null, records.filter(isChanged), asOf);
  const unchanged = records.filter((one) => !isChanged(one));
  await touchRecords(trx, connectionId, null, [...places, ...unchanged], asOf);
  await saveContentAccess(trx, connectionId, null, access, asOf);
  await saveContainersFound(trx, connectionId, null, parentContainers([...pages, ...containers]));
  const unanswered = gone.map((externalId): Vanished => ({ externalId, evidence: 'unanswered' }));
  // A container in the trash is answered for, as such. It shows nobody anything, and goes when nothing is below it.
  const away = containers.flatMap(({ id: externalId, status }): Vanished[] => {
    const evidence = explicitCause(status);
    return evidence === null ? [] : [{ externalId, evidence }];
  });
  await noteVanished(trx, context, [...unanswered, ...away], asOf);
}

/** Whether everything below must be settled anew: an edited restriction alone is one row that all refer to. */
function mustSettle(before: ContentPlace | undefined, after: ContentPlace | undefined): boolean {
  return after?.unsettled === true || before?.print !== after?.print || before?.layerId !== after?.layerId;
}

/** Places are as old as the restriction that was read with them. */
function asPrints(
  places: ReadonlyMap<string, ContentPlace>,
  read: ReadonlyMap<string, AccessPrint>,
): Map<string, AccessPrint> {
  return new Map([...places].map(([id, { print }]) => [id, { print, readAt: read.get(id)?.readAt ?? null }]));
}

/** What hung somewhere before, hangs somewhere now, and not in the same place. */
function countMoved(
  before: ReadonlyMap<string, ContentPlace>,
  after: ReadonlyMap<string, ContentPlace>,
): number {
  const isMoved = ([id, { print }]: [string, ContentPlace]): boolean => {
    const now = after.get(id)?.print ?? null;
    return print !== null && now !== null && print !== now;
  };
  return [...before].filter(isMoved).length;
}
