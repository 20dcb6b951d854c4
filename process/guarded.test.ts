import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { commandLine, lastLines, spawnGuarded, stopLeftover } from './guarded.ts';

const freshFolder = () => mkdtempSync(join(tmpdir(), 'sluice-guarded-'));

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(20);
}

const pidIn = (path: string) => {
  try {
    return Number(readFileSync(path, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
};

test('a program is stopped by the signal that it expects, and its output is kept', async () => {
  const logFile = join(freshFolder(), 'log');
  const program = spawnGuarded({
    command: '/bin/sh',
    args: ['-c', 'trap "echo stopped; exit 3" TERM; echo up; while :; do sleep 0.05; done'],
    stopSignal: 'TERM',
    logFile,
  });
  await until(() => lastLines(logFile).includes('up'));
  expect(program.isRunning()).toBe(true);
  await program.stop();
  expect(program.isRunning()).toBe(false);
  expect(await program.exited).toBe(3);
  expect(lastLines(logFile)).toBe('up\nstopped');
});

test('a program that does not stop is killed', async () => {
  const logFile = join(freshFolder(), 'log');
  const program = spawnGuarded({
    command: '/bin/sh',
    args: ['-c', 'trap "" TERM; echo up; while :; do sleep 0.05; done'],
    stopSignal: 'TERM',
    logFile,
    patience: 1,
  });
  await until(() => lastLines(logFile).includes('up'));
  await program.stop();
  expect(await program.exited).toBe(137);
});

test('the end of a program is noticed', async () => {
  const program = spawnGuarded({
    command: '/bin/sh',
    args: ['-c', 'exit 4'],
    stopSignal: 'TERM',
    logFile: join(freshFolder(), 'log'),
  });
  expect(await program.exited).toBe(4);
  await program.stop();
});

test('a program ends when its parent is killed', async () => {
  const folder = freshFolder();
  const pidFile = join(folder, 'pid');
  const parent = spawn(process.execPath, [
    '--input-type=module',
    '-e',
    `const { spawnGuarded } = await import(${JSON.stringify(new URL('./guarded.ts', import.meta.url).href)});
     spawnGuarded({ command: 'sleep', args: ['600'], stopSignal: 'TERM',
       logFile: ${JSON.stringify(join(folder, 'log'))}, pidFile: ${JSON.stringify(pidFile)} });
     setInterval(() => {}, 1000);`,
  ]);
  await until(() => pidIn(pidFile) !== undefined);
  const pid = pidIn(pidFile) ?? 0;
  await until(() => commandLine(pid)?.startsWith('sleep') ?? false);
  parent.kill('SIGKILL');
  await until(() => commandLine(pid) === undefined);
});

test('what an earlier run left behind is stopped, and nothing else', async () => {
  const pidFile = join(freshFolder(), 'pid');
  const leftover = spawn('sleep', ['601']);
  writeFileSync(pidFile, `${leftover.pid}\n/some/folder\n`);
  expect(await stopLeftover({ pidFile, mark: 'postgres', signal: 'SIGINT', grace: 0 })).toBe(false);
  expect(leftover.exitCode).toBeNull();
  expect(await stopLeftover({ pidFile, mark: 'sleep 601', signal: 'SIGINT', grace: 0 })).toBe(true);
  expect(await stopLeftover({ pidFile, mark: 'sleep 601', signal: 'SIGINT', grace: 0 })).toBe(false);
  expect(await stopLeftover({ pidFile: `${pidFile}.none`, mark: '', signal: 'SIGINT' })).toBe(false);
});
