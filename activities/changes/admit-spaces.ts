import type { ConfluenceSpace } from '../../atlassian/confluence/types.ts';
import { webUrl } from '../../content/url.ts';
import { saveLayers } from '../../store/layers.ts';
import {
  addSpaceDue,
  forgetOutsideSpaces,
  loadOutsideSpaces,
  saveOutsideSpaces,
} from '../../store/outside-spaces.ts';
import { addRunChanges } from '../../store/run-changes.ts';
import type { Space } from '../../store/schema.ts';
import { lockForSettling } from '../../store/settle-lock.ts';
import { spacesThatWereHidden } from '../../store/spaces-left.ts';
import { loadSpaces, saveSpaces, type SpaceWrite } from '../../store/spaces.ts';
import { noteSpacesVanished } from '../../store/vanished.ts';
import type { SyncContext } from '../context.ts';
import { inScope } from '../scope.ts';
import { readSpaceLayers } from '../space-layer.ts';

const spacesPerRequest = 250;

/**
 * Stores what was told of some spaces. A new one that is in scope is taken in: who may view it is read at once, and what
 * is in it is due to be read whole, as is what is in one that comes back. What is in one that leaves the scope (archived,
 * in the trash, left out by the settings) is hidden and noted for removal. What is out of scope is remembered.
 * @param asOf when they were asked for
 * @param seenBy the run of the content lane that saw them; null: a permission sync, which says nothing of the kind
 */
export async function admitSpaces(
  context: SyncContext,
  spaces: readonly ConfluenceSpace[],
  asOf: Date,
  seenBy: string | null = context.runId,
): Promise<void> {
  if (spaces.length === 0) return;
  const { db, connectionId, runId } = context;
  const { settings } = context.connection;
  const known = new Map((await loadSpaces(db, connectionId)).map((space) => [space.external_id, space]));
  const hidden = await spacesThatWereHidden(
    db,
    connectionId,
    spaces.map(({ id }) => id),
  );
  const inside = spaces.filter((space) => inScope(settings, space));
  const outside = spaces.filter((space) => !inScope(settings, space));
  const arriving = inside.filter(({ id }) => {
    const before = known.get(id);
    return before === undefined || hidden.has(id) || !inScope(settings, before);
  });
  const leaving = outside.filter(({ id }) => known.has(id));
  const writes = [...inside, ...leaving].map((space) => spaceWrite(context, space));
  const changed = writes.filter((write) => isChanged(known.get(write.externalId), write));
  await db.transaction().execute(async (trx) => {
    await lockForSettling(trx, connectionId);
    await saveSpaces(trx, connectionId, seenBy, writes);
    await forgetOutsideSpaces(
      trx,
      connectionId,
      inside.map(({ id }) => id),
    );
    await saveOutsideSpaces(
      trx,
      connectionId,
      outside.filter(({ id }) => !known.has(id)).map((space) => ({ ...space, externalId: space.id })),
    );
    await addSpaceDue(
      trx,
      connectionId,
      arriving.map(({ id }) => id),
    );
    await noteSpacesVanished(
      trx,
      context,
      leaving.map(({ id }) => id),
      asOf,
    );
    await addRunChanges(trx, runId, { spaces_changed: changed.length });
  });
  await readLayers(
    context,
    arriving.map(({ id }) => id),
  );
}

/**
 * Asks for spaces by id that content was found in and that nothing is known of, and admits them. What the site does not
 * list is remembered as well, and found by the walk over all spaces when that changes.
 */
export async function meetSpaces(
  context: SyncContext,
  ids: Iterable<string>,
  seenBy: string | null = context.runId,
): Promise<void> {
  const { db, connectionId } = context;
  const [inside, outside] = await Promise.all([
    loadSpaces(db, connectionId),
    loadOutsideSpaces(db, connectionId),
  ]);
  const known = new Set([
    ...inside.map((space) => space.external_id),
    ...outside.map((space) => space.externalId),
  ]);
  const unmet = await askForSpaces(
    context,
    [...new Set(ids)].filter((id) => !known.has(id)),
    seenBy,
  );
  await saveOutsideSpaces(
    db,
    connectionId,
    unmet.map((externalId) => ({ externalId, key: '', type: '', status: 'unanswered' })),
  );
}

/** Asks for spaces by id and admits them. @returns those that the site does not list */
export async function askForSpaces(
  context: SyncContext,
  ids: readonly string[],
  seenBy: string | null = context.runId,
): Promise<string[]> {
  const unmet: string[] = [];
  for (let start = 0; start < ids.length; start += spacesPerRequest) {
    const wanted = ids.slice(start, start + spacesPerRequest);
    const asOf = context.askedAt();
    const found: ConfluenceSpace[] = [];
    for (let cursor: string | null = null; ;) {
      const batch = await context.reader.listSpaces({ cursor, ids: wanted, limit: wanted.length });
      found.push(...batch.items);
      if (batch.next === null) break;
      cursor = batch.next;
    }
    await admitSpaces(context, found, asOf, seenBy);
    const answered = new Set(found.map(({ id }) => id));
    unmet.push(...wanted.filter((id) => !answered.has(id)));
    context.checkpointReached(`spaces, ${wanted.length} more`);
  }
  return unmet;
}

/** Asks for spaces that a filter names by their keys, and admits them: one request, also where the site has none. */
export async function askForSpacesByKey(context: SyncContext, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  const asOf = context.askedAt();
  for (let cursor: string | null = null; ;) {
    const batch = await context.reader.listSpaces({ cursor, keys: [...keys], limit: keys.length });
    await admitSpaces(context, batch.items, asOf);
    if (batch.next === null) return;
    cursor = batch.next;
  }
}

/** The row of a space. */
export function spaceWrite({ connection }: SyncContext, space: ConfluenceSpace): SpaceWrite {
  return {
    externalId: space.id,
    key: space.key,
    name: space.name,
    type: space.type,
    status: space.status,
    homepageId: space.homepageId,
    url: webUrl(connection.site_url, space.webPath),
  };
}

function isChanged(before: Space | undefined, now: SpaceWrite): boolean {
  if (before === undefined) return true;
  return (
    before.key !== now.key ||
    before.name !== now.name ||
    before.type !== now.type ||
    before.status !== now.status ||
    before.url !== now.url
  );
}

/** Who may view spaces that are new here; until it is read they are unknown and admit nobody. */
async function readLayers(context: SyncContext, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const { db, connectionId } = context;
  const wanted = new Set(ids);
  const spaces = (await loadSpaces(db, connectionId)).filter((space) => wanted.has(space.external_id));
  const asOf = context.askedAt();
  const layers = await readSpaceLayers(context, spaces);
  await db.transaction().execute((trx) => saveLayers(trx, connectionId, layers, asOf, asOf));
}
