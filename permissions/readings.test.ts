import { expect, test } from '@jest/globals';
import {
  productLayer,
  restrictionLayer,
  spaceLayerFromPermissions,
  spaceLayerFromRoles,
  unknownLayer,
} from './readings.ts';

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
    ]),
  ).toEqual({ state: 'known', principals: ['class:all-licensed-users', 'group:g', 'user:a'] });
});

test('a role counts only if it grants view, and a role that is not known grants nothing', () => {
  const roles = [
    { id: 'viewer', permissions: ['read/space'] },
    { id: 'writer', permissions: ['create/page'] },
  ];
  const assignment = (type: string, id: string, roleId: string) => ({ principal: { type, id }, roleId });
  expect(
    spaceLayerFromRoles(
      [
        assignment('USER', 'a', 'viewer'),
        assignment('GROUP', 'g', 'writer'),
        assignment('ACCESS_CLASS', 'anonymous-users', 'viewer'),
        assignment('USER', 'b', 'gone'),
      ],
      roles,
    ),
  ).toEqual({ state: 'known', principals: ['class:anonymous-users', 'user:a'] });
});

test('the product is open to its groups and to guests; what is unknown is open to nobody', () => {
  expect(productLayer(['g'])).toEqual({
    state: 'known',
    principals: ['class:guests', 'class:visitors', 'group:g'],
  });
  expect(unknownLayer('403')).toEqual({ state: 'unknown', reason: '403', principals: [] });
});
