import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { filesOfOurs, importsIn, root, type Import } from './imports.ts';

/**
 * Who may import whom: a folder at the top, the folders whose code it may use, and those of which it may know types
 * only. Types vanish before anything runs, so they bring no I/O along. The root is config.ts, errors.ts, log.ts and redaction.ts.
 */
const table: Record<string, { code: string[]; types?: string[] }> = {
  content: { code: [] },
  permissions: { code: [] },
  scope: { code: [] },
  sandbox: { code: [] },
  extraction: { code: [] },
  process: { code: ['errors.ts'] },
  atlassian: { code: ['errors.ts', 'log.ts'] },
  store: { code: ['errors.ts', 'redaction.ts', 'content', 'permissions', 'scope', 'atlassian'] },
  search: { code: ['errors.ts', 'store', 'permissions'] },
  destinations: { code: ['errors.ts', 'store', 'permissions', 'atlassian'] },
  embedded: { code: ['errors.ts', 'process'] },
  activities: {
    code: [
      'errors.ts',
      'log.ts',
      'redaction.ts',
      'atlassian',
      'content',
      'extraction',
      'permissions',
      'scope',
      'store',
      'destinations',
      'search',
    ],
  },
  notices: { code: ['errors.ts', 'log.ts', 'store', 'atlassian'] },
  workflows: { code: [], types: ['activities', 'store', 'temporal'] },
  temporal: {
    code: ['config.ts', 'errors.ts', 'log.ts', 'process', 'store', 'atlassian', 'activities', 'notices'],
    types: ['workflows'],
  },
  web: { code: ['content', 'scope'], types: ['server', 'search', 'store', 'permissions'] },
  server: {
    code: [
      'config.ts',
      'errors.ts',
      'log.ts',
      'atlassian',
      'content',
      'notices',
      'permissions',
      'scope',
      'search',
      'store',
      'temporal',
      'web',
      'mcp',
    ],
  },
  mcp: { code: ['config.ts', 'errors.ts', 'log.ts', 'search', 'store', 'permissions', 'server'] },
};

/** Top folders that may use everything: they put the program together, or measure it. */
const free = ['cli', 'test', 'bench'];

/** Code that computes only: no files, no network, no database, no clock of the machine's. */
const purePackages: Record<string, RegExp> = {
  content: /^(node:crypto|htmlparser2|entities|domhandler)$/,
  permissions: /^node:crypto$/,
  scope: /^node:crypto$/,
  workflows: /^@temporalio\/(workflow|common)$/,
};

/** The remote world's public face: below it, only atlassian/ itself looks. */
const atlassianInternals = ['server', 'web', 'mcp'];
const internalsOfAtlassian = /^atlassian\/(transport|address|body|classify|secrets|retry)\.ts$/;

const topOf = (path: string) => path.split('/')[0] ?? path;
const sources = filesOfOurs('.ts', '.mjs').filter((path) => !path.endsWith('/'));
const isTest = (path: string) => /\.test\.ts$|\.(child|fixtures?)\.ts$|\/test-[^/]+\.ts$/.test(path);
const imports = sources.flatMap((file) => importsIn(file));
const told = (found: Import[]) => found.map(({ file, line, target }) => `${file}:${line} imports ${target}`);

test('every folder imports only what the table allows it', () => {
  const offences = imports.filter(({ file, target, ours, typeOnly }) => {
    const [from, to] = [topOf(file), topOf(target)];
    if (!ours || from === to || free.includes(from) || isTest(file) || !file.includes('/')) return false;
    const row = table[from];
    if (row === undefined) return true;
    return !row.code.includes(to) && !(typeOnly && (row.types?.includes(to) ?? false));
  });
  expect(told(offences)).toEqual([]);
});

test('pure folders import no package that does I/O', () => {
  const offences = imports.filter(({ file, target, ours }) => {
    const allowed = purePackages[topOf(file)];
    return !ours && allowed !== undefined && !isTest(file) && !allowed.test(target);
  });
  expect(told(offences)).toEqual([]);
});

test('nothing that ships imports the sandbox', () => {
  const offences = imports.filter(
    ({ file, target, ours }) =>
      ours && topOf(target) === 'sandbox' && !['sandbox', ...free].includes(topOf(file)) && !isTest(file),
  );
  expect(told(offences)).toEqual([]);
});

test('the server and the pages use the public face of atlassian/ only', () => {
  const offences = imports.filter(
    ({ file, target }) =>
      atlassianInternals.includes(topOf(file)) && !isTest(file) && internalsOfAtlassian.test(target),
  );
  expect(told(offences)).toEqual([]);
});

test('every imported file of ours is named with its ending', () => {
  expect(told(imports.filter(({ target, ours }) => ours && !/\.(ts|mjs|json)$/.test(target)))).toEqual([]);
});

test('no source file is longer than 300 lines', () => {
  const long = sources
    .map((path) => ({ path, lines: readFileSync(join(root, path), 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > 300);
  expect(long.map(({ path, lines }) => `${path} has ${lines} lines`)).toEqual([]);
});

test('no folder and no file is a drawer for odds and ends', () => {
  const drawers = [...filesOfOurs(), ...sources].filter((path) =>
    /(^|\/)(utils?|helpers?|common|misc|shared)(\/|\.ts$)/.test(path),
  );
  expect(drawers).toEqual([]);
});

test('the table itself would notice: type imports, code imports, re-exports and dynamic ones are told apart', () => {
  const source = [
    `import type { A } from '../store/schema.ts';`,
    `import {\n  b,\n} from '../store/database.ts';`,
    `export { c } from './c.ts';`,
    `const d = await import('../sandbox/main.ts');`,
    `import 'node:fs';`,
  ].join('\n');
  expect(importsIn('content/x.ts', source).map((each) => [each.line, each.target, each.typeOnly])).toEqual([
    [1, 'store/schema.ts', true],
    [2, 'store/database.ts', false],
    [5, 'content/c.ts', false],
    [6, 'sandbox/main.ts', false],
    [7, 'node:fs', false],
  ]);
});
