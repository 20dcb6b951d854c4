import type { AuditTrail } from './audit-trail.ts';
import { existing } from './indexes.ts';
import type { Indexes } from './indexes.ts';
import type { Listings } from './listings.ts';
import type { AuditRecord, Behaviour, Group, Person, Site, Space } from './types.ts';

export interface PeopleMutators {
  addPerson(person: Partial<Person> & { accountId: string; name: string }): Person;
  changePerson(accountId: string, change: Partial<Omit<Person, 'accountId'>>): Person;
  deactivatePerson(accountId: string): Person;
  addGroup(group: Partial<Group> & { id: string; name: string }): Group;
  renameGroup(groupId: string, name: string): Group;
  removeGroup(groupId: string): void;
  addMember(groupId: string, accountId: string): Group;
  removeMember(groupId: string, accountId: string): Group;
  addSpace(space: Partial<Space> & { id: string; key: string; name: string }): Space;
  changeSpace(spaceId: string, change: Partial<Pick<Space, 'name' | 'status' | 'homepageId'>>): Space;
  setSpacePermissions(spaceId: string, permissions: Omit<Space['permissions'][number], 'id'>[]): Space;
  setRoleAssignments(spaceId: string, assignments: Space['roleAssignments']): Space;
  changeSite(change: Partial<Omit<Site, 'cloudId'>>): Site;
  setBehaviour(change: Partial<Behaviour>): Behaviour;
  addAudit(record: Partial<AuditRecord> & { summary: string }): AuditRecord;
}

export function createPeopleMutators(
  indexes: Indexes,
  listings: Listings,
  now: () => Date,
  trail: AuditTrail,
): PeopleMutators {
  const touch = (): void => {
    indexes.revision += 1;
    indexes.accessRevision += 1;
  };
  const changePerson: PeopleMutators['changePerson'] = (accountId, change) => {
    const person = existing(indexes.people, accountId, 'person');
    const wasActive = person.status === 'active';
    Object.assign(person, change, { accountId });
    touch();
    const isActive = person.status === 'active';
    if (isActive !== wasActive) trail.person(person, isActive ? 'User reactivated' : 'User deactivated');
    return person;
  };
  return {
    addPerson(input) {
      if (indexes.people.has(input.accountId)) throw new Error(`Person ${input.accountId} exists already.`);
      const person: Person = {
        email: `${input.accountId}@example.com`,
        emailVisible: true,
        type: 'atlassian',
        status: 'active',
        guest: false,
        timeZone: 'Etc/UTC',
        confluenceAdmin: false,
        ...input,
      };
      indexes.world.people.push(person);
      indexes.people.set(person.accountId, person);
      touch();
      return person;
    },
    changePerson,
    deactivatePerson: (accountId) => changePerson(accountId, { status: 'inactive' }),
    addGroup(input) {
      if (indexes.groups.has(input.id)) throw new Error(`Group ${input.id} exists already.`);
      const group: Group = { members: [], access: 'none', ...input };
      indexes.world.groups.push(group);
      indexes.groups.set(group.id, group);
      for (const member of group.members) hold(indexes, member).add(group.id);
      touch();
      trail.group(group, 'Group created');
      return group;
    },
    renameGroup(groupId, name) {
      const group = existing(indexes.groups, groupId, 'group');
      const { name: oldValue } = group;
      group.name = name;
      touch();
      trail.group(group, 'Group renamed', [{ name: 'Name', oldValue, newValue: name }]);
      return group;
    },
    removeGroup(groupId) {
      const group = existing(indexes.groups, groupId, 'group');
      indexes.groups.delete(groupId);
      indexes.world.groups = indexes.world.groups.filter(({ id }) => id !== groupId);
      for (const member of group.members) indexes.groupsOf.get(member)?.delete(groupId);
      touch();
      trail.group(group, 'Group deleted');
    },
    addMember(groupId, accountId) {
      const group = existing(indexes.groups, groupId, 'group');
      existing(indexes.people, accountId, 'person');
      const was = group.members.includes(accountId);
      if (!was) group.members = [...group.members, accountId];
      hold(indexes, accountId).add(groupId);
      touch();
      if (!was) trail.membership(group, accountId, 'User added to group');
      return group;
    },
    removeMember(groupId, accountId) {
      const group = existing(indexes.groups, groupId, 'group');
      const was = group.members.includes(accountId);
      group.members = group.members.filter((member) => member !== accountId);
      indexes.groupsOf.get(accountId)?.delete(groupId);
      touch();
      if (was) trail.membership(group, accountId, 'User removed from group');
      return group;
    },
    addSpace(input) {
      if (indexes.spaces.has(input.id)) throw new Error(`Space ${input.id} exists already.`);
      const space: Space = {
        type: 'global',
        status: 'current',
        authorId: indexes.world.people[0]?.accountId ?? '',
        homepageId: null,
        createdAt: now().toISOString(),
        permissions: [],
        roleAssignments: [],
        ...input,
      };
      indexes.world.spaces.push(space);
      indexes.spaces.set(space.id, space);
      indexes.spacesByKey.set(space.key, space);
      touch();
      trail.spaceChanged(space, 'Space created');
      return space;
    },
    changeSpace(spaceId, change) {
      const space = existing(indexes.spaces, spaceId, 'space');
      const { status, name } = space;
      Object.assign(space, change);
      touch();
      listings.clear('content');
      if (space.status !== status) trail.spaceChanged(space, statusWords[space.status]);
      if (space.name !== name)
        trail.spaceChanged(space, 'Space name changed', [
          { name: 'Name', oldValue: name, newValue: space.name },
        ]);
      return space;
    },
    setSpacePermissions(spaceId, permissions) {
      const space = existing(indexes.spaces, spaceId, 'space');
      const before = space.permissions;
      space.permissions = permissions.map((permission) => ({ ...permission, id: indexes.nextId() }));
      touch();
      trail.spacePermissions(space, before);
      return space;
    },
    setRoleAssignments(spaceId, assignments) {
      const space = existing(indexes.spaces, spaceId, 'space');
      const before = space.roleAssignments;
      space.roleAssignments = [...assignments];
      touch();
      trail.spaceRoles(space, before);
      return space;
    },
    changeSite(change) {
      const { anonymousAccess } = indexes.world.site;
      const site = Object.assign(indexes.world.site, change);
      touch();
      if (site.anonymousAccess !== anonymousAccess) trail.anonymousAccess(site.anonymousAccess);
      return site;
    },
    setBehaviour(change) {
      touch();
      return Object.assign(indexes.world.behaviour, change);
    },
    addAudit(record) {
      const full: AuditRecord = {
        author: { accountId: '', displayName: 'System' },
        remoteAddress: '192.0.2.1',
        creationDate: now().getTime(),
        description: '',
        category: 'Permissions',
        affectedObject: { name: '', objectType: '' },
        associatedObjects: [],
        changedValues: [],
        ...record,
      };
      indexes.world.audit.push(full);
      indexes.revision += 1;
      return full;
    },
  };
}

const statusWords: Record<Space['status'], string> = {
  current: 'Space restored',
  archived: 'Space archived',
  trashed: 'Space deleted',
};

function hold(indexes: Indexes, accountId: string): Set<string> {
  let held = indexes.groupsOf.get(accountId);
  if (held === undefined) indexes.groupsOf.set(accountId, (held = new Set()));
  return held;
}
