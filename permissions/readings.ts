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
  name: string;
  permissions: readonly string[];
}

export interface RoleAssignmentFacts {
  principal: { type: string; id: string };
  roleId: string;
}

/**
 * The layer of a space in role mode: whoever is assigned a role that grants view (`read/space`, Confluence v2
 * `/space-roles`), custom ones included. A role that the site does not list grants nothing.
 */
export function spaceLayerFromRoles(
  assignments: readonly RoleAssignmentFacts[],
  roles: readonly RoleFacts[],
): LayerReading {
  const viewing = new Map(
    roles.filter((role) => role.permissions.includes('read/space')).map((role) => [role.id, role.name]),
  );
  const named = new Map<Principal, Set<string>>();
  for (const { principal, roleId } of assignments) {
    const role = viewing.get(roleId);
    if (role === undefined) continue;
    for (const one of principalOf(principal.type, principal.id)) {
      named.set(one, (named.get(one) ?? new Set()).add(role));
    }
  }
  const reading = known([...named.keys()]);
  const sorted = [...named].sort(([one], [other]) => (one < other ? -1 : 1));
  return { ...reading, roles: Object.fromEntries(sorted.map(([one, names]) => [one, [...names].sort()])) };
}

/**
 * The layer of a space where permissions and roles must both admit: while a site changes over (mode
 * `ROLES_TRANSITION`), which of them decides is not established. One list cannot say the AND of two, so it holds what
 * surely is in both: what both name, and what one names where the other admits everybody who has the product. A group
 * here and one of its members there is left out, which denies.
 */
export function spaceLayerFromBoth(permissions: LayerReading, roles: LayerReading): LayerReading {
  if (permissions.state === 'unknown') return permissions;
  if (roles.state === 'unknown') return roles;
  const both = known(
    permissions.principals.flatMap((one) => roles.principals.flatMap((other) => inBoth(one, other))),
  );
  const names = roles.state === 'known' ? (roles.roles ?? {}) : {};
  const kept = Object.entries(names).filter(([one]) => both.principals.some((held) => held === one));
  return { ...both, roles: Object.fromEntries(kept) };
}

/** Both classes admit whoever passes the product layer; `anonymous-users` visitors besides. */
function inBoth(one: Principal, other: Principal): Principal[] {
  if (one === other) return [one];
  if (one === 'class:anonymous-users') return [other];
  if (other === 'class:anonymous-users') return [one];
  if (one === 'class:authenticated-users') return [other];
  if (other === 'class:authenticated-users') return [one];
  return [];
}

/**
 * Product access: members of the groups that open it, and guests, whose limits the space layer decides; visitors where
 * the site is open to them. They are nobody until an administrator opts in besides (permissions/principals.ts).
 */
export function productLayer(groupIds: readonly string[], visitors: boolean): LayerReading {
  const groups = groupIds.map((id): Principal => `group:${id}`);
  return known([...groups, 'class:guests', ...(visitors ? ['class:visitors' as const] : [])]);
}

/** A layer that could not be read: it admits nobody until it can. */
export function unknownLayer(reason: string): LayerReading {
  return { state: 'unknown', reason, principals: [] };
}

type KnownReading = Extract<LayerReading, { state: 'known' }>;

/** Access classes that Confluence documents for role assignments. */
const accessClasses = new Set([
  'anonymous-users',
  'jsm-project-admins',
  'authenticated-users',
  'all-licensed-users',
  'all-product-admins',
]);

function principalOf(type: string, id: string): Principal[] {
  // A principal without an id is somebody, and nobody whom we know.
  if (id === '') return [];
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

function known(principals: Principal[]): KnownReading {
  return { state: 'known', principals: [...new Set(principals)].sort() };
}
