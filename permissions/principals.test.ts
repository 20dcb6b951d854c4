import { expect, test } from '@jest/globals';
import { principalsOf } from './principals.ts';

const staff = { id: 'staff', opensProduct: true, administers: false };
const admins = { id: 'admins', opensProduct: false, administers: true };
const others = { id: 'others', opensProduct: false, administers: false };
const account = { accountId: 'ada', active: true, guest: false, groups: [] };

test.each([
  [
    'a licensed person',
    { ...account, groups: [staff] },
    [
      'user:ada',
      'group:staff',
      'class:all-licensed-users',
      'class:authenticated-users',
      'class:anonymous-users',
    ],
  ],
  [
    'a product administrator without a licence',
    { ...account, groups: [admins] },
    ['user:ada', 'group:admins', 'class:all-product-admins'],
  ],
  [
    'a guest',
    { ...account, guest: true },
    ['user:ada', 'class:guests', 'class:authenticated-users', 'class:anonymous-users'],
  ],
  [
    'a guest in a group that opens the product is no licensed user',
    { ...account, guest: true, groups: [staff] },
    ['user:ada', 'group:staff', 'class:guests', 'class:authenticated-users', 'class:anonymous-users'],
  ],
  ['somebody without product access', { ...account, groups: [others] }, ['user:ada', 'group:others']],
  ['an account that is not active', { ...account, active: false, groups: [staff, admins] }, []],
])('%s holds exactly these principals', (_name, facts, expected) => {
  expect([...principalsOf(facts)].sort()).toEqual([...expected].sort());
});
