import fc from 'fast-check';
import { expect, test } from '@jest/globals';
import { differences } from './change.ts';

test('what changed is told leaf by leaf, lists as wholes, and nothing that stayed', () => {
  const before = {
    sync: { cron: '0 2 * * *', timezone: 'UTC' },
    filters: { spaceKeys: { values: ['A', 'B'] } },
  };
  const after = {
    sync: { cron: '0 3 * * *', timezone: 'UTC' },
    filters: { spaceKeys: { values: ['A'] } },
    x: true,
  };
  expect(differences(before, after)).toEqual([
    { path: 'sync.cron', before: '0 2 * * *', after: '0 3 * * *' },
    { path: 'filters.spaceKeys.values', before: '["A","B"]', after: '["A"]' },
    { path: 'x', before: null, after: 'true' },
  ]);
  expect(differences(null, { role: 'member' })).toEqual([{ path: 'role', before: null, after: 'member' }]);
  expect(differences(undefined, null)).toEqual([]);
});

test('a value never differs from itself', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(differences(value, structuredClone(value))).toEqual([]);
    }),
  );
});
