import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { acquireLock, lockHolder, processIdentity } from './lock.mjs';

const freshPath = () => join(mkdtempSync(join(tmpdir(), 'sluice-lock-')), 'lock');

test('who comes second hears who holds the lock and what it says', () => {
  const path = freshPath();
  const first = acquireLock(path);
  if (first.acquired) first.describe({ url: 'http://localhost:3000' });
  expect(acquireLock(path)).toMatchObject({
    acquired: false,
    holder: { pid: process.pid, url: 'http://localhost:3000' },
  });
});

test('a released lock can be taken again, and leaves nothing behind', () => {
  const path = freshPath();
  const first = acquireLock(path);
  if (first.acquired) first.release();
  expect(existsSync(path)).toBe(false);
  expect(acquireLock(path).acquired).toBe(true);
  expect(readdirSync(join(path, '..'))).toEqual(['lock']);
});

test('the lock of a process that is gone is taken over', async () => {
  const path = freshPath();
  const child = spawn(process.execPath, ['-e', '']);
  const pid = child.pid ?? 0;
  const identity = processIdentity(pid);
  await new Promise((resolve) => child.once('exit', resolve));
  writeFileSync(path, JSON.stringify({ pid, identity }));
  expect(lockHolder(path)).toBeUndefined();
  expect(acquireLock(path).acquired).toBe(true);
});

test('a later process with the same number does not hold the lock', () => {
  const path = freshPath();
  writeFileSync(path, JSON.stringify({ pid: process.pid, identity: 'long ago' }));
  expect(acquireLock(path).acquired).toBe(true);
});

test('a lock that was cut off while being written is taken over', () => {
  const path = freshPath();
  writeFileSync(path, '{"pid":');
  expect(acquireLock(path).acquired).toBe(true);
});

test('of many processes that come at once, one gets the lock', async () => {
  const path = freshPath();
  writeFileSync(path, JSON.stringify({ pid: 2 ** 22 + 1, identity: 'gone' }));
  const program = `
    const { acquireLock } = await import(${JSON.stringify(new URL('./lock.mjs', import.meta.url).href)});
    process.stdout.write(acquireLock(${JSON.stringify(path)}).acquired ? 'yes' : 'no');
    process.stdin.resume().once('end', () => process.exit());`;
  const children = Array.from({ length: 6 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', program]),
  );
  const answers = await Promise.all(
    children.map(
      (child) => new Promise<string>((resolve) => child.stdout.once('data', (text) => resolve(String(text)))),
    ),
  );
  for (const child of children) child.stdin.end();
  expect(answers.filter((answer) => answer === 'yes')).toHaveLength(1);
});
