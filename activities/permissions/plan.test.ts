import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { planReadings, promisedSeconds, unitKinds, windowRuns, type KindLoad, type PerKind } from './plan.ts';

/** Costs of the single things of each kind. */
const site = fc.record(
  Object.fromEntries(
    unitKinds.map((kind) => [kind, fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 12 })]),
  ),
) as fc.Arbitrary<PerKind<number[]>>;

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

/** Runs the plan as the steps do: longest unread first, until the budget is spent, in steps that are not cut. */
function simulate(costs: PerKind<number[]>, perRun: number, runs: number) {
  const history: PerKind<number>[] = [];
  const readIn = new Map(unitKinds.map((kind) => [kind, costs[kind].map(() => 0)]));
  let longest = 0;
  let cycleRuns = 1;
  for (let run = 1; run <= runs; run += 1) {
    const loads = Object.fromEntries(
      unitKinds.map((kind): [string, KindLoad] => [
        kind,
        {
          cost: sum(costs[kind]),
          largest: Math.max(0, ...costs[kind]),
          spent: history.map((one) => one[kind]),
        },
      ]),
    ) as PerKind<KindLoad>;
    const plan = planReadings(loads, { perRun, left: perRun });
    ({ cycleRuns } = plan);
    const spent = {} as PerKind<number>;
    for (const kind of unitKinds) {
      spent[kind] = 0;
      const reads = readIn.get(kind) ?? [];
      for (const unit of reads.map((_, n) => n).sort((a, b) => (reads[a] ?? 0) - (reads[b] ?? 0))) {
        if (spent[kind] >= plan.budgets[kind] || reads[unit] === run) break;
        longest = Math.max(longest, run - (reads[unit] ?? 0));
        reads[unit] = run;
        spent[kind] += costs[kind][unit] ?? 0;
      }
    }
    history.push(spent);
  }
  const waiting = unitKinds.flatMap((kind) => (readIn.get(kind) ?? []).map((read) => runs - read));
  return { longest: Math.max(longest, ...waiting), cycleRuns, history };
}

test('whatever a site holds, each thing is read within the promised runs', () => {
  fc.assert(
    fc.property(site, fc.integer({ min: 5, max: 300 }), (costs, perRun) => {
      const { longest, cycleRuns } = simulate(costs, perRun, 150);
      expect(longest).toBeLessThanOrEqual(Math.max(cycleRuns, 1));
    }),
    { numRuns: 500 },
  );
});

test('in the long run no more is spent than is allowed, but for the largest step of each kind', () => {
  fc.assert(
    fc.property(site, fc.integer({ min: 5, max: 300 }), (costs, perRun) => {
      const runs = 60;
      const { history } = simulate(costs, perRun, runs);
      const total = sum(history.flatMap((one) => Object.values(one)));
      const overshoot = sum(unitKinds.map((kind) => Math.max(0, ...costs[kind])));
      expect(total).toBeLessThanOrEqual(Math.ceil(runs / windowRuns) * (windowRuns * perRun + overshoot));
    }),
    { numRuns: 500 },
  );
});

const load = (cost: number, largest = cost): KindLoad => ({ cost, largest, spent: [] });
const small = { product: load(3), space: load(20, 10), group: load(30, 10), account: load(10) };

test('a small site is read whole by every run, and a change counts within one interval and the time of a run', () => {
  const plan = planReadings({ ...small, content: load(900, 400) }, { perRun: 1_000, left: 1_000 });
  expect(Object.values(plan.budgets)).toEqual([Infinity, Infinity, Infinity, Infinity, Infinity]);
  expect(promisedSeconds(plan, { intervalSeconds: 900, runSeconds: 12.3 })).toBe(960);
});

test('on a large site what reaches far is read by every run, and content by as many as it takes', () => {
  const plan = planReadings({ ...small, content: load(9_370, 100) }, { perRun: 1_000, left: 1_000 });
  expect(plan.budgets).toMatchObject({ space: Infinity, group: Infinity, content: 937 });
  expect(plan.cycleRuns).toBe(12);
});

test('where the quota is nearly used up, less is read now, and the promise stays as it is', () => {
  const loads = { ...small, content: load(9_370, 100) };
  const rich = planReadings(loads, { perRun: 1_000, left: 1_000 });
  const poor = planReadings(loads, { perRun: 1_000, left: 100 });
  expect(poor.budgets.content).toBeCloseTo(93.7);
  expect(poor.cycleRuns).toBe(rich.cycleRuns);
  expect(planReadings(loads, { perRun: 1_000, left: 0 }).budgets.content).toBe(0);
});
