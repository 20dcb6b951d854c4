import fc from 'fast-check';
import { roleNamed } from '../../sandbox/world/roles.ts';
import type { WorldStore } from '../../sandbox/world/store.ts';
import { admitCrawler, crawler, pick, restrictionOf } from './company.ts';
import { randomNamed, type Named } from './worlds.ts';

export const changeKinds = [
  'move',
  'restrict',
  'open',
  'rename',
  'trash',
  'leave',
  'join',
  'dissolve',
  'deactivate',
  'reopen',
  'space',
  'withdraw comment',
  'withdraw attachment',
] as const;

/** A change of the company in small numbers, as in a plan. */
export interface Change {
  kind: (typeof changeKinds)[number];
  what: number;
  to: number;
  named: Named;
}

export function randomChange(): fc.Arbitrary<Change> {
  return fc.record({
    kind: fc.constantFrom(...changeKinds),
    what: fc.nat({ max: 40 }),
    to: fc.nat({ max: 40 }),
    named: randomNamed(),
  });
}

/** Makes the changes that apply, and keeps the crawler admitted everywhere. */
export function apply(store: WorldStore, changes: readonly Change[]): void {
  for (const change of changes) make(store, change);
  // Once more through the mutators, so that the sandbox notices.
  const world = store.snapshot();
  admitCrawler(world);
  for (const { id, restrictions } of world.content) store.setRestriction(id, 'read', restrictions.read);
  for (const { id, permissions, roleAssignments } of world.spaces) {
    store.setSpacePermissions(id, permissions);
    store.setRoleAssignments(id, roleAssignments);
  }
}

function make(store: WorldStore, { kind, what, to, named }: Change): void {
  const world = store.snapshot();
  const people = world.people.filter(({ accountId }) => accountId !== crawler);
  const living = world.content.filter(({ status }) => status === 'current');
  const item = pick(living, what);
  const group = pick(world.groups, what);
  const person = pick(people, to);
  switch (kind) {
    case 'move': {
      const moved = pick(
        living.filter(({ type }) => type !== 'blogpost'),
        what,
      );
      if (moved === undefined) return;
      const below = new Set(subtree(store, moved.id));
      const parent = pick(
        [undefined, ...living.filter(({ id, type }) => type !== 'blogpost' && !below.has(id))],
        to,
      );
      store.moveContent(moved.id, { parentId: parent?.id ?? null });
      return;
    }
    case 'restrict':
      if (item) store.setRestriction(item.id, 'read', restrictionOf(named, people, world.groups));
      return;
    case 'open':
      if (item) store.setRestriction(item.id, 'read', {});
      return;
    case 'rename':
      if (item) store.updateContent(item.id, { title: `${item.title} again` });
      return;
    case 'trash': {
      const leaf = pick(
        living.filter(({ id }) => !living.some(({ parentId }) => parentId === id)),
        what,
      );
      if (leaf) store.trash(leaf.id);
      return;
    }
    case 'leave':
      if (group && person) store.removeMember(group.id, person.accountId);
      return;
    case 'join':
      // Atlassian lets no guest into a group that opens the product.
      if (group && person && !(person.guest && group.access === 'user'))
        store.addMember(group.id, person.accountId);
      return;
    case 'dissolve':
      // The first lets the crawler in.
      if (group && group !== world.groups[0]) store.removeGroup(group.id);
      return;
    case 'deactivate':
      if (person) store.deactivatePerson(person.accountId);
      return;
    case 'reopen':
      if (person) store.changePerson(person.accountId, { status: 'active' });
      return;
    case 'space': {
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
      const roleId = roleNamed('Viewer').id;
      store.setRoleAssignments(
        space.id,
        principals.map((principal) => ({ principal, roleId })),
      );
      return;
    }
    case 'withdraw comment': {
      const comment = pick(
        world.comments.filter(
          ({ id, status }) => status === 'current' && !world.comments.some(({ parentId }) => parentId === id),
        ),
        what,
      );
      if (comment) store.setCommentStatus(comment.id, 'trashed');
      return;
    }
    case 'withdraw attachment': {
      const attachment = pick(world.attachments, what);
      if (attachment) store.setAttachmentStatus(attachment.id, 'trashed');
    }
  }
}

function subtree(store: WorldStore, id: string): string[] {
  return [id, ...store.children(id).flatMap((child) => subtree(store, child.id))];
}
