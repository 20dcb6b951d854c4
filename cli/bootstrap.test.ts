import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../', import.meta.url));

/** A clone that asks for one package, with a stand-in for npm that behaves as `npm` says. */
function start(npm: string) {
  const clone = mkdtempSync(join(tmpdir(), 'sluice-clone-'));
  for (const folder of ['cli', 'process']) mkdirSync(join(clone, folder));
  for (const file of ['cli/bootstrap.mjs', 'cli/installed.mjs', 'process/lock.mjs']) {
    copyFileSync(join(root, file), join(clone, file));
  }
  const packages = { '': {}, 'node_modules/zod': { version: '4.0.0' } };
  writeFileSync(join(clone, 'package-lock.json'), JSON.stringify({ packages }));
  const script = join(clone, 'npm-cli.js');
  writeFileSync(script, npm);
  const run = () =>
    spawnSync(process.execPath, ['cli/bootstrap.mjs'], {
      cwd: clone,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], npm_execpath: script },
    });
  return { run };
}

const install = `
  const fs = require('node:fs');
  fs.mkdirSync('node_modules/node/bin', { recursive: true });
  fs.writeFileSync('node_modules/node/bin/node', '');
  fs.writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages: { 'node_modules/zod': { version: '4.0.0' } } }));
  console.log('ran ' + process.argv[2]);`;

test('a fresh clone is installed with words, and a second time nothing is said or done', () => {
  const { run } = start(install);
  const first = run();
  expect(first).toMatchObject({ status: 0 });
  expect(first.stderr).toMatch(/not installed yet: installing them/);
  expect(first.stderr).toMatch(/are installed \(\d+ s\)/);
  expect(run()).toMatchObject({ status: 0, stdout: '', stderr: '' });
});

test.each([
  ['npm error code ENOTFOUND', /registry is out of reach: check the network/],
  ['npm error code ENOSPC', /disk is full/],
  ['npm error code EACCES', /belong to somebody else/],
  ['npm error code EUSAGE', /run `npm install`/],
  ['npm error something new', /what npm said stands above/],
])('a failed installation (%s) ends in words that say what to do', (output, words) => {
  const { run } = start(`console.error(${JSON.stringify(output)}); process.exit(1);`);
  const outcome = run();
  expect(outcome.status).toBe(1);
  expect(outcome.stderr).toContain(output);
  expect(outcome.stderr).toMatch(words);
});
