import fc from 'fast-check';
import { SPACE_ROLES } from '../../sandbox/world/roles.ts';
import type { WorldStore } from '../../sandbox/world/store.ts';
import type { Content, Group, Person, World } from '../../sandbox/world/types.ts';
import { admitCrawler, crawler, pick, restrictionOf, type Company } from './company.ts';
import { randomNamed, type Named } from './worlds.ts';

/** A change of the company in small numbers, as in a plan. */
export interface Change {
  kind: ChangeKind;
  what: number;
  to: number;
  named: Named;
}

/** What a change may be made to, and the numbers that say to which. */
interface Scene {
  store: WorldStore;
  world: World;
  people: Person[];
  /** What may be opened, and what may be restricted, moved, renamed. */
  living: Content[];
  item: Content | undefined;
  group: Group | undefined;
  person: Person | undefined;
  what: number;
  to: number;
  named: Named;
  /** Accounts whose email was certainly read before, and which no proof stands for. */
  knownByEmail: ReadonlySet<string>;
}

const kinds = {
  move({ store, living, what, to }) {
    const moved = pick(living.filter(isInTree), what);
    if (moved === undefined) return;
    const below = new Set(subtree(store, moved.id));
    const parent = pick([undefined, ...living.filter((one) => isInTree(one) && !below.has(one.id))], to);
    store.moveContent(moved.id, { parentId: parent?.id ?? null });
  },
  'move to a space'({ store, world, living, what, to }) {
    const moved = pick(living.filter(isInTree), what);
    const space = pick(world.spaces, to);
    if (moved && space) store.moveContent(moved.id, { parentId: null, spaceId: space.id });
  },
  restrict({ store, item, named, people, world }) {
    if (item) store.setRestriction(item.id, 'read', restrictionOf(named, people, world.groups));
  },
  open({ store, item }) {
    if (item) store.setRestriction(item.id, 'read', {});
  },
  'restrict editing'({ store, item, named, people, world }) {
    if (item) store.setRestriction(item.id, 'update', restrictionOf(named, people, world.groups));
  },
  rename({ store, item }) {
    if (item) store.updateContent(item.id, { title: `${item.title} again` });
  },
  trash({ store, item }) {
    if (item) store.trash(item.id);
  },
  archive({ store, item }) {
    if (item) store.archive(item.id);
  },
  restore({ store, world, what }) {
    const gone = pick(
      world.content.filter(({ status }) => status === 'trashed' || status === 'archived'),
      what,
    );
    if (gone) store.restore(gone.id);
  },
  purge({ store, item }) {
    if (item) store.purge(item.id);
  },
  leave({ store, group, person }) {
    if (group && person) store.removeMember(group.id, person.accountId);
  },
  join({ store, group, person }) {
    // Atlassian lets no guest into a group that opens the product.
    if (group && person && !(person.guest && group.access === 'user'))
      store.addMember(group.id, person.accountId);
  },
  dissolve({ store, world, group }) {
    // The first lets the crawler in.
    if (group && group !== world.groups[0]) store.removeGroup(group.id);
  },
  'make anew'({ store, world, group, person, to }) {
    if (group === undefined || person === undefined || group === world.groups[0]) return;
    store.removeGroup(group.id);
    const id = `${group.id}-${to}`;
    if (store.group(id) === undefined)
      store.addGroup({ id, name: group.name, members: [crawler, person.accountId] });
  },
  'rename group'({ store, world, group, to }) {
    const other = pick(world.groups, to);
    if (group && other) store.renameGroup(group.id, other.name.toUpperCase());
  },
  deactivate({ store, person }) {
    if (person) store.deactivatePerson(person.accountId);
  },
  reopen({ store, person }) {
    if (person) store.changePerson(person.accountId, { status: 'active' });
  },
  'hide email'({ store, person }) {
    if (person) store.changePerson(person.accountId, { emailVisible: false });
  },
  'change email'({ store, people, what, to, knownByEmail }) {
    const known = people.filter(({ accountId }) => knownByEmail.has(accountId));
    const [one, other] = [pick(known, what), pick(known, to)];
    if (one && other)
      store.changePerson(one.accountId, { email: one === other ? `new.${one.email}` : other.email });
  },
  'open space'({ store, world, what, named, people }) {
    const space = pick(world.spaces, what);
    if (space === undefined) return;
    const { users, groups } = restrictionOf(named, people, world.groups);
    const principals = [
      ...users.map((id) => ({ type: 'user' as const, id })),
      ...groups.map((id) => ({ type: 'group' as const, id })),
    ];
    store.setSpacePermissions(
      space.id,
      principals.map((principal) => ({ principal, operation: 'read', target: 'space' })),
    );
    const role = pick(SPACE_ROLES, what);
    store.setRoleAssignments(
      space.id,
      role === undefined ? [] : principals.map((principal) => ({ principal, roleId: role.id })),
    );
  },
  'shut space'({ store, world, what }) {
    const space = pick(world.spaces, what);
    if (space === undefined) return;
    store.setSpacePermissions(space.id, space.permissions.slice(1));
    store.setRoleAssignments(space.id, space.roleAssignments.slice(1));
  },
  'let visitors in'({ store, what }) {
    store.changeSite({ anonymousAccess: what % 2 === 0 });
  },
  'change mode'({ store, what }) {
    const spaceRoleMode = pick(['PRE_ROLES', 'ROLES', 'ROLES_TRANSITION'] as const, what);
    if (spaceRoleMode) store.changeSite({ spaceRoleMode });
  },
  'withdraw comment'({ store, world, what }) {
    const comment = pick(
      world.comments.filter(
        ({ id, status }) => status === 'current' && !world.comments.some(({ parentId }) => parentId === id),
      ),
      what,
    );
    if (comment) store.setCommentStatus(comment.id, 'trashed');
  },
  'withdraw attachment'({ store, world, what }) {
    const attachment = pick(world.attachments, what);
    if (attachment) store.setAttachmentStatus(attachment.id, 'trashed');
  },
} satisfies Record<string, (scene: Scene) => void>;

export type ChangeKind = keyof typeof kinds;
export const changeKinds = Object.keys(kinds) as ChangeKind[];

export function randomChange(of: readonly ChangeKind[] = changeKinds): fc.Arbitrary<Change> {
  const number = fc.nat({ max: 1000 });
  return fc.record({ kind: fc.constantFrom(...of), what: number, to: number, named: randomNamed() });
}

/**
 * Makes the changes that apply, and keeps the crawler admitted everywhere.
 * @param company as it was when it was read first
 */
export function apply(store: WorldStore, changes: readonly Change[], company: Company): void {
  const { groups } = company.world;
  const proven = new Set(company.proven);
  const knownByEmail = new Set(groups[0]?.members.filter((id) => !proven.has(id)));
  for (const { kind, ...numbers } of changes)
    kinds[kind]({ ...sceneOf(store, numbers), ...numbers, knownByEmail });
  readmitCrawler(store);
}

function sceneOf(store: WorldStore, { what, to }: Pick<Change, 'what' | 'to'>) {
  const world = store.snapshot();
  const people = world.people.filter(({ accountId }) => accountId !== crawler);
  const living = world.content.filter(({ status }) => status === 'current');
  const [item, group, person] = [pick(living, what), pick(world.groups, what), pick(people, to)];
  return { store, world, people, living, item, group, person };
}

/** Through the mutators, so that the sandbox notices; and only where something changes. */
function readmitCrawler(store: WorldStore): void {
  const before = store.snapshot();
  const after = { ...structuredClone(before), roles: SPACE_ROLES };
  admitCrawler(after);
  for (const [n, { id, restrictions }] of after.content.entries())
    if (restrictions.read.users.length !== before.content[n]?.restrictions.read.users.length)
      store.setRestriction(id, 'read', restrictions.read);
  for (const [n, { id, permissions, roleAssignments }] of after.spaces.entries()) {
    if (permissions.length !== before.spaces[n]?.permissions.length)
      store.setSpacePermissions(id, permissions);
    if (roleAssignments.length !== before.spaces[n]?.roleAssignments.length)
      store.setRoleAssignments(id, roleAssignments);
  }
}

function isInTree({ type }: Content): boolean {
  return type !== 'blogpost';
}

function subtree(store: WorldStore, id: string): string[] {
  return [id, ...store.children(id).flatMap((child) => subtree(store, child.id))];
}
