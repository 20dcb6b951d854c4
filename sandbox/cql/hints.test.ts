import { expect, test } from '@jest/globals';
import { dependsOnNow, hintsOf } from './hints.ts';
import { parse } from './parse.ts';

const env = { accountId: 'ann', now: Date.parse('2026-03-10T12:34:56Z'), timeZone: 'UTC', userFields: false };
const hints = (cql: string): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(hintsOf(parse(cql).where, env)).map(([name, value]: [string, unknown]) => [
      name,
      value instanceof Set ? [...(value as Set<string>)] : value,
    ]),
  );

test.each([
  ['id = 5', { ids: ['5'] }],
  ['id in (5, 6) and content = 6', { ids: ['6'] }],
  ['type = Page and space.key in (DEV, "~Jo") and text ~ x', { types: ['page'], spaces: ['dev', '~jo'] }],
  ['type = page or id = 5', {}],
  ['not (type = page)', {}],
  ['type != page and space not in (DEV)', {}],
  ['(type = page or type = blogpost) and id = 5', { ids: ['5'] }],
  [
    'lastmodified >= "2026-03-01 10:05" and type = page',
    { types: ['page'], modifiedFrom: '2026-03-01T10:05:00.000Z' },
  ],
  ['lastmodified > now("-1d") and lastmodified = "2026-03-10"', { modifiedFrom: '2026-03-10T00:00:00.000Z' }],
  ['lastmodified < "2026-03-01"', {}],
])('%s narrows the search to %j', (cql, expected) => {
  expect(hints(cql)).toEqual(expected);
});

test.each([
  ['lastmodified > now("-1d")', true],
  ['lastmodified > "-1d"', true],
  ['type = page and not (created < startOfYear())', true],
  ['lastmodified > "2026-01-01"', false],
  ['creator = currentUser()', false],
])('%s depends on now: %s', (cql, expected) => {
  expect(dependsOnNow(parse(cql).where)).toBe(expected);
});
