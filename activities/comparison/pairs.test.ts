import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canSee } from '../../permissions/can-see.ts';
import type { Layer, Principal } from '../../permissions/types.ts';
import { choosePairs, pairsPerItem } from './pairs.ts';

const layer = (kind: Layer['kind'], ...principals: Principal[]): Layer => ({
  id: kind,
  kind,
  sourceId: kind,
  state: 'known',
  principals,
});
const held = (...principals: Principal[]) => new Set(principals);

test('of each item people are drawn whom we admit and people whom we refuse', () => {
  const people = new Map([
    ['a', held('user:a', 'group:g')],
    ['b', held('user:b', 'group:g')],
    ['c', held('user:c', 'group:g')],
    ['d', held('user:d', 'group:g')],
    ['e', held('user:e')],
  ]);
  const item = { layers: [layer('product', 'group:g'), layer('content', 'user:a', 'user:b')] };
  const pairs = choosePairs([item], people, () => 0.5);
  expect(pairs.map(({ accountId, ours }) => [accountId, ours])).toEqual([
    ['a', true],
    ['b', true],
    // Whoever lacks the product is asked about last.
    ['c', false],
    ['d', false],
  ]);
});

test('what is said of a pair is what the layers say, no pair twice, and never more than are allowed', () => {
  const principal = fc.constantFrom<Principal>('user:a', 'user:b', 'group:g', 'group:h');
  const layers = fc.array(
    fc
      .record({ known: fc.boolean(), principals: fc.uniqueArray(principal) })
      .map(({ known, principals }): Layer => ({
        ...layer('content', ...principals),
        state: known ? 'known' : 'unknown',
      })),
    { minLength: 1, maxLength: 4 },
  );
  const people = fc
    .array(fc.uniqueArray(principal), { maxLength: 8 })
    .map((each) => new Map(each.map((one, index) => [`p${index}`, new Set(one)])));
  fc.assert(
    fc.property(layers, people, fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (one, all, dice) => {
      let at = 0;
      const pairs = choosePairs([{ layers: one }], all, () => dice[at++ % (dice.length || 1)] ?? 0);
      expect(pairs.length).toBe(Math.min(pairsPerItem, all.size));
      expect(new Set(pairs.map(({ accountId }) => accountId)).size).toBe(pairs.length);
      for (const { accountId, ours } of pairs) expect(ours).toBe(canSee(all.get(accountId)!, one));
    }),
  );
});
