import type {
  AccessClass,
  Content,
  Person,
  Principal,
  Restriction,
  Space,
} from '../../sandbox/world/types.ts';
import type { Truth } from './truth.ts';

/**
 * Who may see what, told a second time: Confluence Cloud's read model over the ground truth of a simulated company,
 * by definition and by search through the whole lists, without index, memory or SQL. It shares nothing with the
 * product but ids, so that both can be held against each other. What is not established denies.
 * @param accountId null for a visitor, who has not signed in to Atlassian
 */
export function canView(truth: Truth, accountId: string | null, contentId: string): boolean {
  return view(truth, accountId, contentId, []);
}

/**
 * Ids of all content, comments and attachments that a person may be shown: what the account may see and what any
 * visitor may. Null: the person has no account here.
 */
export function visibleTo(truth: Truth, accountId: string | null): Set<string> {
  return new Set(
    everythingIn(truth).filter(
      (id) => canView(truth, null, id) || (accountId !== null && canView(truth, accountId, id)),
    ),
  );
}

/** Ids of all that there is to be seen. */
export function everythingIn({ content, comments, attachments }: Truth): string[] {
  return [...content, ...comments, ...attachments].map(({ id }) => id);
}

function view(truth: Truth, accountId: string | null, id: string, below: readonly string[]): boolean {
  if (below.includes(id)) return false;
  const hanging =
    truth.comments.find((one) => one.id === id) ?? truth.attachments.find((one) => one.id === id);
  if (hanging !== undefined)
    return hanging.status === 'current' && view(truth, accountId, hanging.containerId, [...below, id]);
  const item = truth.content.find((one) => one.id === id);
  if (item === undefined || !isShown(item) || truth.held?.includes(id) === true) return false;
  const space = truth.spaces.find((one) => one.id === item.spaceId);
  return (
    hasProduct(truth, accountId) &&
    space !== undefined &&
    canViewSpace(truth, accountId, space) &&
    admits(truth, accountId, item.restrictions.read) &&
    // Whoever cannot view the parent cannot view what is below; blog posts are below nothing.
    (item.type === 'blogpost' ||
      item.parentId === null ||
      view(truth, accountId, item.parentId, [...below, id]))
  );
}

/** Archived content keeps every layer that it had; drafts and what is in the trash are nobody's. */
function isShown({ status }: Content): boolean {
  return status === 'current' || status === 'archived';
}

/** Active, and let into Confluence by a group, or a guest; a visitor where the site and the connection let one in. */
export function hasProduct(truth: Truth, accountId: string | null): boolean {
  if (accountId === null) return truth.site.anonymousAccess && truth.visitorsWelcome === true;
  const person = find(truth, accountId);
  return person?.status === 'active' && (person.guest || isLicensed(truth, person));
}

/** View permission on a space, by grants or, in role mode, by assignments of a role that holds it. */
export function canViewSpace(truth: Truth, accountId: string | null, space: Space): boolean {
  if (space.status === 'trashed') return false;
  const byGrant = space.permissions.some(
    ({ principal, operation, target }) =>
      operation === 'read' && target === 'space' && isOne(truth, accountId, principal),
  );
  const byRole = space.roleAssignments.some(
    ({ principal, roleId }) => opens(truth, roleId) && isOne(truth, accountId, principal),
  );
  switch (truth.site.spaceRoleMode) {
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
export function admits(truth: Truth, accountId: string | null, { users, groups }: Restriction): boolean {
  if (users.length === 0 && groups.length === 0) return true;
  if (accountId === null) return false;
  return users.includes(accountId) || groups.some((groupId) => isMember(truth, accountId, groupId));
}

function isOne(truth: Truth, accountId: string | null, principal: Principal): boolean {
  switch (principal.type) {
    case 'user':
      return principal.id === accountId;
    case 'group':
      return accountId !== null && isMember(truth, accountId, principal.id);
    case 'class':
      return isOfClass(truth, accountId, principal.id);
  }
}

function isOfClass(truth: Truth, accountId: string | null, accessClass: AccessClass): boolean {
  // Whoever has not signed in is of this class alone.
  if (accountId === null) return accessClass === 'anonymous-users';
  const person = find(truth, accountId);
  if (person === undefined) return false;
  switch (accessClass) {
    // A visitor's access is everybody's who can sign in; it makes nothing public.
    case 'anonymous-users':
    case 'authenticated-users':
      return hasProduct(truth, accountId);
    case 'all-licensed-users':
      return !person.guest && isLicensed(truth, person);
    // Of the product, by their group; whether administrators of the whole site are meant is not established.
    case 'all-product-admins':
      return truth.groups.some(({ access, members }) => access === 'admin' && members.includes(accountId));
    // The company does not say who they are.
    case 'jsm-project-admins':
      return false;
  }
}

function isLicensed(truth: Truth, { accountId }: Person): boolean {
  return truth.groups.some(({ access, members }) => access === 'user' && members.includes(accountId));
}

function isMember(truth: Truth, accountId: string, groupId: string): boolean {
  return truth.groups.some(({ id, members }) => id === groupId && members.includes(accountId));
}

function find(truth: Truth, accountId: string): Person | undefined {
  return truth.people.find((person) => person.accountId === accountId);
}

function opens(truth: Truth, roleId: string): boolean {
  return truth.roles?.find(({ id }) => id === roleId)?.spacePermissions.includes('read/space') === true;
}
