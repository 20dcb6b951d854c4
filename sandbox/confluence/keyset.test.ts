import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Order } from './keyset.ts';
import { inOrder, seal, slice, unseal } from './keyset.ts';

interface Item {
  id: string;
  key: string;
}

const orderOf = (descending: boolean): Order<Item> => ({
  name: 'key',
  descending,
  key: ({ key }) => key,
  id: ({ id }) => id,
});

const item = fc.record({ id: fc.nat(200).map((n) => String(n + 1)), key: fc.constantFrom('a', 'b', 'c') });
const items = fc.uniqueArray(item, { selector: ({ id }) => id, maxLength: 40 });

/** Walks all pages; `change` may replace the listing before each. */
function walk(
  start: Item[],
  order: Order<Item>,
  limits: number[],
  change: (list: Item[], page: number) => Item[] = (list) => list,
): string[] {
  const seen: string[] = [];
  let list = start;
  let cursor: string | undefined;
  for (let page = 0; page < 500; page += 1) {
    list = change(list, page);
    const limit = limits[page % limits.length]!;
    const found = slice(inOrder(list, order), order, { cursor, limit, accept: ({ key }) => key !== 'c' });
    seen.push(...found.items.map(({ id }) => id));
    if (found.cursor === undefined) return seen;
    cursor = found.cursor;
  }
  throw new Error('The listing does not end.');
}

test('the pages together are the whole set in order, each item once, whatever the limits', () => {
  fc.assert(
    fc.property(
      items,
      fc.boolean(),
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 3 }),
      (list, down, limits) => {
        const order = orderOf(down);
        const expected = inOrder(list, order)
          .filter(({ key }) => key !== 'c')
          .map(({ id }) => id);
        expect(walk(list, order, limits)).toEqual(expected);
      },
    ),
  );
});

test('while items come and go, those that were there all the time are all found, and none twice', () => {
  fc.assert(
    fc.property(items, fc.array(item, { maxLength: 30 }), fc.boolean(), (list, others, down) => {
      const ids = new Set(list.map(({ id }) => id));
      const comers = others.filter(({ id }) => !ids.has(id));
      const leavers = new Set(list.filter((_, n) => n % 3 === 0).map(({ id }) => id));
      const seen = walk(list, orderOf(down), [3], (now, page) => {
        const comer = comers[page];
        const stay = page % 2 === 1 ? now.filter(({ id }) => !leavers.has(id)) : now;
        return comer === undefined || stay.some(({ id }) => id === comer.id) ? stay : [...stay, comer];
      });
      const lasting = list.filter(({ id, key }) => !leavers.has(id) && key !== 'c').map(({ id }) => id);
      expect(seen).toEqual(expect.arrayContaining(lasting));
      expect(new Set(seen).size).toBe(seen.length);
    }),
  );
});

test('ids count as numbers, those of attachments too', () => {
  const order = orderOf(false);
  const list = ['att10', 'att9', 'att100'].map((id) => ({ id, key: 'a' }));
  expect(inOrder(list, order).map(({ id }) => id)).toEqual(['att9', 'att10', 'att100']);
});

describe('cursors', () => {
  test('are opaque, and refused when broken or of another order', () => {
    expect(unseal(seal(['a', 1]))).toEqual(['a', 1]);
    const list = [1, 2, 3].map((n) => ({ id: String(n), key: 'a' }));
    const accept = () => true;
    const { cursor } = slice(list, orderOf(false), { cursor: undefined, limit: 1, accept });
    const again = (given: string, descending: boolean) => () =>
      slice(list, orderOf(descending), { cursor: given, limit: 1, accept });
    expect(again(cursor!, false)).not.toThrow();
    expect(again(cursor!, true)).toThrow('not a valid cursor');
    expect(again('%%%', false)).toThrow('not a valid cursor');
    expect(again(seal(['key']), false)).toThrow('not a valid cursor');
  });
});
