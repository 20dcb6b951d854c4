import PQueue from 'p-queue';
import type { ConfluenceSpace, SpaceRole } from '../atlassian/confluence/types.ts';
import { webUrl } from '../content/url.ts';
import { spaceLayerFromPermissions, spaceLayerFromRoles, unknownLayer } from '../permissions/readings.ts';
import type { LayerReading } from '../permissions/types.ts';
import { saveLayers } from '../store/layers.ts';
import { closeStage, countBatch, noCounts, openStage } from '../store/runs.ts';
import type { Space } from '../store/schema.ts';
import { loadSpaces, saveSpaces } from '../store/spaces.ts';
import type { SyncContext } from './context.ts';
import { isRefusal, warn } from './refusals.ts';
import { inScope } from './scope.ts';

const concurrency = 8;

/** Stores the spaces in scope. Who may view them is read beside their content, and unknown until then. */
export async function loadSpacesInScope(context: SyncContext): Promise<void> {
  const { db, connectionId, runId } = context;
  const spaces = await listSpacesInScope(context);
  const writes = spaces.map((space) => ({
    externalId: space.id,
    key: space.key,
    name: space.name,
    type: space.type,
    status: space.status,
    homepageId: space.homepageId,
    url: webUrl(context.connection.site_url, space.webPath),
  }));
  await db.transaction().execute((trx) => saveSpaces(trx, connectionId, runId, writes));
  await openStage(db, runId, 'spaces', spaces.length);
}

/** Reads who may view each space of the run: one request a space. */
export async function loadSpaceLayers(context: SyncContext): Promise<void> {
  const { db, connectionId, runId } = context;
  const spaces = await loadSpaces(db, connectionId, runId);
  const asOf = context.askedAt();
  const governance = await readGovernance(context);
  const queue = new PQueue({ concurrency });
  const layers = await queue.addAll(
    spaces.map((space) => async () => {
      const reading = await readLayer(context, space, governance);
      context.checkpointReached(`space ${space.key}`);
      return { kind: 'space' as const, sourceId: space.external_id, reading };
    }),
  );
  await db.transaction().execute(async (trx) => {
    await saveLayers(trx, connectionId, layers, asOf);
    // Spaces are places, not records: the stage shows how many were read, the run's counters stay with records.
    await countBatch(trx, runId, 'spaces', noCounts, context.takeSpent(), spaces.length);
  });
  await closeStage(db, runId, 'spaces', 'done');
}

/** The spaces that the connection's settings take in. */
async function listSpacesInScope(context: SyncContext): Promise<ConfluenceSpace[]> {
  const spaces: ConfluenceSpace[] = [];
  for (let cursor: string | null = null; ;) {
    const batch = await context.reader.listSpaces({ cursor });
    spaces.push(...batch.items);
    context.checkpointReached(`spaces ${spaces.length}`);
    if (batch.next === null) break;
    cursor = batch.next;
  }
  return spaces.filter((space) => inScope(context.connection.settings, space));
}

type Governance =
  | { by: 'permissions' }
  | { by: 'roles'; roles: SpaceRole[] }
  | { by: 'unknown'; reason: string };

/** What decides about spaces here. Sites without role mode do not know the question; being refused it is not knowing. */
async function readGovernance(context: SyncContext): Promise<Governance> {
  try {
    const mode = await context.reader.readSpaceRoleMode();
    if (mode !== 'ROLES') return { by: 'permissions' };
    return { by: 'roles', roles: await context.reader.listSpaceRoles() };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (error.code === 'not_found' || error.code === 'gone') return { by: 'permissions' };
    await warn(context, 'Whether spaces are governed by roles could not be read, so nobody sees any.', error);
    return { by: 'unknown', reason: error.message };
  }
}

/** Who may view one space; what may not be read is unknown and admits nobody. */
async function readLayer(context: SyncContext, space: Space, governance: Governance): Promise<LayerReading> {
  if (governance.by === 'unknown') return unknownLayer(governance.reason);
  try {
    return governance.by === 'permissions'
      ? spaceLayerFromPermissions(await context.reader.listSpacePermissions(space.external_id))
      : spaceLayerFromRoles(await context.reader.listRoleAssignments(space.external_id), governance.roles);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await warn(
      context,
      `The permissions of space ${space.key} could not be read, so nobody sees it.`,
      error,
      { stage: 'spaces', id: space.external_id, title: space.name },
    );
    return unknownLayer(error.message);
  }
}
