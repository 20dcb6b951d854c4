import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Content, World } from '../../sandbox/world/types.ts';
import type { Truth } from './truth.ts';
import { everythingIn, visibleTo } from './canView.ts';
import { crawler } from './company.ts';
import { randomWorld } from './worlds.ts';

/** Companies that the mistakes are looked for in; the same every time. */
const companies = fc.sample(randomWorld(), { numRuns: 150, seed: 20 });
const above = (world: World) =>
  world.content.filter(({ id }) => world.content.some(({ parentId }) => parentId === id));
const open = () => ({ users: [], groups: [] });
const isGone = (world: Truth, id: string): boolean =>
  !world.people.some(({ accountId }) => accountId === id) && !world.groups.some((group) => group.id === id);

/** A connector's mistake, as the world that it would take the real one for. */
const mistakes: Record<string, (world: Truth) => void> = {
  'restrictions of ancestors are left out': (world) => {
    for (const item of above(world)) item.restrictions.read = open();
  },
  'restrictions of folders and the like are left out': (world) => {
    for (const item of above(world)) if (item.type !== 'page') item.restrictions.read = open();
  },
  'all restrictions are left out': (world) => {
    for (const item of world.content) item.restrictions.read = open();
  },
  'an own restriction wins over those above': (world) => {
    const ends = world.content.filter(({ restrictions }) => restrictions.read.users.length > 0);
    for (const item of ends) item.parentId = null;
  },
  'groups in restrictions are left out': (world) => {
    for (const item of world.content) item.restrictions.read.groups = [];
  },
  'users in restrictions are left out': (world) => {
    for (const item of world.content) item.restrictions.read.users = [];
  },
  'who may edit is taken for who may view': (world) => {
    for (const item of world.content) item.restrictions.read = item.restrictions.update;
  },
  'principals that are gone are taken out of their list, which may then be empty': (world) => {
    for (const { restrictions } of world.content) {
      const stays = (id: string): boolean => id !== crawler && !isGone(world, id);
      restrictions.read.users = restrictions.read.users.filter(stays);
      restrictions.read.groups = restrictions.read.groups.filter(stays);
    }
  },
  'everybody with the product may open every space': (world) => {
    for (const space of world.spaces) {
      space.permissions.push({
        id: 'x',
        principal: { type: 'class', id: 'anonymous-users' },
        operation: 'read',
        target: 'space',
      });
      space.roleAssignments.push(...(world.spaces[0]?.roleAssignments ?? []));
    }
  },
  'access classes are left out': (world) => {
    for (const space of world.spaces) {
      space.permissions = space.permissions.filter(({ principal }) => principal.type !== 'class');
      space.roleAssignments = space.roleAssignments.filter(({ principal }) => principal.type !== 'class');
    }
  },
  'any permission opens a space': (world) => {
    for (const space of world.spaces) for (const one of space.permissions) one.operation = 'read';
  },
  'role mode goes unnoticed': (world) => {
    world.site.spaceRoleMode = 'PRE_ROLES';
    for (const space of world.spaces) for (const one of space.permissions) one.operation = 'read';
  },
  'people who left still count': (world) => {
    for (const person of world.people) person.status = 'active';
  },
  'guests are taken for outsiders': (world) => {
    for (const person of world.people) person.guest = false;
  },
  'guests are taken for everybody else': (world) => {
    for (const person of world.people.filter(({ guest }) => guest))
      world.groups[0]?.members.push(person.accountId);
  },
  'roles that do not let view open a space': (world) => {
    world.roles = world.roles?.map((role) => ({ ...role, spacePermissions: ['read/space'] })) ?? [];
  },
  'permissions alone decide while a site changes over': (world) => {
    if (world.site.spaceRoleMode === 'ROLES_TRANSITION') world.site.spaceRoleMode = 'PRE_ROLES';
  },
  'what is archived is opened again': (world) => {
    for (const item of world.content.filter(({ status }) => status === 'archived')) item.parentId = null;
  },
  'what is in the trash is still there': (world) => {
    for (const item of world.content) item.status = 'current';
  },
  'visitors are let in by the site alone': (world) => {
    world.visitorsWelcome = true;
  },
  'everybody has the product': (world) => {
    const group = { id: 'all', name: 'all', access: 'user' as const };
    world.groups.push({ ...group, members: world.people.map(({ accountId }) => accountId) });
  },
};

test.each(Object.entries(mistakes))('the random companies tell it when %s', (_, mistake) => {
  const told = companies.filter(({ world }) => {
    const wrong = structuredClone(world);
    mistake(wrong);
    return world.people.some(({ accountId }) => {
      const [right, mistaken] = [visibleTo(world, accountId), visibleTo(wrong, accountId)];
      return right.size !== mistaken.size || [...right].some((id) => !mistaken.has(id));
    });
  });
  expect(told.length).toBeGreaterThan(2);
});

test('random companies have the shapes that matter', () => {
  const depth = (world: World, item: Content): number => {
    const parent = world.content.find(({ id }) => id === item.parentId);
    return parent === undefined ? 1 : depth(world, parent) + 1;
  };
  const deepest = companies.map(({ world }) => Math.max(...world.content.map((item) => depth(world, item))));
  expect(Math.max(...deepest)).toBeGreaterThan(3);
  expect(Math.max(...deepest)).toBeLessThanOrEqual(6);
  let [pairs, visible] = [0, 0];
  for (const { world } of companies) {
    // All but what nobody may see: what is in the trash or a draft, and what is below that.
    const anybody = {
      ...world,
      content: world.content.map((one) => ({ ...one, status: 'current' as const })),
    };
    expect(visibleTo(anybody, crawler).size).toBe(everythingIn(world).length);
    for (const { accountId } of world.people) {
      pairs += everythingIn(world).length;
      visible += visibleTo(world, accountId).size;
    }
  }
  // Neither nearly nothing nor nearly everything is seen: both kinds of mistake have room to show.
  expect(visible / pairs).toBeGreaterThan(0.2);
  expect(visible / pairs).toBeLessThan(0.8);
});
