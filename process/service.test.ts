import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { startService } from './service.ts';

function program(text: string) {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-service-'));
  const script = join(folder, 'program.mjs');
  writeFileSync(script, text);
  return { script, logFile: join(folder, 'log'), env: { PATH: process.env['PATH'] } };
}

test('a service is ready when it says so, is heard line by line, and ends on request', async () => {
  const lines: string[] = [];
  const { script, logFile, env } = program(
    `console.log('up'); setInterval(() => {}, 1000); process.once('SIGTERM', () => { console.log('bye'); process.exit(0); });`,
  );
  const service = await startService({
    script,
    logFile,
    env,
    onLine: (line) => lines.push(line),
    ready: () => Promise.resolve(lines.includes('up')),
  });
  await service.stop();
  expect(await service.exited).toBe(0);
  expect(lines).toEqual(['up', 'bye']);
  expect(readFileSync(logFile, 'utf8')).toBe('up\nbye\n');
});

test('a service that ends before it is ready fails with its last words', async () => {
  const { script, logFile, env } = program(`console.error('no key'); process.exit(2);`);
  await expect(startService({ script, logFile, env, ready: () => Promise.resolve(false) })).rejects.toThrow(
    'no key',
  );
});

test('a service ends, in good order, when the channel to its parent closes', async () => {
  const lines: string[] = [];
  const { script, logFile, env } = program(
    `setInterval(() => {}, 1000); process.once('SIGTERM', () => { console.log('bye'); process.exit(0); });
     process.disconnect();`,
  );
  const service = await startService({
    script,
    logFile,
    env,
    onLine: (line) => lines.push(line),
    ready: () => Promise.resolve(true),
  });
  expect(await service.exited).toBe(0);
  expect(lines).toEqual(['bye']);
});
