import type { SpaceRole } from '../atlassian/confluence/types.ts';
import { spaceLayerFromPermissions, spaceLayerFromRoles, unknownLayer } from '../permissions/readings.ts';
import type { LayerReading } from '../permissions/types.ts';
import type { Space } from '../store/schema.ts';
import type { SyncContext } from './context.ts';
import { isRefusal, warn } from './refusals.ts';

/** What decides about the spaces of a site. */
export type Governance =
  | { by: 'permissions' }
  | { by: 'roles'; roles: SpaceRole[] }
  | { by: 'unknown'; reason: string };

/** What decides about spaces here. Sites without role mode do not know the question; being refused it is not knowing. */
export async function readGovernance(context: SyncContext): Promise<Governance> {
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
export async function readSpaceLayer(
  context: SyncContext,
  space: Space,
  governance: Governance,
): Promise<LayerReading> {
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
