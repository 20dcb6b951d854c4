import { canSee } from '../../permissions/can-see.ts';
import type { Layer, Principal } from '../../permissions/types.ts';

export interface Pair<T> {
  item: T;
  accountId: string;
  ours: boolean;
}

/** People asked about for each sampled item. */
export const pairsPerItem = 4;

/**
 * Draws for each item people whom we admit and people whom we refuse, as many of each as there are: errors hide on both
 * sides. Of those refused, people who have the product come first: the others are refused everywhere, which tells little.
 * @param random from 0 to 1, as Math.random
 */
export function choosePairs<T extends { layers: readonly Layer[] }>(
  items: readonly T[],
  people: ReadonlyMap<string, ReadonlySet<Principal>>,
  random: () => number,
): Pair<T>[] {
  return items.flatMap((item) => {
    const order = [...people].map(([accountId, held]) => ({
      accountId,
      ours: canSee(held, item.layers),
      near: canSee(held, item.layers.slice(0, 1)) ? 0 : 1,
      dice: random(),
    }));
    order.sort((a, b) => a.near - b.near || a.dice - b.dice);
    const admitted = order.filter(({ ours }) => ours);
    const refused = order.filter(({ ours }) => !ours);
    const half = pairsPerItem / 2;
    const chosen = [
      ...admitted.slice(0, Math.max(half, pairsPerItem - refused.length)),
      ...refused.slice(0, Math.max(half, pairsPerItem - admitted.length)),
    ];
    return chosen.map(({ accountId, ours }) => ({ item, accountId, ours }));
  });
}
