import { SPACE_ROLES } from '../../sandbox/world/roles.ts';
import type {
  AccessClass,
  Content,
  Person,
  Principal,
  Restriction,
  Space,
  World,
} from '../../sandbox/world/types.ts';

/**
 * Who may see what, told a second time: Confluence Cloud's read model over the ground truth of a simulated company,
 * by definition and by search through the whole lists, without index, memory or SQL. It shares nothing with the
 * product but ids, so that both can be held against each other. What is not established denies.
 */
export function canView(world: World, accountId: string, contentId: string): boolean {
  return view(world, accountId, contentId, new Set());
}

/** Ids of all content, comments and attachments that an account may see. */
export function visibleTo(world: World, accountId: string): Set<string> {
  return new Set(everythingIn(world).filter((id) => canView(world, accountId, id)));
}

/** Ids of all that there is to be seen. */
export function everythingIn(world: World): string[] {
  return [...world.content, ...world.comments, ...world.attachments].map(({ id }) => id);
}

function view(world: World, accountId: string, id: string, below: ReadonlySet<string>): boolean {
  if (below.has(id)) return false;
  const hanging = [...world.comments, ...world.attachments].find((one) => one.id === id);
  if (hanging !== undefined)
    return (
      hanging.status === 'current' && view(world, accountId, hanging.containerId, new Set([...below, id]))
    );
  const item = world.content.find((one) => one.id === id);
  if (item === undefined || !isShown(item)) return false;
  const space = world.spaces.find((one) => one.id === item.spaceId);
  return (
    hasProduct(world, accountId) &&
    space !== undefined &&
    canViewSpace(world, accountId, space) &&
    admits(world, accountId, item.restrictions.read) &&
    // Whoever cannot view the parent cannot view what is below; blog posts are below nothing.
    (item.type === 'blogpost' ||
      item.parentId === null ||
      view(world, accountId, item.parentId, new Set([...below, id])))
  );
}

/** Archived content keeps every layer that it had; drafts and what is in the trash are nobody's. */
function isShown({ status }: Content): boolean {
  return status === 'current' || status === 'archived';
}

/** Active, and let into Confluence by a group, or a guest. */
export function hasProduct(world: World, accountId: string): boolean {
  const person = find(world, accountId);
  return person?.status === 'active' && (person.guest || isLicensed(world, person));
}

/** View permission on a space, by grants or, in role mode, by assignments of a role that holds it. */
export function canViewSpace(world: World, accountId: string, space: Space): boolean {
  if (space.status === 'trashed') return false;
  const byGrant = space.permissions.some(
    ({ principal, operation, target }) =>
      operation === 'read' && target === 'space' && isOne(world, accountId, principal),
  );
  const byRole = space.roleAssignments.some(
    ({ principal, roleId }) => opens(roleId) && isOne(world, accountId, principal),
  );
  switch (world.site.spaceRoleMode) {
    case 'PRE_ROLES':
      return byGrant;
    case 'ROLES':
      return byRole;
    // Which of both decides while a site changes over is not established.
    case 'ROLES_TRANSITION':
      return byGrant && byRole;
  }
}

/** Nobody listed: no restriction. Somebody listed: only they, even where none of them exists any more. */
export function admits(world: World, accountId: string, { users, groups }: Restriction): boolean {
  if (users.length === 0 && groups.length === 0) return true;
  return users.includes(accountId) || groups.some((groupId) => isMember(world, accountId, groupId));
}

function isOne(world: World, accountId: string, principal: Principal): boolean {
  switch (principal.type) {
    case 'user':
      return principal.id === accountId;
    case 'group':
      return isMember(world, accountId, principal.id);
    case 'class':
      return isOfClass(world, accountId, principal.id);
  }
}

function isOfClass(world: World, accountId: string, accessClass: AccessClass): boolean {
  const person = find(world, accountId);
  if (person === undefined) return false;
  switch (accessClass) {
    // A visitor's access is everybody's who can sign in; it makes nothing public.
    case 'anonymous-users':
    case 'authenticated-users':
      return hasProduct(world, accountId);
    case 'all-licensed-users':
      return !person.guest && isLicensed(world, person);
    // Of the product, by their group; whether administrators of the whole site are meant is not established.
    case 'all-product-admins':
      return world.groups.some(({ access, members }) => access === 'admin' && members.includes(accountId));
    // The world does not say who they are.
    case 'jsm-project-admins':
      return false;
  }
}

function isLicensed(world: World, { accountId }: Person): boolean {
  return world.groups.some(({ access, members }) => access === 'user' && members.includes(accountId));
}

function isMember(world: World, accountId: string, groupId: string): boolean {
  return world.groups.some(({ id, members }) => id === groupId && members.includes(accountId));
}

function find(world: World, accountId: string): Person | undefined {
  return world.people.find((person) => person.accountId === accountId);
}

function opens(roleId: string): boolean {
  return SPACE_ROLES.find(({ id }) => id === roleId)?.spacePermissions.includes('read/space') === true;
}
