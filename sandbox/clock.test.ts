import { expect, test } from '@jest/globals';
import { createClock } from './clock.ts';

test('the clock runs with the machine, from wherever it was set or moved to', () => {
  let machine = 1_000;
  const clock = createClock(() => machine);
  expect(clock.now().getTime()).toBe(1_000);
  clock.advance(500);
  machine += 10;
  expect(clock.now().getTime()).toBe(1_510);
  clock.set(new Date(90_000));
  machine += 10;
  expect(clock.now().getTime()).toBe(90_010);
  clock.reset();
  expect(clock.now().getTime()).toBe(1_020);
});

test('it cannot be moved to no time at all', () => {
  const clock = createClock();
  expect(() => clock.set(new Date('nonsense'))).toThrow('invalid date');
  expect(() => clock.advance(Number.NaN)).toThrow('number of milliseconds');
});
