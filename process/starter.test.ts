import { spawn } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { watchStarter } from './starter.ts';

test('without npm there is nobody to watch', () => {
  expect(watchStarter({})()).toBe(true);
});

test('a script notices that npm is gone, although the shell between them is not', async () => {
  const script = `
    const { watchStarter } = await import(${JSON.stringify(new URL('./starter.ts', import.meta.url).href)});
    const lives = watchStarter();
    process.stdout.write(lives() ? 'lives' : 'gone');
    setInterval(() => { if (!lives()) { process.stdout.write(' gone'); process.exit(); } }, 20);`;
  // A shell in the place of npm's own; the colon keeps it from giving its place to the script.
  const npm = spawn(
    process.execPath,
    [
      '-e',
      `require('node:child_process').spawn('sh', ['-c', '"$NODE" --input-type=module -e "$SCRIPT"; :'], { stdio: 'inherit' })`,
    ],
    {
      env: { ...process.env, NODE: process.execPath, SCRIPT: script, npm_lifecycle_event: 'start' },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let said = '';
  npm.stdout.on('data', (text) => {
    said += String(text);
    if (said === 'lives') npm.kill('SIGKILL');
  });
  await new Promise((resolve) => npm.stdout.once('close', resolve));
  expect(said).toBe('lives gone');
});
