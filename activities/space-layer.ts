import PQueue from 'p-queue';
import type { SpaceRole } from '../atlassian/confluence/types.ts';
import {
  spaceLayerFromBoth,
  spaceLayerFromPermissions,
  spaceLayerFromRoles,
  unknownLayer,
} from '../permissions/readings.ts';
import type { LayerReading } from '../permissions/types.ts';
import type { Space } from '../store/schema.ts';
import type { SyncContext } from './context.ts';
import { isRefusal, warn } from './refusals.ts';

/** Requests at a time, of which each space needs one. */
const concurrency = 8;

/** What decides about the spaces of a site. */
export type Governance =
  | { by: 'permissions' }
  | { by: 'roles'; roles: SpaceRole[] }
  /** Both must admit: which of them decides is not established. */
  | { by: 'both'; roles: SpaceRole[] }
  | { by: 'unknown'; reason: string };

/**
 * What decides about spaces here (Confluence v2 `/space-role-mode`). While a site changes over, both count. A mode that
 * is not documented is not known, and being refused the answer is not knowing.
 */
export async function readGovernance(context: SyncContext): Promise<Governance> {
  try {
    const mode = await readMode(context);
    switch (mode) {
      case 'PRE_ROLES':
        return { by: 'permissions' };
      case 'ROLES_TRANSITION':
        return { by: 'both', roles: await context.reader.listSpaceRoles() };
      case 'ROLES':
        return { by: 'roles', roles: await context.reader.listSpaceRoles() };
      case null:
        return await withoutMode(context);
      default:
        return { by: 'unknown', reason: `Spaces are governed in a way that is not known here ("${mode}").` };
    }
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await warn(context, 'Whether spaces are governed by roles could not be read, so nobody sees any.', error);
    return { by: 'unknown', reason: error.message };
  }
}

/** null: the site does not know the question. */
async function readMode({ reader }: SyncContext): Promise<string | null> {
  return reader.readSpaceRoleMode().catch(unlessAbsent);
}

/**
 * Confluence documents the same answer for a site without roles and for an account that may not know. A site that
 * lists roles all the same has them, and then both count.
 */
async function withoutMode({ reader }: SyncContext): Promise<Governance> {
  const roles = await reader.listSpaceRoles().catch(unlessAbsent);
  return roles === null || roles.length === 0 ? { by: 'permissions' } : { by: 'both', roles };
}

function unlessAbsent(error: unknown): null {
  if (isRefusal(error) && (error.code === 'not_found' || error.code === 'gone')) return null;
  throw error;
}

/** Who may view one space; what may not be read is unknown and admits nobody. */
export async function readSpaceLayer(
  context: SyncContext,
  space: Space,
  governance: Governance,
): Promise<LayerReading> {
  if (governance.by === 'unknown') return unknownLayer(governance.reason);
  try {
    return await readLists(context, space.external_id, governance);
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

async function readLists(
  { reader }: SyncContext,
  spaceId: string,
  governance: Exclude<Governance, { by: 'unknown' }>,
): Promise<LayerReading> {
  const byPermissions = async () => spaceLayerFromPermissions(await reader.listSpacePermissions(spaceId));
  const byRoles = async (roles: SpaceRole[]) =>
    spaceLayerFromRoles(await reader.listRoleAssignments(spaceId), roles);
  switch (governance.by) {
    case 'permissions':
      return byPermissions();
    case 'roles':
      return byRoles(governance.roles);
    case 'both':
      return spaceLayerFromBoth(await byPermissions(), await byRoles(governance.roles));
  }
}

/** Who may view each of some spaces. */
export async function readSpaceLayers(
  context: SyncContext,
  spaces: readonly Space[],
): Promise<{ kind: 'space'; sourceId: string; reading: LayerReading }[]> {
  const governance = await readGovernance(context);
  const queue = new PQueue({ concurrency });
  return queue.addAll(
    spaces.map((space) => async () => {
      const reading = await readSpaceLayer(context, space, governance);
      context.checkpointReached(`space ${space.key}`);
      return { kind: 'space' as const, sourceId: space.external_id, reading };
    }),
  );
}
