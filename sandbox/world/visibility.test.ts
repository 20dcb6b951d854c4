import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { roleNamed } from './roles.ts';
import { createSmallWorld, SMALL, smallPage } from './small.ts';
import { createWorldStore } from './store.ts';
import type { AccessClass, Principal, World } from './types.ts';
import { canView, canViewSpace } from './visibility.ts';

const { admin, mia, noah, guest, gone, team, users } = SMALL;
const everyone = [null, admin, mia, noah, guest, gone];

function viewers(world: World, id: string): (string | null)[] {
  const store = createWorldStore(world);
  return everyone.filter((account) => canView(store, account, id));
}

function opens(principal: Principal, change: Partial<World['site']> = {}): World {
  const world = createSmallWorld();
  Object.assign(world.site, change);
  world.spaces[0]!.permissions = [{ id: '1', principal, operation: 'read', target: 'space' }];
  return world;
}

test.each<[AccessClass, boolean, (string | null)[]]>([
  ['anonymous-users', false, [admin, mia, noah, guest]],
  ['anonymous-users', true, [null, admin, mia, noah, guest]],
  ['authenticated-users', true, [admin, mia, noah, guest]],
  ['all-licensed-users', true, [admin, mia, noah]],
  ['all-product-admins', true, [admin]],
  ['jsm-project-admins', true, []],
])('a space open to %s, with visitors allowed on the site: %s', (id, anonymousAccess, expected) => {
  expect(viewers(opens({ type: 'class', id }, { anonymousAccess }), '2003')).toEqual(expected);
});

test('a space opens to a group, to a user, and to nobody by another permission than read on space', () => {
  expect(viewers(opens({ type: 'group', id: team }), '2001')).toEqual([mia]);
  expect(viewers(opens({ type: 'user', id: guest }), '2001')).toEqual([guest]);
  expect(viewers(opens({ type: 'user', id: gone }), '2001')).toEqual([]);
  const world = opens({ type: 'user', id: mia });
  Object.assign(world.spaces[0]!.permissions[0]!, { operation: 'export' });
  expect(viewers(world, '2001')).toEqual([]);
});

test('in role mode only assignments of roles that read the space count', () => {
  const world = opens({ type: 'user', id: noah }, { spaceRoleMode: 'ROLES' });
  world.spaces[0]!.roleAssignments = [
    { principal: { type: 'user', id: mia }, roleId: roleNamed('Viewer').id },
    { principal: { type: 'user', id: admin }, roleId: roleNamed('Export only').id },
    { principal: { type: 'group', id: users }, roleId: 'unknown-role' },
  ];
  expect(viewers(world, '2001')).toEqual([mia]);
});

test('a page shows to whom its own list and every list above admit, users or groups within a list', () => {
  const world = createSmallWorld();
  world.content[0]!.restrictions.read = { users: [noah], groups: [team] };
  expect(viewers(world, '2003')).toEqual([mia, noah]);
  world.content[2]!.restrictions.read = { users: [noah, admin], groups: [] };
  expect(viewers(world, '2003')).toEqual([noah]);
  expect(viewers(world, '2002')).toEqual([mia, noah]);
  world.content[1]!.restrictions.read = { users: ['acc-nobody'], groups: ['grp-deleted'] };
  expect(viewers(world, '2003')).toEqual([]);
});

test('a folder restricts what is in it, and an edit restriction restricts nobody', () => {
  const world = createSmallWorld();
  Object.assign(world.content[0]!, { type: 'folder' });
  world.content[0]!.restrictions.read = { users: [mia], groups: [] };
  world.content[2]!.restrictions.update = { users: [admin], groups: [] };
  expect(viewers(world, '2003')).toEqual([mia]);
});

test('drafts show to their author alone, deleted content to nobody, a trashed space to nobody', () => {
  expect(viewers(createSmallWorld({ content: [smallPage('1', { status: 'draft' })] }), '1')).toEqual([admin]);
  expect(viewers(createSmallWorld({ content: [smallPage('1', { status: 'deleted' })] }), '1')).toEqual([]);
  const world = createSmallWorld();
  world.spaces[0]!.status = 'trashed';
  expect(viewers(world, '2001')).toEqual([]);
});

test('content below a missing parent, or in a circle of parents, shows to nobody', () => {
  expect(viewers(createSmallWorld({ content: [smallPage('1', { parentId: '404' })] }), '1')).toEqual([]);
  const circle = [smallPage('1', { parentId: '2' }), smallPage('2', { parentId: '1' })];
  expect(viewers(createSmallWorld({ content: circle }), '1')).toEqual([]);
});

test('orphans show as soon as their parent exists', () => {
  const store = createWorldStore(createSmallWorld({ content: [smallPage('1', { parentId: '2' })] }));
  expect(canView(store, mia, '1')).toBe(false);
  store.addContent({ id: '2', spaceId: SMALL.space, title: 'Found' });
  expect(canView(store, mia, '1')).toBe(true);
});

test('comments and attachments follow their page', () => {
  const store = createWorldStore(createSmallWorld());
  const comment = store.addComment({ containerId: '2003', body: '<p>hi</p>' });
  const file = store.addAttachment({ containerId: '2003', title: 'a.txt' });
  store.setRestriction('2001', 'read', { users: [mia] });
  for (const id of [comment.id, file.id]) {
    expect(canView(store, mia, id)).toBe(true);
    expect(canView(store, noah, id)).toBe(false);
  }
});

test('every kind of change is seen at once by what was remembered', () => {
  const store = createWorldStore(createSmallWorld());
  const sees = (account: string): boolean => canView(store, account, '2003');
  expect(sees(noah)).toBe(true);
  store.setRestriction('2001', 'read', { groups: [team] });
  expect(sees(noah)).toBe(false);
  store.addMember(team, noah);
  expect(sees(noah)).toBe(true);
  store.removeMember(team, noah);
  expect(sees(noah)).toBe(false);
  store.moveContent('2003', { parentId: null });
  expect(sees(noah)).toBe(true);
  store.deactivatePerson(noah);
  expect(sees(noah)).toBe(false);
  expect(sees(mia)).toBe(true);
  store.setSpacePermissions(SMALL.space, []);
  expect(sees(mia)).toBe(false);
  expect(canViewSpace(store, mia, SMALL.space)).toBe(false);
});

test('on random trees the remembered answer is the one worked out from scratch', () => {
  const person = fc.constantFrom(admin, mia, noah, guest, gone);
  const restriction = fc.record({
    users: fc.array(person, { maxLength: 2 }),
    groups: fc.array(fc.constantFrom(team, users), { maxLength: 1 }),
  });
  const node = fc.record({ parent: fc.nat(), restriction, restricted: fc.boolean() });
  fc.assert(
    fc.property(fc.array(node, { minLength: 1, maxLength: 12 }), (nodes) => {
      const content = nodes.map(({ parent, restriction: read, restricted }, i) =>
        smallPage(String(i + 1), {
          parentId: i === 0 || parent % 3 === 0 ? null : String((parent % i) + 1),
          restrictions: {
            read: restricted ? read : { users: [], groups: [] },
            update: { users: [], groups: [] },
          },
        }),
      );
      const world = createSmallWorld({ content });
      const store = createWorldStore(world);
      const inGroup = (account: string, id: string): boolean =>
        world.groups.some((group) => group.id === id && group.members.includes(account));
      for (const account of [admin, mia, noah, guest, gone]) {
        const layers = world.people.some((p) => p.accountId === account && p.status === 'active');
        for (const item of content) {
          let expected = layers && inGroup(account, users);
          for (let at: typeof item | undefined = item; at; at = content.find((c) => c.id === at?.parentId)) {
            const { read } = at.restrictions;
            const open = read.users.length + read.groups.length === 0;
            expected &&=
              open || read.users.includes(account) || read.groups.some((id) => inGroup(account, id));
          }
          expect(canView(store, account, item.id)).toBe(expected);
        }
      }
    }),
  );
});
