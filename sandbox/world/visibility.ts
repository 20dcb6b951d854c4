import { roleOpensSpace } from './roles.ts';
import type { WorldStore } from './store.ts';
import type { AccessClass, Content, Principal, Restriction, Space } from './types.ts';

/**
 * The ground truth of who sees what: product AND space AND every restriction from the item up to the top of the
 * tree, each of them an OR over users and groups (support.atlassian.com, "Add or remove page restrictions").
 * `accountId` null is a visitor who has not signed in.
 */
export function canView(store: WorldStore, accountId: string | null, id: string): boolean {
  const item = store.content(id) ?? containerOf(store, id);
  if (item === undefined) return false;
  if (item.status === 'deleted') return false;
  if (item.status === 'draft' && item.authorId !== accountId) return false;
  return canViewSpace(store, accountId, item.spaceId) && pathAdmits(store, accountId, item);
}

/** Whether the space opens for this account: the product layer and the space's own. */
export function canViewSpace(store: WorldStore, accountId: string | null, spaceId: string): boolean {
  const { spaces } = memo(store, accountId);
  let verdict = spaces.get(spaceId);
  if (verdict === undefined) {
    const space = store.space(spaceId);
    verdict = space !== undefined && hasProduct(store, accountId) && spaceAdmits(store, accountId, space);
    spaces.set(spaceId, verdict);
  }
  return verdict;
}

/** Whether the account may use the product at all: active, and let in by a group that opens it or as a guest. */
export function hasProduct(store: WorldStore, accountId: string | null): boolean {
  if (accountId === null) return store.site.anonymousAccess;
  const person = store.person(accountId);
  if (person === undefined || person.status !== 'active') return false;
  return person.guest || isLicensed(store, accountId);
}

/** Membership in a group that opens the product; guests have none of it. */
export function isLicensed(store: WorldStore, accountId: string): boolean {
  if (store.person(accountId)?.guest === true) return false;
  for (const id of store.groupsOf(accountId)) if (store.group(id)?.access === 'user') return true;
  return false;
}

function spaceAdmits(store: WorldStore, accountId: string | null, space: Space): boolean {
  if (space.status === 'trashed') return false;
  // While the site changes over permissions still decide here; Atlassian does not say.
  if (store.site.spaceRoleMode === 'ROLES') {
    return space.roleAssignments.some(
      ({ principal, roleId }) => roleOpensSpace(roleId) && holds(store, accountId, principal),
    );
  }
  return space.permissions.some(
    ({ principal, operation, target }) =>
      operation === 'read' && target === 'space' && holds(store, accountId, principal),
  );
}

function holds(store: WorldStore, accountId: string | null, principal: Principal): boolean {
  if (principal.type === 'class') return inClass(store, accountId, principal.id);
  if (accountId === null) return false;
  return principal.type === 'user'
    ? principal.id === accountId
    : store.groupsOf(accountId).has(principal.id) && store.group(principal.id) !== undefined;
}

/** Asked only of accounts that passed the product layer. */
function inClass(store: WorldStore, accountId: string | null, id: AccessClass): boolean {
  switch (id) {
    case 'anonymous-users':
      // Holds for guests and members even where visitors are shut out of the site.
      return true;
    case 'authenticated-users':
      return accountId !== null;
    case 'all-licensed-users':
      return accountId !== null && isLicensed(store, accountId);
    case 'all-product-admins':
      return accountId !== null && isProductAdmin(store, accountId);
    default:
      return false;
  }
}

/** Administrators by group or by their own flag. They see no more than others for it. */
export function isProductAdmin(store: WorldStore, accountId: string): boolean {
  if (store.person(accountId)?.confluenceAdmin === true) return true;
  for (const id of store.groupsOf(accountId)) {
    const access = store.group(id)?.access;
    if (access === 'admin' || access === 'site-admin') return true;
  }
  return false;
}

/** The item's own read restriction and those of every ancestor; a parent that does not exist admits nobody. */
function pathAdmits(store: WorldStore, accountId: string | null, item: Content): boolean {
  const { paths } = memo(store, accountId);
  const open: string[] = [];
  let at: Content | undefined = item;
  let verdict: boolean | undefined;
  while (verdict === undefined) {
    const known = paths.get(at.id);
    if (known !== undefined) {
      verdict = known;
      break;
    }
    open.push(at.id);
    // Written before it is known: a circle of parents comes back here and is refused.
    paths.set(at.id, false);
    if (!restrictionAdmits(store, accountId, at.restrictions.read)) verdict = false;
    else if (at.parentId === null) verdict = true;
    else {
      at = store.content(at.parentId);
      if (at === undefined) verdict = false;
    }
    if (at === undefined) break;
  }
  for (const id of open) paths.set(id, verdict === true);
  return verdict === true;
}

function restrictionAdmits(
  store: WorldStore,
  accountId: string | null,
  { users, groups }: Restriction,
): boolean {
  if (users.length === 0 && groups.length === 0) return true;
  if (accountId === null) return false;
  if (users.includes(accountId)) return true;
  const held = store.groupsOf(accountId);
  return groups.some((id) => held.has(id));
}

function containerOf(store: WorldStore, id: string): Content | undefined {
  const owner = store.comment(id) ?? store.attachment(id);
  return owner === undefined ? undefined : store.content(owner.containerId);
}

interface Memo {
  spaces: Map<string, boolean>;
  paths: Map<string, boolean>;
}

const memos = new WeakMap<WorldStore, { revision: number; byAccount: Map<string, Memo> }>();

function memo(store: WorldStore, accountId: string | null): Memo {
  let all = memos.get(store);
  if (all === undefined || all.revision !== store.accessRevision) {
    all = { revision: store.accessRevision, byAccount: new Map() };
    memos.set(store, all);
  }
  const key = accountId ?? '';
  let own = all.byAccount.get(key);
  if (own === undefined) {
    own = { spaces: new Map(), paths: new Map() };
    all.byAccount.set(key, own);
  }
  return own;
}
