import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { createSharedReading } from './shared-reading.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

test('however many listen, it is read once a turn, and not at all when nobody does', async () => {
  let reads = 0;
  const heard: string[] = [];
  const reading = createSharedReading(async () => (reads += 1), { everyMs: 1_000, onError: () => {} });
  const stops = ['a', 'b', 'c'].map((name) => reading.listen((n) => void heard.push(`${name}${n}`)));
  await jest.advanceTimersByTimeAsync(2_000);
  expect(heard).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'c2']);
  for (const stop of stops) stop();
  expect(reading.size()).toBe(0);
  await jest.advanceTimersByTimeAsync(5_000);
  expect(reads).toBe(2);
  const stop = reading.listen(() => {});
  await jest.advanceTimersByTimeAsync(1_000);
  expect(reads).toBe(3);
  stop();
});

test('a reading that fails costs a turn, and one that takes long is done less often', async () => {
  let reads = 0;
  const errors: unknown[] = [];
  const heard: number[] = [];
  const reading = createSharedReading(
    async () => {
      reads += 1;
      if (reads === 1) throw new Error('no database');
      await new Promise((resolve) => void setTimeout(resolve, 500));
      return reads;
    },
    { everyMs: 1_000, onError: (error) => void errors.push(error) },
  );
  const stop = reading.listen((n) => void heard.push(n));
  await jest.advanceTimersByTimeAsync(2_500);
  expect([errors.length, heard]).toEqual([1, [2]]);
  await jest.advanceTimersByTimeAsync(9_000);
  expect(reads).toBe(2);
  await jest.advanceTimersByTimeAsync(1_500);
  expect(heard).toEqual([2, 3]);
  stop();
});

test('whoever comes while it is read does not start a second reading', async () => {
  let [reads, finish] = [0, () => {}];
  const reading = createSharedReading(
    () => {
      reads += 1;
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    },
    { everyMs: 1_000, onError: () => {} },
  );
  const first = reading.listen(() => {});
  await jest.advanceTimersByTimeAsync(1_000);
  first();
  const second = reading.listen(() => {});
  await jest.advanceTimersByTimeAsync(5_000);
  expect(reads).toBe(1);
  finish();
  await jest.advanceTimersByTimeAsync(100_000);
  expect(reads).toBe(2);
  second();
});
