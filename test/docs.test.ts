import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { confluenceScopes } from '../atlassian/scopes.ts';
import { filesOfOurs, root } from './imports.ts';

const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
const pages = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** A page without what stands in fences, where links and headings are only text. */
const proseOf = (path: string): string => textOf(path).replaceAll(/^```[\s\S]*?^```/gm, '');

/** Anchors of a page's headings, as GitHub makes them. */
function anchorsOf(path: string): string[] {
  return [...proseOf(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Cells of the first table below a heading, without its head. */
function tableBelow(path: string, heading: string): string[][] {
  const below = textOf(path).split(`\n${heading}\n`)[1] ?? '';
  const rows = /(?:^\|.*\n)+/m.exec(below)?.[0].trimEnd().split('\n') ?? [];
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

test.each(['classic', 'granular'] as const)('the page on the app lists the %s scopes asked for', (kind) => {
  const heading = kind === 'classic' ? '## Classic scopes' : '## Granular scopes';
  expect(tableBelow('docs/atlassian-app.md', heading)).toEqual(
    confluenceScopes
      .filter((need) => need.kind === kind)
      .map(({ scope, reason }) => [`\`${scope}\``, reason]),
  );
});

test('each link to a file, and to a heading in it, leads somewhere', () => {
  const dead: string[] = [];
  for (const page of pages) {
    for (const [, target = ''] of proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/i.test(target)) continue;
      const [file = '', anchor] = target.split('#');
      const path = file === '' ? page : join(dirname(page), file);
      const leads =
        existsSync(join(root, path)) && (anchor === undefined || anchorsOf(path).includes(anchor));
      if (!leads) dead.push(`${page}: ${target}`);
    }
  }
  expect(dead).toEqual([]);
});

test('each screenshot is shown by a page, and together they are small', () => {
  const shots = readdirSync(join(root, 'docs/screenshots'));
  const prose = pages.map(textOf).join('\n');
  expect(shots.length).toBeGreaterThan(20);
  expect(shots.filter((name) => !name.endsWith('.png') || !prose.includes(`screenshots/${name})`))).toEqual(
    [],
  );
  const bytes = shots.reduce((sum, name) => sum + statSync(join(root, 'docs/screenshots', name)).size, 0);
  expect(bytes).toBeLessThan(4_000_000);
});

test('the page on notices tells of each code', () => {
  // Nothing opens a notice of a code that this type does not list.
  const [, union = ''] = /type NoticeCode =([^;]*);/.exec(textOf('store/schema/upkeep.ts')) ?? [];
  const codes = [...union.matchAll(/'(\w+)'/g)].map(([, code]) => `\`${code}\``);
  expect(codes.length).toBeGreaterThan(10);
  const told = tableBelow('docs/notices.md', '## What they tell of').map(([code]) => code);
  expect(told.toSorted()).toEqual(codes.toSorted());
});

test('the README leads to each page', () => {
  const readme = textOf('README.md');
  expect(pages.filter((page) => page !== 'README.md' && !readme.includes(`](${page})`))).toEqual([]);
});

test('each npm script that is named exists', () => {
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
  const npmsOwn = new Set(['ci', 'install']);
  const unknown = pages.flatMap((page) =>
    [...textOf(page).matchAll(/(?:npm run |`npm |^npm )(?!run )([a-z][\w:-]*)/gm)]
      .map(([, script = '']) => script)
      .filter((script) => !(script in scripts) && !npmsOwn.has(script))
      .map((script) => `${page}: ${script}`),
  );
  expect(unknown).toEqual([]);
});

/** Variables that config.ts parses. */
const configured = [...textOf('config.ts').matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map(([, name = '']) => name);
const secrets = /secretVariables = \[([^\]]*)\]/.exec(textOf('config.ts'))?.[1] ?? '';

test('each environment variable that is named is read somewhere', () => {
  const sources = filesOfOurs('.ts', '.mjs')
    .filter((file) => !file.endsWith('/'))
    .map(textOf)
    .join('\n');
  const compose = textOf('docker-compose.yml');
  const isRead = (name: string): boolean =>
    configured.includes(name) ||
    (name.endsWith('_FILE') && secrets.includes(`'${name.slice(0, -5)}'`)) ||
    new RegExp(`env(\\.|\\[')${name}\\b`).test(sources) ||
    compose.includes(`\${${name}`) ||
    // Node reads these itself.
    name === 'NODE_EXTRA_CA_CERTS';
  const unknown = pages.flatMap((page) =>
    [...textOf(page).matchAll(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g)]
      .map(([name]) => name)
      .filter((name) => !isRead(name))
      .map((name) => `${page}: ${name}`),
  );
  expect(unknown).toEqual([]);
});

test('the page on configuration tells of each variable', () => {
  expect(configured.length).toBeGreaterThan(15);
  const page = textOf('docs/configuration.md');
  expect(configured.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

/** How errors and refusals are made whose first word is their code. */
const coded =
  /(?:new (?:SluiceError|Conflict|Forbidden)|(?<=extends (?:SluiceError|AtlassianError) \{[^}]*)super|refuse|\bno)\(\s*'([a-z_]+)'/g;
/** In these two files codes stand in objects. */
const tables = /\bcode: '([a-z_]+)'/g;

test('each code that somebody may be answered with is explained', () => {
  const folders = /^(server|search|activities|atlassian|store)\/.*(?<!\.test|\.fixture)\.ts$/;
  const made = filesOfOurs('.ts')
    .filter((file) => folders.test(file))
    .flatMap((file) => {
      const told = /^server\/(errors|oauth\/refusals)\.ts$/.test(file) ? tables : coded;
      return [...textOf(file).matchAll(told)].map(([, code = '']) => `${code} (${file})`);
    });
  expect(made.length).toBeGreaterThan(50);
  const explained = pages.map(textOf).join('\n');
  expect(made.filter((each) => !explained.includes(`\`${each.split(' ')[0]}\``))).toEqual([]);
});

test('each code under which a page says that nothing was done is explained', () => {
  const refused = filesOfOurs('.ts')
    .filter((file) => /^server\/pages\/.*(?<!\.test)\.ts$/.test(file))
    .flatMap((file) =>
      [...textOf(file).matchAll(/ok: false,\s*code: '([a-z_]+)'/g)].map(([, code = '']) => code),
    );
  expect(refused.length).toBeGreaterThan(3);
  const explained = tableBelow('docs/troubleshooting.md', '## A page says that nothing was done');
  expect([...new Set(refused)].toSorted()).toEqual(
    explained.map(([code = '']) => code.replaceAll('`', '')).toSorted(),
  );
});

test('the architecture names each folder at the top', () => {
  const listed = spawnSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' });
  const paths = listed.status === 0 && listed.stdout !== '' ? listed.stdout.split('\n') : filesOfOurs('.ts');
  const folders = new Set(paths.filter((path) => path.includes('/')).map((path) => path.split('/')[0] ?? ''));
  const named = new Set(
    [...textOf('docs/ARCHITECTURE.md').matchAll(/^([\w.]+)\/ /gm)].map(([, name]) => name),
  );
  expect([...folders].filter((folder) => !named.has(folder))).toEqual([]);
  expect([...named].filter((folder) => !folders.has(folder ?? ''))).toEqual([]);
});
