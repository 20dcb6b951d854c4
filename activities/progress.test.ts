import { expect, test } from '@jest/globals';
import { createProgress } from './progress.ts';

const forever = 2 ** 30;

async function isPending(promise: Promise<void>): Promise<boolean> {
  return Promise.race([
    promise.then(() => false),
    new Promise<boolean>((resolve) => setImmediate(() => resolve(true))),
  ]);
}

test('a batch waits until the other stream has passed its highest id', async () => {
  const progress = createProgress();
  const waiting = progress.passed(['9', '120'], forever);
  progress.advance(['10', '99']);
  expect(await isPending(waiting)).toBe(true);
  progress.advance(['121']);
  await waiting;
});

test('a stream that has ended holds nobody up, nor does an id that is no number', async () => {
  const progress = createProgress();
  await progress.passed(['att7'], forever);
  const waiting = progress.passed(['5'], forever);
  progress.finish();
  await waiting;
  await progress.passed(['6'], forever);
});

test('nobody waits longer than was said', async () => {
  await createProgress().passed(['5'], 1);
});
