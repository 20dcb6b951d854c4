import { expect, test } from '@jest/globals';
import { dependsOnNow, hintsOf } from './hints.ts';
import { parse } from './parse.ts';

const hints = (cql: string): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(hintsOf(parse(cql).where)).map(([name, values]) => [name, [...(values as Set<string>)]]),
  );

test.each([
  ['id = 5', { ids: ['5'] }],
  ['id in (5, 6) and content = 6', { ids: ['6'] }],
  ['type = Page and space.key in (DEV, "~Jo") and text ~ x', { types: ['page'], spaces: ['dev', '~jo'] }],
  ['type = page or id = 5', {}],
  ['not (type = page)', {}],
  ['type != page and space not in (DEV)', {}],
  ['(type = page or type = blogpost) and id = 5', { ids: ['5'] }],
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
