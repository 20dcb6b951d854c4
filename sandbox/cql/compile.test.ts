import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Expression, Operator } from './ast.ts';
import type { CqlEnvironment, CqlItem } from './item.ts';
import { CQL_TYPES } from './item.ts';
import { render } from './render.ts';
import { prepare } from './search.ts';

const env: CqlEnvironment = {
  accountId: 'ann',
  now: Date.parse('2026-03-10T12:34:56Z'),
  timeZone: 'UTC',
  userFields: false,
};

function item(over: Partial<CqlItem> & { words?: string } = {}): CqlItem {
  return {
    id: '100',
    type: 'page',
    title: 'Release notes',
    spaceKey: 'DEV',
    spaceTitle: 'Development',
    spaceType: 'global',
    labels: ['public', 'v2'],
    creator: 'ann',
    container: null,
    parent: '90',
    created: Date.parse('2026-01-05T08:00:00Z'),
    lastModified: Date.parse('2026-03-10T10:05:30Z'),
    text: () => `Release notes ${over.words ?? 'The quick brown fox; Größe 12'} public v2`,
    contributors: () => ['ann', 'bob'],
    mentions: () => ['cyd'],
    ancestors: () => ['80', '90'],
    macros: () => ['code', 'toc'],
    ...over,
  };
}

const matches = (cql: string, one = item(), at: Partial<CqlEnvironment> = {}): boolean =>
  prepare(cql, { ...env, ...at }).matches(one);

test.each([
  ['id = 100', true],
  ['content in (1, 100)', true],
  ['type = page', true],
  ['type = PAGE', true],
  ['type in (blogpost, comment)', false],
  ['space = dev and space.type = global', true],
  ['space.key not in (DEV, OPS)', false],
  ['title = "release NOTES"', true],
  ['title = release', false],
  ['title ~ release', true],
  ['title ~ "rel*"', true],
  ['title ~ rel', false],
  ['title !~ release', false],
  ['text ~ "brown quick"', true],
  [String.raw`text ~ "\"brown quick\""`, false],
  [String.raw`text ~ "\"quick brown\""`, true],
  ['siteSearch ~ größe', true],
  ['text ~ "quick -fox"', false],
  ['text ~ ""', false],
  ['label = public and label = v2', true],
  ['label != public', false],
  ['label not in (x, y)', true],
  ['creator = currentUser()', true],
  ['contributor in (bob, dan)', true],
  ['mention = cyd', true],
  ['parent = 90', true],
  ['ancestor = 80', true],
  ['ancestor in (1, 2)', false],
  ['container = 5', false],
  ['macro = code', true],
  ['not (type = page)', false],
  ['type = blogpost or type = page and label = nope', false],
])('%s -> %s', (cql, expected) => {
  expect(matches(cql)).toBe(expected);
});

describe('dates', () => {
  test.each([
    ['lastmodified >= "2026-03-10 10:05"', true],
    ['lastmodified > "2026-03-10 10:05"', false],
    ['lastmodified <= "2026-03-10 10:05"', true],
    ['lastmodified < "2026-03-10 10:06"', true],
    ['lastmodified = "2026-03-10 10:05"', true],
    ['lastmodified = "2026-03-10"', true],
    ['lastmodified != "2026/03/09"', true],
    ['lastmodified >= 2026-03-11', false],
    ['lastmodified >= now("-3h")', true],
    ['lastmodified >= now(-2h)', false],
    ['lastmodified >= "-1d"', true],
    ['lastmodified >= startOfDay()', true],
    ['lastmodified >= startOfDay("+1d")', false],
    ['lastmodified <= endOfDay()', true],
    ['lastmodified < startOfWeek()', false],
    ['created >= startOfYear()', true],
    ['created < startOfMonth("-1M")', true],
    ['created > endOfMonth("-3M")', true],
  ])('%s -> %s', (cql, expected) => {
    expect(matches(cql)).toBe(expected);
  });
  test('are read in the time zone of the site, also across a change of clocks', () => {
    const newYork = { timeZone: 'America/New_York' };
    expect(matches('lastmodified >= "2026-03-10 06:05"', item(), newYork)).toBe(true);
    expect(matches('lastmodified >= "2026-03-10 06:06"', item(), newYork)).toBe(false);
    const before = item({ lastModified: Date.parse('2026-03-08T05:30:00Z') });
    expect(matches('lastmodified = "2026-03-08 00:30"', before, newYork)).toBe(true);
    const auckland = { timeZone: 'Pacific/Auckland', now: Date.parse('2026-03-10T12:34:00Z') };
    expect(matches('lastmodified < startOfDay()', item(), auckland)).toBe(true);
  });
});

test.each([
  ['colour = red', "No field exists with name 'colour' at position 1"],
  ['id = 1 and constructor = 2', "No field exists with name 'constructor' at position 12"],
  ['type = carrot', "'carrot' is not a value of 'type' at position 1"],
  ['type ~ page', "The field 'type' does not support '~' at position 1"],
  ['text = foo', "The field 'text' does not support '=' at position 1"],
  [
    'created > yesterday',
    `'yesterday' is not a date: use "yyyy-MM-dd", "yyyy-MM-dd HH:mm" or a date function`,
  ],
  ['created > now("soon")', `'soon' is not an offset such as "-4w" or "+1d" at position 1`],
  ['created > currentUser()', "The function 'currentUser' does not give a date at position 1"],
  ['space = now()', "No function exists with name 'now' for 'space' at position 1"],
  ['space = currentUser()', "'space' does not take a user at position 1"],
  ['user.fullname ~ ann', "The user field 'user.fullname' is supported by the search for users only"],
  ['id = 1 order by size', "Results cannot be ordered by 'size' at position 17"],
])('%s is refused: %s', (cql, message) => {
  expect(() => matches(cql)).toThrow(message);
});

test('several keys order one after the other, and ids settle ties', () => {
  const { compare } = prepare(
    'id > 0 order by title, lastmodified desc'.replace('id > 0', 'type = page'),
    env,
  );
  const sorted = [
    item({ id: '9', title: 'b' }),
    item({ id: '12', title: 'A', lastModified: 1 }),
    item({ id: '10', title: 'B' }),
    item({ id: '11', title: 'a', lastModified: 2 }),
  ].sort(compare);
  expect(sorted.map((one) => one.id)).toEqual(['11', '12', '9', '10']);
});

/** The same language said the slow way: one field, one operator, one value at a time. */
function naive(node: Expression, one: CqlItem): boolean {
  if (node.kind === 'not') return !naive(node.term, one);
  if (node.kind === 'and') return node.terms.reduce((all, term) => naive(term, one) && all, true);
  if (node.kind !== 'clause') return node.terms.reduce((any, term) => naive(term, one) || any, false);
  const wanted = node.values.map((value) => (value.kind === 'literal' ? value.text : ''));
  const held = { type: [one.type], space: [one.spaceKey], label: one.labels, ancestor: one.ancestors() }[
    node.field as 'type'
  ] as readonly string[];
  const hit = wanted.filter((value) => held.includes(value)).length > 0;
  return node.operator === '=' || node.operator === 'in' ? hit : !hit;
}

test('a random query over random items equals a naive filter', () => {
  const values = {
    type: fc.constantFrom(...CQL_TYPES),
    space: fc.constantFrom('A', 'B', 'C'),
    label: fc.constantFrom('x', 'y', 'z'),
    ancestor: fc.constantFrom('1', '2', '3'),
  };
  const clause = fc.constantFrom('type', 'space', 'label', 'ancestor').chain((field) =>
    fc.constantFrom<Operator>('=', '!=', 'in', 'not in').chain((operator) =>
      fc
        .array(values[field as 'type'], { minLength: 1, maxLength: operator.endsWith('in') ? 3 : 1 })
        .map((texts): Expression => ({
          kind: 'clause',
          field,
          operator,
          values: texts.map((text) => ({ kind: 'literal', text })),
          at: 0,
        })),
    ),
  );
  const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
    expression: fc.oneof(
      { maxDepth: 4 },
      clause,
      fc.record({ kind: fc.constant('not' as const), term: tie('expression') }),
      fc.record({
        kind: fc.constantFrom('and' as const, 'or' as const),
        terms: fc.array(tie('expression'), { minLength: 2, maxLength: 3 }),
      }),
    ),
  }));
  const world = fc.array(
    fc
      .record({
        type: values.type,
        spaceKey: values.space,
        labels: fc.uniqueArray(values.label),
        above: fc.uniqueArray(values.ancestor),
      })
      .map(({ above, ...over }) => item({ ...over, ancestors: () => above })),
    { minLength: 1, maxLength: 8 },
  );
  fc.assert(
    fc.property(expression, world, (where, items) => {
      const { matches: test_ } = prepare(render({ where, orderBy: [] }), env);
      for (const one of items) expect(test_(one)).toBe(naive(where, one));
    }),
  );
});
