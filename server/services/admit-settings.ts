import { InvalidInput } from '../../errors.ts';
import type { Db } from '../../store/schema.ts';
import { findSiteGroups, wantGroups, wantProduct } from '../../store/site-groups.ts';
import type { Settings } from '../settings.ts';

type Permissions = Settings['permissions'];

/**
 * What a change of these settings needs. Groups that were not mapped to a role or an audience before must be of the site;
 * a group that has vanished since it was mapped stays, gives nothing, and stands in nobody's way. Groups whose members
 * are not known yet are read before their turn, and so is product access where anonymous access opens.
 * @param tx the transaction of the change
 * @throws InvalidInput at `permissions.groupRoles.<group id>` or `permissions.audiences.<name>`
 */
export async function admitPermissionSettings(
  tx: Db,
  connectionId: string,
  before: Permissions,
  after: Permissions,
): Promise<void> {
  if (after?.anonymousAccess === 'everyone' && before?.anonymousAccess !== 'everyone') {
    await wantProduct(tx, connectionId, 'Anonymous access was opened to everyone who can sign in.');
  }
  const was = new Set(mappings(before).map((one) => one.groupId));
  const fresh = mappings(after).filter(({ groupId }) => !was.has(groupId));
  if (fresh.length === 0) return;
  const ids = [...new Set(fresh.map((one) => one.groupId))];
  const found = new Set((await findSiteGroups(tx, connectionId, { ids })).map((group) => group.groupId));
  const unknown = fresh.filter(({ groupId }) => !found.has(groupId));
  if (unknown.length > 0) {
    throw new InvalidInput(
      Object.fromEntries(
        unknown.map(({ field, groupId }) => [
          field,
          `This site has no group with the id "${groupId}" that Sluice has read. Take an id of GET /groups?connection=…; ` +
            'groups are known after the first sync.',
        ]),
      ),
    );
  }
  await wantGroups(tx, connectionId, ids, 'Mapped to a role or an audience.');
}

function mappings(permissions: Permissions): { field: string; groupId: string }[] {
  return [
    ...Object.keys(permissions?.groupRoles ?? {}).map((groupId) => ({
      field: `permissions.groupRoles.${groupId}`,
      groupId,
    })),
    ...Object.entries(permissions?.audiences ?? {}).flatMap(([name, groups]) =>
      groups.map((groupId) => ({ field: `permissions.audiences.${name}`, groupId })),
    ),
  ];
}
