import { expect, test } from '@jest/globals';
import { confluenceContract } from '../../test/contract/documents.ts';
import { serve } from '../../test/contract/serve.ts';
import { BEN, smallWorld } from '../../test/contract/small-world.ts';
import { roleNamed } from './roles.ts';
import { createWorldStore } from './store.ts';

const now = (): Date => new Date('2026-03-01T10:00:00.000Z');
const open = () => {
  const store = createWorldStore({ ...smallWorld(), audit: [] }, now);
  return { store, told: () => store.audit().map(({ summary }) => summary) };
};

test('a restriction leaves a record for each person and group that came or went, with names and no ids', () => {
  const { store } = open();
  const page = store.addContent({ spaceId: '10', title: 'Salary bands' });
  store.setRestriction(page.id, 'read', { users: [BEN], groups: ['g-admins'] });
  store.setRestriction(page.id, 'read', { groups: ['g-admins'] });
  const place = [
    { name: 'Salary bands', objectType: 'Page' },
    { name: store.space('10')!.name, objectType: 'Space' },
  ];
  const who = [store.person(BEN)!.name, store.group('g-admins')!.name, store.person(BEN)!.name];
  expect(store.audit()).toMatchObject([
    {
      summary: 'Content restriction added',
      affectedObject: { name: who[0], objectType: 'User' },
      associatedObjects: place,
    },
    {
      summary: 'Content restriction added',
      affectedObject: { name: who[1], objectType: 'Group' },
      associatedObjects: place,
    },
    {
      summary: 'Content restriction removed',
      affectedObject: { name: who[2], objectType: 'User' },
      associatedObjects: place,
    },
  ]);
  expect(JSON.stringify(store.audit())).not.toContain(`"${page.id}"`);
  expect(store.audit()[0]!.creationDate).toBe(now().getTime());
});

test('a record keeps the title that the page had, and a moved page one for itself alone', () => {
  const { store, told } = open();
  const page = store.addContent({ spaceId: '10', title: 'Old' });
  store.addContent({ spaceId: '10', title: 'Below', parentId: page.id });
  store.setRestriction(page.id, 'read', { users: [BEN] });
  store.updateContent(page.id, { title: 'New' });
  store.moveContent(page.id, { parentId: null, spaceId: '11' });
  expect(told()).toEqual(['Content restriction added', 'Page moved']);
  expect(store.audit()[0]!.associatedObjects[0]!.name).toBe('Old');
  expect(store.audit()[1]!.affectedObject.name).toBe('New');
});

test('permissions, roles, memberships, groups, people, spaces and anonymous access each leave their record', () => {
  const { store, told } = open();
  const space = store.space('10')!;
  const held = space.permissions.map(({ id: _id, ...one }) => one);
  store.setSpacePermissions('10', held.slice(1));
  store.setRoleAssignments('10', [
    { principal: { type: 'user', id: BEN }, roleId: roleNamed('Viewer').id },
    ...space.roleAssignments,
  ]);
  store.addGroup({ id: 'g-new', name: 'rocketeers' });
  store.addMember('g-new', BEN);
  store.addMember('g-new', BEN);
  store.removeMember('g-new', BEN);
  store.renameGroup('g-new', 'rockets');
  store.removeGroup('g-new');
  store.deactivatePerson(BEN);
  store.changePerson(BEN, { name: 'Benjamin' });
  store.changeSpace('10', { status: 'archived' });
  store.changeSite({ anonymousAccess: !store.site.anonymousAccess });
  expect(told()).toEqual([
    'Space permission removed',
    'Space role assigned',
    'Group created',
    'User added to group',
    'User removed from group',
    'Group renamed',
    'Group deleted',
    'User deactivated',
    'Space archived',
    'Global permission added',
  ]);
});

test('a world can leave records out, tell them late, or tell none', async () => {
  const site = await serve(smallWorld());
  const { store, clock } = site.context;
  const summaries = async (): Promise<string[]> =>
    (await site.send('/wiki/rest/api/audit')).json.results.map((one: { summary: string }) => one.summary);
  clock.set(now());
  store.setBehaviour({ auditLog: { omitted: ['Group created'], lagSeconds: 600 } });
  store.addGroup({ id: 'g-new', name: 'rocketeers' });
  store.addMember('g-new', BEN);
  const before = await summaries();
  clock.set(new Date(now().getTime() + 600_000));
  expect((await summaries()).slice(0, -before.length)).toEqual(['User added to group']);
  store.setBehaviour({ auditLog: { refused: true } });
  expect((await site.send('/wiki/rest/api/audit')).status).toBe(403);
  await site.close();
});

test('what the changes leave behind is as the document says', async () => {
  const contract = confluenceContract();
  if (contract === null) return;
  const site = await serve(smallWorld());
  const { store } = site.context;
  store.setRestriction('101', 'read', { users: [BEN], groups: ['g-admins'] });
  store.moveContent('101', { parentId: null });
  store.setSpacePermissions('10', []);
  store.deactivatePerson(BEN);
  const { json } = await site.send('/wiki/rest/api/audit');
  expect(json.size).toBeGreaterThan(6);
  expect(contract.faults('get', '/wiki/rest/api/audit', 200, json)).toEqual([]);
  await site.close();
});
