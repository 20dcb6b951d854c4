import type { LayerReading, Principal } from './types.ts';

/** A view restriction as Atlassian lists it: ids only; `unidentified` counts listed principals without an id. */
export interface RestrictionFacts {
  users: readonly string[];
  groups: readonly string[];
  unidentified: number;
}

/**
 * The layer of one piece of content's own view restriction, or null when it has none: both lists empty
 * (Confluence v1 `restriction/byOperation/read`). A restriction whose principals can't be identified admits nobody:
 * it is a restriction all the same.
 */
export function restrictionLayer(facts: RestrictionFacts): LayerReading | null {
  if (facts.users.length === 0 && facts.groups.length === 0 && facts.unidentified === 0) return null;
  return known([
    ...facts.users.map((id): Principal => `user:${id}`),
    ...facts.groups.map((id): Principal => `group:${id}`),
  ]);
}

export interface SpacePermissionFacts {
  principal: { type: string; id: string };
  operation: string;
  target: string;
}

/**
 * The layer of a space that is governed by permissions: whoever holds `read` on `space`
 * (Confluence v2 `/spaces/{id}/permissions`). Principals of a kind that we can't read are left out: they deny.
 */
export function spaceLayerFromPermissions(rows: readonly SpacePermissionFacts[]): LayerReading {
  const view = rows.filter((row) => row.operation === 'read' && row.target === 'space');
  return known(view.flatMap((row) => principalOf(row.principal.type, row.principal.id)));
}

export interface RoleFacts {
  id: string;
  permissions: readonly string[];
}

export interface RoleAssignmentFacts {
  principal: { type: string; id: string };
  roleId: string;
}

/** The layer of a space in role mode: whoever is assigned a role that grants view. An unknown role grants nothing. */
export function spaceLayerFromRoles(
  assignments: readonly RoleAssignmentFacts[],
  roles: readonly RoleFacts[],
): LayerReading {
  const viewing = new Set(
    roles.filter((role) => role.permissions.includes('read/space')).map((role) => role.id),
  );
  return known(
    assignments
      .filter((assignment) => viewing.has(assignment.roleId))
      .flatMap((assignment) => principalOf(assignment.principal.type, assignment.principal.id)),
  );
}

/**
 * Product access: members of the groups that open it, and guests, whose limits the space layer decides. Visitors are
 * nobody until an administrator opts in to what the site shows without signing in (permissions/principals.ts).
 */
export function productLayer(groupIds: readonly string[]): LayerReading {
  return known([...groupIds.map((id): Principal => `group:${id}`), 'class:guests', 'class:visitors']);
}

/** A layer that could not be read: it admits nobody until it can. */
export function unknownLayer(reason: string): LayerReading {
  return { state: 'unknown', reason, principals: [] };
}

/** Access classes that Confluence documents for role assignments. */
const accessClasses = new Set([
  'anonymous-users',
  'jsm-project-admins',
  'authenticated-users',
  'all-licensed-users',
  'all-product-admins',
]);

function principalOf(type: string, id: string): Principal[] {
  switch (type.toUpperCase()) {
    case 'USER':
      return [`user:${id}`];
    case 'GROUP':
      return [`group:${id}`];
    // `/permissions` names classes by type `role`; only the documented ids count, the rest is not understood.
    case 'ROLE':
    case 'ACCESS_CLASS':
      return accessClasses.has(id) ? [`class:${id}`] : [];
    default:
      return [];
  }
}

function known(principals: Principal[]): LayerReading {
  return { state: 'known', principals: [...new Set(principals)].sort() };
}
