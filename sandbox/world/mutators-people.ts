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

export function createPeopleMutators(indexes: Indexes, listings: Listings, now: () => Date): PeopleMutators {
  const touch = (): void => {
    indexes.revision += 1;
    indexes.accessRevision += 1;
  };
  const changePerson: PeopleMutators['changePerson'] = (accountId, change) => {
    const person = Object.assign(existing(indexes.people, accountId, 'person'), change, { accountId });
    touch();
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
      return group;
    },
    renameGroup(groupId, name) {
      const group = existing(indexes.groups, groupId, 'group');
      group.name = name;
      touch();
      return group;
    },
    removeGroup(groupId) {
      const group = existing(indexes.groups, groupId, 'group');
      indexes.groups.delete(groupId);
      indexes.world.groups = indexes.world.groups.filter(({ id }) => id !== groupId);
      for (const member of group.members) indexes.groupsOf.get(member)?.delete(groupId);
      touch();
    },
    addMember(groupId, accountId) {
      const group = existing(indexes.groups, groupId, 'group');
      existing(indexes.people, accountId, 'person');
      if (!group.members.includes(accountId)) group.members = [...group.members, accountId];
      hold(indexes, accountId).add(groupId);
      touch();
      return group;
    },
    removeMember(groupId, accountId) {
      const group = existing(indexes.groups, groupId, 'group');
      group.members = group.members.filter((member) => member !== accountId);
      indexes.groupsOf.get(accountId)?.delete(groupId);
      touch();
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
      return space;
    },
    changeSpace(spaceId, change) {
      const space = Object.assign(existing(indexes.spaces, spaceId, 'space'), change);
      touch();
      listings.clear('content');
      return space;
    },
    setSpacePermissions(spaceId, permissions) {
      const space = existing(indexes.spaces, spaceId, 'space');
      space.permissions = permissions.map((permission) => ({ ...permission, id: indexes.nextId() }));
      touch();
      return space;
    },
    setRoleAssignments(spaceId, assignments) {
      const space = existing(indexes.spaces, spaceId, 'space');
      space.roleAssignments = [...assignments];
      touch();
      return space;
    },
    changeSite(change) {
      const site = Object.assign(indexes.world.site, change);
      touch();
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

function hold(indexes: Indexes, accountId: string): Set<string> {
  let held = indexes.groupsOf.get(accountId);
  if (held === undefined) indexes.groupsOf.set(accountId, (held = new Set()));
  return held;
}
