import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { admittedPrincipals, className } from './admits.ts';
import { canSee } from './can-see.ts';
import { explain, mostListed, reasonOf } from './explain.ts';
import { pathWords, type HeldGroup, type Holdings } from './path.ts';
import type { Layer, Principal } from './types.ts';

const layer = (principals: Principal[], change: Partial<Layer> = {}): Layer => ({
  id: '1',
  kind: 'content',
  sourceId: '77',
  state: 'known',
  principals,
  ...change,
});
const group = (id: string, change: Partial<HeldGroup> = {}): HeldGroup => ({
  id,
  name: `The ${id}`,
  opensProduct: false,
  administers: false,
  readAt: null,
  ...change,
});
const held = (principals: Principal[], change: Partial<Holdings> = {}): Holdings => ({
  accountId: 'ada',
  name: 'Ada',
  guest: false,
  groups: [],
  ...change,
  principals: new Set(principals),
});
const noName = () => null;

describe('the way by which a layer admits', () => {
  const opening = [group('staff', { opensProduct: true }), group('all', { opensProduct: true })];
  test.each<[string, Principal, Partial<Holdings>, Record<string, string[]>, string]>([
    ['an account', 'user:ada', {}, {}, 'by name'],
    ['a group', 'group:hr', { groups: [group('it'), group('hr')] }, {}, 'through the group The hr'],
    ['a group whose name is not known', 'group:hr', {}, {}, 'through the group that is named there'],
    [
      'a group in a role',
      'group:hr',
      { groups: [group('hr')] },
      { 'group:hr': ['Viewer', 'Editor'] },
      'through the group The hr, in the roles Viewer, Editor',
    ],
    [
      'an account in a role',
      'user:ada',
      {},
      { 'user:ada': ['Viewer'], 'group:hr': ['Admin'] },
      'by name, in the role Viewer',
    ],
    [
      'everybody with Confluence',
      'class:all-licensed-users',
      { groups: opening },
      {},
      'because of access to Confluence (groups The staff, The all)',
    ],
    [
      'whoever can sign in',
      'class:authenticated-users',
      { groups: opening.slice(0, 1) },
      {},
      'because of access to Confluence (group The staff)',
    ],
    ['a guest', 'class:guests', { guest: true }, {}, 'as a guest of the site'],
    [
      'a guest who can sign in, and whose group opens the product',
      'class:authenticated-users',
      { guest: true, groups: opening },
      {},
      'as a guest of the site',
    ],
    [
      'a visitor',
      'class:anonymous-users',
      { accountId: '' },
      {},
      'as a visitor of the site, which an administrator allowed',
    ],
    [
      'a visitor at the product',
      'class:visitors',
      { accountId: '' },
      {},
      'as a visitor of the site, which an administrator allowed',
    ],
    [
      'an administrator',
      'class:all-product-admins',
      { groups: [group('root', { administers: true })] },
      {},
      'as an administrator of Confluence (group The root)',
    ],
  ])('%s', (_name, principal, holdings, roles, words) => {
    const { layers } = explain(held([principal], holdings), [layer([principal], { roles })]);
    expect(layers[0]?.admissions.map(({ path }) => pathWords(path))).toEqual([words]);
  });

  test('all of them are told, ten at most, and how many more', () => {
    const many = Array.from({ length: 13 }, (_, index): Principal => `group:g${index}`);
    const verdict = explain(held([...many, 'user:ada']), [layer([...many, 'user:ada', 'user:bob'])]);
    expect(verdict.layers[0]).toMatchObject({ admitted: true, by: 'group:g0', moreAdmissions: 4 });
    expect(verdict.layers[0]?.admissions).toHaveLength(mostListed);
  });

  test('a sentence names three groups at most', () => {
    const groups = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, name: id, readAt: null }));
    expect(pathWords({ kind: 'product', groups, roles: [] })).toContain('(groups a, b, c and 2 more)');
  });
});

test('whom a layer admits is named with groups and classes before people, ten at most', () => {
  const people = Array.from({ length: 30 }, (_, index): Principal => `user:${index}`);
  const { shown, more } = admittedPrincipals(layer([...people, 'group:hr', 'class:guests']));
  expect([shown.length, shown.slice(0, 3), more]).toEqual([10, ['group:hr', 'class:guests', 'user:0'], 22]);
  expect(admittedPrincipals(layer(['class:anonymous-users', 'class:visitors']))).toEqual({
    shown: ['class:anonymous-users'],
    more: 0,
  });
  expect(className('class:guests')).toBe('guests of the site');
  expect(className('class:somebody-new')).toBe('somebody-new');
});

describe('the reason', () => {
  const ada = held(['user:ada']);
  const reason = (layers: Layer[] | null, who: Holdings | null = ada, name = noName as () => string | null) =>
    reasonOf(explain(who, layers), who, name);
  test.each<[string, string, string]>([
    ['everything admits', reason([layer(['user:ada'])]), 'Every layer admits this person.'],
    ['nobody is matched', reason([layer(['user:ada'])], null), 'No active Atlassian account'],
    ['an account that holds nothing', reason([layer(['user:ada'])], held([])), 'No active Atlassian account'],
    ['not settled', reason(null), 'has not been settled'],
    ['product', reason([layer([], { kind: 'product' })]), 'Access to the product does not admit'],
    ['space', reason([layer([], { kind: 'space' })], ada, () => 'HR'), 'The space “HR” does not admit'],
    ['content by id', reason([layer([])]), 'The view restriction of content 77 does not admit'],
    [
      'content by name',
      reason([layer([])], ada, () => 'Pay'),
      'The view restriction of “Pay” does not admit',
    ],
    [
      'unknown',
      reason([layer([], { state: 'unknown', reason: 'Atlassian answered 403' })]),
      'content 77 is not known (Atlassian answered 403), and what is not known admits nobody.',
    ],
    [
      'the first that refuses',
      reason([layer(['user:ada'], { kind: 'product' }), layer([], { kind: 'space' }), layer([])]),
      'The space does not admit',
    ],
  ])('%s', (_name, told, expected) => {
    expect(told).toContain(expected);
  });
});

const principals = fc.uniqueArray(
  fc.constantFrom<Principal>('user:a', 'user:b', 'group:g', 'group:h', 'class:c'),
);
const layers = fc.array(
  fc.record({
    id: fc.string(),
    kind: fc.constantFrom('product' as const, 'space' as const, 'content' as const),
    sourceId: fc.string(),
    state: fc.constantFrom('known' as const, 'unknown' as const),
    principals,
  }),
);

test('the explanation agrees with the decision, and each verdict is true', () => {
  fc.assert(
    fc.property(principals, fc.option(layers), (mine, acl) => {
      const viewer = held(mine);
      const verdict = explain(viewer, acl);
      expect(verdict.visible).toBe(canSee(viewer.principals, acl));
      if (acl !== null && acl.length > 0)
        expect(verdict.layers.some((one) => !one.admitted)).toBe(!verdict.visible);
      for (const { layer: one, admitted, by, admissions } of verdict.layers) {
        const truly = one.state === 'known' && one.principals.some((each) => viewer.principals.has(each));
        expect([admitted, by !== null, admissions.length > 0]).toEqual([truly, truly, truly]);
        for (const { principal } of admissions)
          expect(one.principals.includes(principal) && viewer.principals.has(principal)).toBe(true);
      }
      expect(explain(null, acl).visible).toBe(false);
    }),
  );
});
