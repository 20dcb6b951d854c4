import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { ProgressView } from '../views.ts';
import { createProgressWatch } from './watch.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const progress = (state: ProgressView['state']) => ({ state }) as ProgressView;

test('all listeners of a run share one poll a second', async () => {
  let reads = 0;
  const heard: string[] = [];
  const watch = createProgressWatch(async () => {
    reads += 1;
    return progress('running');
  });
  const stops = ['a', 'b', 'c'].map((name) => watch.listen('run', () => void heard.push(name)));
  await jest.advanceTimersByTimeAsync(3_000);
  expect(reads).toBe(3);
  expect(heard.join('')).toBe('abcabcabc');
  for (const stop of stops) stop();
  expect(watch.size()).toBe(0);
  await jest.advanceTimersByTimeAsync(3_000);
  expect(reads).toBe(3);
});

test('the poll ends with the run', async () => {
  const states = ['running', 'succeeded', 'running'] as const;
  let reads = 0;
  const watch = createProgressWatch(async () => progress(states[reads++] ?? 'running'));
  const heard: string[] = [];
  watch.listen('run', ({ state }) => void heard.push(state));
  await jest.advanceTimersByTimeAsync(10_000);
  expect(heard).toEqual(['running', 'succeeded']);
  expect(watch.size()).toBe(0);
});

test('a read that fails costs a tick, not the listeners', async () => {
  let reads = 0;
  const errors: unknown[] = [];
  const watch = createProgressWatch(
    async () => {
      reads += 1;
      if (reads === 1) throw new Error('no database');
      return progress('failed');
    },
    { onError: (error) => void errors.push(error) },
  );
  const heard: string[] = [];
  watch.listen('run', ({ state }) => void heard.push(state));
  await jest.advanceTimersByTimeAsync(2_000);
  expect(errors).toHaveLength(1);
  expect(heard).toEqual(['failed']);
});
