import type { Mutation } from './mutation.ts';

const canSee = ['permissions/can-see.test.ts'];
const readings = ['permissions/readings.test.ts'];
const principals = ['permissions/principals.test.ts', 'store/viewer-accounts.test.ts'];

/** Mistakes in the pure rules. */
export const rules: Mutation[] = [
  {
    name: 'AND becomes OR: one layer that admits is enough',
    file: 'permissions/can-see.ts',
    search: 'layers.every((layer)',
    replace: 'layers.some((layer)',
    tests: canSee,
  },
  {
    name: 'an unknown layer admits',
    file: 'permissions/can-see.ts',
    search: '(layer.principals.find((one) => principals.has(one)) ?? null) : null',
    replace: '(layer.principals.find((one) => principals.has(one)) ?? null) : ([...principals][0] ?? null)',
    tests: canSee,
  },
  {
    name: 'an ACL that is not settled admits',
    file: 'permissions/can-see.ts',
    search: 'layers !== null && layers.length > 0 && layers.every',
    replace: 'layers === null || layers.length === 0 || layers.every',
    tests: canSee,
  },
  {
    name: 'a restriction that names only who cannot be identified is none',
    file: 'permissions/readings.ts',
    search: ' && facts.unidentified === 0) return null;',
    replace: ') return null;',
    tests: readings,
  },
  {
    name: 'users in restrictions are left out, groups alone count',
    file: 'permissions/readings.ts',
    search: '    ...facts.users.map((id): Principal => `user:${id}`),\n',
    replace: '',
    tests: readings,
  },
  {
    name: 'any permission on a space opens it',
    file: 'permissions/readings.ts',
    search: "rows.filter((row) => row.operation === 'read' && row.target === 'space')",
    replace: "rows.filter((row) => row.target === 'space')",
    tests: readings,
  },
  {
    name: 'a role without view opens a space',
    file: 'permissions/readings.ts',
    search: "roles.filter((role) => role.permissions.includes('read/space')).map",
    replace: 'roles.map',
    tests: readings,
  },
  {
    name: 'of permissions and roles either is enough while a site changes over',
    file: 'permissions/readings.ts',
    search:
      'permissions.principals.flatMap((one) => roles.principals.flatMap((other) => inBoth(one, other))),',
    replace: '[...permissions.principals, ...roles.principals],',
    tests: readings,
  },
  {
    name: 'what cannot be read is open to everybody who can sign in',
    file: 'permissions/readings.ts',
    search: "return { state: 'unknown', reason, principals: [] };",
    replace:
      "return { state: 'known', principals: ['class:authenticated-users'] } as unknown as LayerReading & { state: 'unknown'; principals: []; reason: typeof reason };",
    tests: readings,
  },
  {
    name: 'access classes are one: anonymous is everybody licensed',
    file: 'permissions/readings.ts',
    search: 'return accessClasses.has(id) ? [`class:${id}`] : [];',
    replace: "return accessClasses.has(id) ? ['class:all-licensed-users'] : [];",
    tests: readings,
  },
  {
    name: 'visitors pass the product where the site keeps them out',
    file: 'permissions/readings.ts',
    search: "...(visitors ? ['class:visitors' as const] : [])",
    replace: "...(visitors || groupIds.length > 0 ? ['class:visitors' as const] : [])",
    tests: readings,
  },
  {
    name: 'an inactive account holds what it held',
    file: 'permissions/principals.ts',
    search: '  if (!account.active) return held;\n',
    replace: '',
    tests: principals,
  },
  {
    name: 'a guest counts as licensed',
    file: 'permissions/principals.ts',
    search: 'const licensed = !account.guest && account.groups.some((group) => group.opensProduct);',
    replace: 'const licensed = account.guest || account.groups.some((group) => group.opensProduct);',
    tests: principals,
  },
];
