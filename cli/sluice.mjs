#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

// The command `sluice` on whatever Node there is: the command line itself needs 24, which the packages bring along.
const script = fileURLToPath(new URL('sluice.ts', import.meta.url));
const own = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));
if (Number(process.versions.node.split('.')[0]) >= 24) {
  await import('./sluice.ts');
} else if (existsSync(own)) {
  const { status } = spawnSync(own, [script, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} else {
  process.stderr.write('Sluice needs Node 24: run `npm ci` in its folder, which brings it.\n');
  process.exitCode = 2;
}
