import { loadSpending, loadSpendingByInterval } from '../../store/permission-readings.ts';
import { accountUnits, countContentUnits, groupUnits, spaceUnits } from '../../store/permission-units.ts';
import type { Db, PermissionDueKind } from '../../store/schema.ts';
import type { Allowance } from './allowance.ts';
import { unitKinds, windowRuns, type KindLoad, type PerKind } from './plan.ts';

/** How many things one step reads at once. */
export const stepSizes: PerKind<number> = { product: 1, space: 8, group: 6, account: 250, content: 200 };

/** Cost of one until it has been measured: points, requests. */
const usual: PerKind<{ points: number; requests: number }> = {
  product: { points: 200, requests: 3 },
  space: { points: 40, requests: 1 },
  group: { points: 1, requests: 1 },
  account: { points: 2.01, requests: 0.004 },
  content: { points: 2.2, requests: 0.03 },
};
const container = { points: 4, requests: 1.1 };
/** Members in one answer. */
const membersPerRequest = 200;
const measuredWithinSeconds = 7 * 86_400;

/** Cost of reading one group's members. */
export function groupCost(members: number, currency: Allowance['currency']): number {
  const requests = Math.max(1, Math.ceil(members / membersPerRequest));
  return currency === 'points' ? requests + 2 * members : requests;
}

export interface Loads {
  kinds: PerKind<KindLoad>;
  /** Average cost of one. */
  each: PerKind<number>;
}

/** What reading everything would cost, by what it cost lately, and what was spent lately. */
export async function loadLoads(
  db: Db,
  connectionId: string,
  { currency, intervalSeconds }: Allowance,
): Promise<Loads> {
  const measured = await loadSpending(db, connectionId, { withinSeconds: measuredWithinSeconds });
  const [history, spaces, groups, accounts, content] = await Promise.all([
    loadSpendingByInterval(db, connectionId, { intervalSeconds, intervals: windowRuns }),
    spaceUnits(db, connectionId),
    groupUnits(db, connectionId),
    accountUnits(db, connectionId),
    countContentUnits(db, connectionId),
  ]);
  const costOfOne = (kind: PermissionDueKind): number => {
    const found = measured.find((one) => one.kind === kind);
    return found === undefined || found.units === 0 ? usual[kind][currency] : found[currency] / found.units;
  };
  const each = Object.fromEntries(unitKinds.map((kind) => [kind, costOfOne(kind)])) as PerKind<number>;
  const counts = {
    product: 1,
    space: spaces.length,
    group: groups.length,
    account: accounts.length,
    content: content.listed + content.containers,
  };
  const groupCosts = groups.map(({ members }) => groupCost(members ?? 0, currency));
  const isMeasured = measured.some(({ kind, units }) => kind === 'content' && units > 0);
  const kinds = {} as PerKind<KindLoad>;
  for (const kind of unitKinds) {
    kinds[kind] = {
      cost: counts[kind] * each[kind],
      // Steps of content are as long as what is left affords.
      largest: kind === 'content' ? each[kind] : Math.min(counts[kind], stepSizes[kind]) * each[kind],
      // Oldest first; the newest is this run's own interval.
      spent: Array.from({ length: windowRuns }, (_, n) => {
        const ago = windowRuns - 1 - n;
        const found = history.find((one) => one.kind === kind && one.ago === ago);
        return found?.[currency] ?? 0;
      }),
    };
  }
  kinds.group.cost = groupCosts.reduce((sum, one) => sum + one, 0);
  kinds.group.largest = Math.max(0, ...groupCosts);
  if (!isMeasured)
    kinds.content.cost = content.listed * each.content + content.containers * container[currency];
  return { kinds, each };
}
