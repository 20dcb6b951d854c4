import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canSee } from './can-see.ts';
import type { Layer, Principal } from './types.ts';

const layer = (principals: Principal[], change: Partial<Layer> = {}): Layer => ({
  id: '1',
  kind: 'content',
  sourceId: '77',
  state: 'known',
  principals,
  ...change,
});

describe('who may see an item', () => {
  const ada = new Set<Principal>(['user:ada', 'group:staff']);
  test.each<[string, Layer[] | null, boolean]>([
    ['every layer admits', [layer(['group:staff']), layer(['user:ada'])], true],
    ['one layer refuses', [layer(['group:staff']), layer(['user:bob'])], false],
    [
      'layers that share no principal still admit, each by another',
      [layer(['group:staff']), layer(['user:ada'])],
      true,
    ],
    ['an empty layer admits nobody', [layer(['group:staff']), layer([])], false],
    ['an unknown layer admits nobody', [layer(['group:staff'], { state: 'unknown' })], false],
    ['no layers at all', [], false],
    ['an ACL that is not settled', null, false],
  ])('%s', (_name, layers, visible) => {
    expect(canSee(ada, layers)).toBe(visible);
  });

  test('somebody without principals sees nothing', () => {
    expect(canSee(new Set(), [layer(['group:staff'])])).toBe(false);
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

test('one more layer never adds a viewer, one more principal never removes one', () => {
  fc.assert(
    fc.property(principals, layers, layers, principals, (held, acl, more, extra) => {
      const sees = canSee(new Set(held), acl);
      if (acl.length > 0 && canSee(new Set(held), [...acl, ...more])) expect(sees).toBe(true);
      if (sees) expect(canSee(new Set([...held, ...extra]), acl)).toBe(true);
    }),
  );
});
