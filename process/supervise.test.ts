import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Running } from './service.ts';
import { restartDelay, supervise } from './supervise.ts';

/** A process that ends when told to. */
function createFake() {
  let end = () => {};
  const exited = new Promise<void>((resolve) => {
    end = resolve;
  });
  const running: Running = { exited, stop: async () => end() };
  return { running, end: () => end() };
}

test('waits grow and are never longer than half a minute', () => {
  expect([1, 2, 3, 7, 50].map(restartDelay)).toEqual([500, 1000, 2000, 30_000, 30_000]);
  fc.assert(fc.property(fc.nat(10_000), (n) => restartDelay(n) >= 500 && restartDelay(n) <= 30_000));
});

test('a process that ends unasked is started again, and that is said', async () => {
  const said: string[] = [];
  const fakes = [createFake(), createFake()];
  let starts = 0;
  let again = () => {};
  const second = new Promise<void>((resolve) => {
    again = resolve;
  });
  const supervised = await supervise({
    name: 'The worker',
    say: (line) => {
      said.push(line);
      if (line === 'The worker runs again') again();
    },
    start: async () => {
      const fake = fakes[starts];
      starts += 1;
      if (fake === undefined) throw new Error('started too often');
      return fake.running;
    },
  });
  fakes[0]?.end();
  await second;
  await supervised.stop();
  expect(starts).toBe(2);
  expect(said).toEqual([
    'The worker has ended unexpectedly: starting it again in 0.5 s',
    'The worker runs again',
  ]);
});

test('a process that is stopped stays stopped, even while it waits to start again', async () => {
  const fake = createFake();
  let starts = 0;
  let waiting = () => {};
  const asked = new Promise<void>((resolve) => {
    waiting = resolve;
  });
  const supervised = await supervise({
    name: 'x',
    say: () => waiting(),
    start: async () => {
      starts += 1;
      return fake.running;
    },
  });
  fake.end();
  await asked;
  await supervised.stop();
  expect(starts).toBe(1);
});

test("the first start's failure is the caller's", async () => {
  const start = () => Promise.reject(new Error('no such program'));
  await expect(supervise({ name: 'x', say: () => {}, start })).rejects.toThrow('no such program');
});
