import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canSee } from './can-see.ts';
import { principalsOf } from './principals.ts';
import {
  productLayer,
  restrictionLayer,
  spaceLayerFromBoth,
  spaceLayerFromPermissions,
  spaceLayerFromRoles,
  unknownLayer,
} from './readings.ts';
import type { Layer, LayerReading, Principal } from './types.ts';

test('empty lists are no restriction', () => {
  expect(restrictionLayer({ users: [], groups: [], unidentified: 0 })).toBeNull();
});

test('a restriction admits its users and groups', () => {
  expect(restrictionLayer({ users: ['a'], groups: ['g'], unidentified: 0 })).toEqual({
    state: 'known',
    principals: ['group:g', 'user:a'],
  });
});

test('a restriction whose principals cannot be identified admits nobody', () => {
  expect(restrictionLayer({ users: [], groups: [], unidentified: 2 })).toEqual({
    state: 'known',
    principals: [],
  });
});

test('only read on space opens a space, and principals that are not understood do not count', () => {
  const row = (type: string, id: string, operation: string, target: string) => ({
    principal: { type, id },
    operation,
    target,
  });
  expect(
    spaceLayerFromPermissions([
      row('user', 'a', 'read', 'space'),
      row('group', 'g', 'read', 'space'),
      row('group', 'h', 'create', 'page'),
      row('user', 'b', 'administer', 'space'),
      row('role', 'all-licensed-users', 'read', 'space'),
      row('role', '4711', 'read', 'space'),
      row('app', 'x', 'read', 'space'),
      row('user', '', 'read', 'space'),
      row('group', '', 'read', 'space'),
    ]),
  ).toEqual({ state: 'known', principals: ['class:all-licensed-users', 'group:g', 'user:a'] });
});

const assignment = (type: string, id: string, roleId: string) => ({ principal: { type, id }, roleId });

test('a role counts only if it grants view, and a role that is not known grants nothing', () => {
  const roles = [
    { id: 'viewer', name: 'Viewer', permissions: ['read/space'] },
    { id: 'own', name: 'Readers of ours', permissions: ['create/page', 'read/space'] },
    { id: 'writer', name: 'Writer', permissions: ['create/page', 'read/page', 'read/spaces'] },
  ];
  expect(
    spaceLayerFromRoles(
      [
        assignment('USER', 'a', 'viewer'),
        assignment('GROUP', 'g', 'writer'),
        assignment('ACCESS_CLASS', 'anonymous-users', 'viewer'),
        assignment('USER', 'b', 'gone'),
        assignment('USER', 'a', 'own'),
        assignment('USER', '', 'own'),
        assignment('APP', 'c', 'own'),
        assignment('ACCESS_CLASS', 'everybody-there-is', 'own'),
      ],
      roles,
    ),
  ).toEqual({
    state: 'known',
    principals: ['class:anonymous-users', 'user:a'],
    roles: { 'class:anonymous-users': ['Viewer'], 'user:a': ['Readers of ours', 'Viewer'] },
  });
});

test('the product is open to its groups and to guests, and to visitors where the site is; what is unknown is open to nobody', () => {
  expect(productLayer(['g'], false)).toEqual({ state: 'known', principals: ['class:guests', 'group:g'] });
  expect(productLayer(['g'], true)).toEqual({
    state: 'known',
    principals: ['class:guests', 'class:visitors', 'group:g'],
  });
  expect(unknownLayer('403')).toEqual({ state: 'unknown', reason: '403', principals: [] });
});

test('a principal beside unidentified ones is admitted, and they admit nobody else', () => {
  expect(restrictionLayer({ users: ['a'], groups: [], unidentified: 3 })).toEqual({
    state: 'known',
    principals: ['user:a'],
  });
});

const known = (...principals: Principal[]): LayerReading => ({ state: 'known', principals });

test.each<[string, Principal[], Principal[], Principal[]]>([
  ['what both name', ['group:g', 'user:a'], ['user:a', 'user:b'], ['user:a']],
  ['a group and its member are not compared', ['group:g'], ['user:a'], []],
  ['one names a group, the other everybody', ['class:authenticated-users'], ['group:g'], ['group:g']],
  [
    'visitors only where both admit them',
    ['class:anonymous-users'],
    ['class:authenticated-users'],
    ['class:authenticated-users'],
  ],
  ['licensed users are not everybody', ['class:all-licensed-users'], ['group:g'], []],
])('while a site changes over: %s', (_name, permissions, roles, both) => {
  expect(spaceLayerFromBoth(known(...permissions), known(...roles))).toMatchObject({
    state: 'known',
    principals: both,
  });
});

test('while a site changes over, what is not known of either is not known', () => {
  expect(spaceLayerFromBoth(unknownLayer('403'), known('user:a')).state).toBe('unknown');
  expect(spaceLayerFromBoth(known('user:a'), unknownLayer('403')).state).toBe('unknown');
});

const named = fc.uniqueArray(
  fc.constantFrom<Principal>(
    'user:a',
    'user:b',
    'group:g',
    'group:opens',
    'class:all-licensed-users',
    'class:authenticated-users',
    'class:anonymous-users',
    'class:all-product-admins',
  ),
);
const layer = (reading: LayerReading, kind: Layer['kind']): Layer => ({
  id: kind,
  kind,
  sourceId: kind,
  ...reading,
});

test('while a site changes over, whoever has the product is admitted by permissions and by roles', () => {
  const account = fc.record({
    accountId: fc.constantFrom('a', 'b', 'c'),
    active: fc.boolean(),
    guest: fc.boolean(),
    groups: fc.subarray([
      { id: 'opens', opensProduct: true, administers: false },
      { id: 'g', opensProduct: false, administers: true },
    ]),
  });
  fc.assert(
    fc.property(account, named, named, (facts, permissions, roles) => {
      const held = principalsOf(facts);
      const product = layer(productLayer(['opens'], true), 'product');
      const admits = (reading: LayerReading) => canSee(held, [product, layer(reading, 'space')]);
      if (admits(spaceLayerFromBoth(known(...permissions), known(...roles)))) {
        expect([admits(known(...permissions)), admits(known(...roles))]).toEqual([true, true]);
      }
    }),
  );
});
