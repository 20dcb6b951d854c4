import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { keptForOthers, lendingFromMs, quotaObstacle, type Sharing } from './fair-share.ts';

const sharing = (over: Partial<Sharing> = {}): Sharing => ({
  usable: 1_000,
  spent: 0,
  own: 0,
  others: [],
  intoHourMs: 0,
  ...over,
});

test('who is alone may spend everything', () => {
  expect(quotaObstacle(sharing({ spent: 900, own: 900 }), 100)).toBeNull();
  expect(quotaObstacle(sharing({ spent: 900, own: 900 }), 101)).toBe('spent');
});

test('what another with work to do has not spent of its half is kept for it', () => {
  const greedy = sharing({ spent: 500, own: 500, others: [0] });
  expect(keptForOthers(greedy)).toBe(500);
  expect(quotaObstacle(greedy, 1)).toBe('kept');
  expect(quotaObstacle(sharing({ spent: 500, own: 0, others: [500] }), 500)).toBeNull();
});

test('of what nobody keeps, everybody may take: shares of those without work are lent', () => {
  // Two with work; a third without has spent nothing of what would be its part.
  expect(quotaObstacle(sharing({ spent: 600, own: 450, others: [150] }), 50)).toBeNull();
  // The other has used up its half, so there is nothing to keep.
  expect(quotaObstacle(sharing({ spent: 950, own: 400, others: [550] }), 50)).toBeNull();
});

test('in the last minutes of an hour what is left is lent to whoever asks', () => {
  const late = sharing({ spent: 500, own: 500, others: [0], intoHourMs: lendingFromMs });
  expect(quotaObstacle(late, 400)).toBeNull();
  expect(quotaObstacle({ ...late, spent: 990 }, 400)).toBe('spent');
});

test('a request that is dearer than all there is goes through once', () => {
  expect(quotaObstacle(sharing({ usable: 100 }), 500)).toBeNull();
  expect(quotaObstacle(sharing({ usable: 100, spent: 1, own: 1 }), 500)).toBe('spent');
});

test('however greedy the others are, each gets its equal share of an hour', () => {
  const world = fc.record({
    count: fc.integer({ min: 2, max: 6 }),
    turns: fc.array(fc.record({ who: fc.nat(100), cost: fc.integer({ min: 1, max: 300 }) }), {
      maxLength: 300,
    }),
  });
  fc.assert(
    fc.property(world, ({ count, turns }) => {
      const usable = 10_000;
      const spent = Array.from({ length: count }, () => 0);
      const total = () => spent.reduce((sum, each) => sum + each, 0);
      const view = (who: number): Sharing => ({
        usable,
        spent: total(),
        own: spent[who] ?? 0,
        others: spent.filter((_, other) => other !== who),
        intoHourMs: 0,
      });
      const ask = (who: number, cost: number) => {
        if (quotaObstacle(view(who), cost) !== null) return false;
        spent[who] = (spent[who] ?? 0) + cost;
        return true;
      };
      // The last of them asks for nothing while the others take what they can.
      for (const { who, cost } of turns) ask(who % (count - 1), cost);
      expect(total()).toBeLessThanOrEqual(usable);
      const share = usable / count;
      let got = 0;
      while (got + 100 <= share && ask(count - 1, 100)) got += 100;
      expect(got).toBeGreaterThan(share - 100);
    }),
  );
});

test('content leaves to permissions their part of what is left of the hour, and has it all where they are not read', () => {
  const beside = (spent: number, minutes: number) =>
    sharing({ spent, own: spent, intoHourMs: minutes * 60_000, besidePermissions: true });
  expect(quotaObstacle(beside(500, 0), 100)).toBeNull();
  expect(quotaObstacle(beside(500, 0), 101)).toBe('permissions');
  expect(quotaObstacle(beside(700, 30), 100)).toBeNull();
  expect(quotaObstacle(beside(700, 30), 101)).toBe('permissions');
  expect(quotaObstacle(beside(900, 60), 100)).toBeNull();
  expect(quotaObstacle({ ...beside(900, 0), besidePermissions: false }, 100)).toBeNull();
});
