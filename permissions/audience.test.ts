import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { belongsTo, type AudienceGroup } from './audience.ts';
import { canSee } from './can-see.ts';
import type { Layer, Principal } from './types.ts';

const layer = (kind: Layer['kind'], principals: Principal[], state: Layer['state'] = 'known'): Layer => ({
  id: `${kind}-${principals.join()}`,
  kind,
  sourceId: kind,
  state,
  principals,
});
const product = layer('product', ['group:everyone', 'class:guests']);
const staff: Principal[] = ['group:everyone', 'class:all-licensed-users', 'class:authenticated-users'];
const member = (...held: Principal[]) => new Set<Principal>(held);
const legal: AudienceGroup = {
  id: 'legal',
  known: true,
  members: [member('user:ada', 'group:legal', ...staff), member('user:bob', 'group:legal', ...staff)],
};

test.each<[string, AudienceGroup, Layer[] | null, boolean]>([
  ['what names the group', legal, [product, layer('space', ['group:legal'])], true],
  ['what names a class that each member holds', legal, [product, layer('space', [...staff])], true],
  [
    'a class that one member lacks',
    { ...legal, members: [...legal.members, member('group:legal', 'class:guests')] },
    [product, layer('space', ['class:all-licensed-users'])],
    false,
  ],
  ['another group, whoever else is in it', legal, [product, layer('space', ['group:everyone'])], false],
  [
    'a restriction to its members one by one',
    legal,
    [product, layer('space', ['group:legal']), layer('content', ['user:ada', 'user:bob'])],
    false,
  ],
  [
    'a member without the product',
    { ...legal, members: [member('user:ada', 'group:legal')] },
    [product, layer('space', ['group:legal'])],
    false,
  ],
  [
    'a layer that is not known',
    legal,
    [product, layer('space', ['group:legal']), layer('content', ['group:legal'], 'unknown')],
    false,
  ],
  ['what is not settled', legal, null, false],
  ['no layers', legal, [], false],
  [
    'a group whose members could not be read',
    { ...legal, known: false },
    [product, layer('space', ['group:legal'])],
    false,
  ],
  [
    'a group without members, and what classes open',
    { ...legal, members: [] },
    [layer('product', ['group:legal']), layer('space', ['class:authenticated-users'])],
    false,
  ],
])('%s', (_name, group, layers, expected) => {
  expect(belongsTo([group], layers)).toBe(expected);
});

test('two groups together open nothing that neither opens alone', () => {
  const layers = [product, layer('space', ['group:legal']), layer('content', ['group:board'])];
  expect(belongsTo([legal, { ...legal, id: 'board' }], layers)).toBe(false);
});

const principal = fc.constantFrom<Principal>(
  'user:ada',
  'user:bob',
  'group:g',
  'group:h',
  'class:all-licensed-users',
  'class:guests',
  'class:authenticated-users',
);
const layers = fc.array(
  fc
    .record({
      kind: fc.constantFrom<Layer['kind']>('product', 'space', 'content'),
      principals: fc.uniqueArray(principal),
      state: fc.constantFrom<Layer['state']>('known', 'known', 'unknown'),
    })
    .map(({ kind, principals, state }) => layer(kind, principals, state)),
  { maxLength: 4 },
);

test('each member may see what belongs to the audience', () => {
  fc.assert(
    fc.property(layers, fc.array(fc.uniqueArray(principal), { maxLength: 4 }), (drawn, people) => {
      const members = people.map((held) => member('group:g', ...held));
      if (!belongsTo([{ id: 'g', known: true, members }], drawn)) return;
      expect(members.every((held) => canSee(held, drawn))).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});
