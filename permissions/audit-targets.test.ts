import { expect, test } from '@jest/globals';
import { retitlingsIn, targetsOf, type AuditedChange } from './audit-targets.ts';

type Named = [name: string, objectType: string];
const object = ([name, objectType]: Named) => ({ name, objectType });

function record(
  summary: string,
  about: Named,
  associated: Named[] = [],
  changed: AuditedChange['changed'] = [],
): AuditedChange {
  return {
    summary,
    object: object(about),
    associated: associated.map(object),
    changed,
  };
}

const space: Named = ['Finance', 'Space'];
const pay: Named = ['Pay', 'Page'];
const content = (names: string[], spaces: string[] = []) => ({ kind: 'content', names, spaces });

const cases: [string, AuditedChange, unknown[]][] = [
  [
    'a restriction names the person first and the page beside',
    record('Content restriction added', ['Ben', 'User'], [pay, space]),
    [content(['Pay'], ['Finance'])],
  ],
  ['or the page first', record('Content restriction removed', pay, [['leads', 'Group']]), [content(['Pay'])]],
  [
    'a blog post, however its type is written',
    record('Content restriction added', ['News', 'Blog post'], [space]),
    [content(['News'], ['Finance'])],
  ],
  [
    'a moved page is in the one space or in the other',
    record('Page moved', pay, [space], [{ name: 'Old Space', oldValue: 'People', newValue: 'Finance' }]),
    [content(['Pay'], ['Finance', 'People'])],
  ],
  [
    'a permission of a space names a group: the space is read',
    record('Space permission added', ['leads', 'Group'], [space]),
    [{ kind: 'space', names: ['Finance'] }],
  ],
  [
    'a renamed space goes by both names',
    record('Space name changed', space, [], [{ name: 'Name', oldValue: 'Money', newValue: 'Finance' }]),
    [{ kind: 'space', names: ['Finance', 'Money'] }],
  ],
  [
    'who joined a group: the group is read',
    record('User added to group', ['leads', 'Group'], [['Ben', 'User']]),
    [{ kind: 'group', names: ['leads'] }],
  ],
  [
    'a group is seen to bear its id behind its name',
    record('User removed from group', ['ops:leads:1a2b3c4d-11', 'Group'], [['Ben', 'User']]),
    [{ kind: 'group', names: ['ops:leads:1a2b3c4d-11', 'ops:leads', '1a2b3c4d-11'] }],
  ],
  [
    'a group that was removed may have opened the product',
    record('Group deleted', ['leads', 'Group']),
    [{ kind: 'product' }, { kind: 'group', names: ['leads'] }],
  ],
  [
    'a renamed group goes by both names',
    record('Group renamed', ['heads', 'Group'], [], [{ name: 'Name', oldValue: 'leads', newValue: 'heads' }]),
    [{ kind: 'product' }, { kind: 'group', names: ['heads', 'leads'] }],
  ],
  [
    'a global permission decides who has the product',
    record('Global permission removed', ['leads', 'Group']),
    [{ kind: 'product' }, { kind: 'group', names: ['leads'] }],
  ],
  [
    'of nobody in particular too',
    record('Global permission added', ['Anonymous', 'Anonymous']),
    [{ kind: 'product' }],
  ],
  ['a closed account', record('User deactivated', ['Ben', 'User']), [{ kind: 'account', names: ['Ben'] }]],
  ['who only looked changed nothing', record('Page viewed', pay, [space]), []],
  ['nor who exported', record('Space exported', space), []],
  ['an app that was installed opens nothing', record('App installed', ['Diagrams', 'App']), []],
  ['a record that names nothing', record('Something', ['', '']), []],
];

test.each(cases)('%s', (_what, one, expected) => {
  expect(targetsOf(one, [])).toEqual(expected);
});

test('a page that was renamed since is looked for by each of its later titles', () => {
  const renamed = (from: string, to: string) =>
    record('Page title changed', [to, 'Page'], [], [{ name: 'Title', oldValue: from, newValue: to }]);
  const retitlings = retitlingsIn([
    renamed('B', 'C'),
    renamed('Pay', 'B'),
    record('Space name changed', space, [], [{ name: 'Name', oldValue: 'Pay', newValue: 'Not a page' }]),
  ]);
  expect(targetsOf(record('Content restriction added', ['Ben', 'User'], [pay]), retitlings)).toEqual([
    content(['Pay', 'B', 'C']),
  ]);
});

test('titles that were changed in a circle come to an end', () => {
  const circle = [
    { before: 'Pay', after: 'B' },
    { before: 'B', after: 'Pay' },
  ];
  expect(targetsOf(record('Page moved', pay), circle)).toEqual([content(['Pay', 'B'])]);
});
