import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse as parseCsv } from 'csv-parse/sync';
import fc from 'fast-check';
import type { Expression } from '../../sandbox/cql/ast.ts';
import { parse } from '../../sandbox/cql/parse.ts';
import { createSmallWorld, smallPage } from '../../sandbox/world/small.ts';
import type { Content, Space } from '../../sandbox/world/types.ts';
import { labelPattern, spaceKeyPattern } from '../../scope/values.ts';
import type { Actor } from '../../server/actor.ts';
import type { Settings } from '../../server/settings.ts';
import type { ProgressView } from '../../server/views.ts';
import { administrator, startWhole, syncOnce, type Whole } from '../browser/whole.ts';
import { createTestCli, type TestCli } from '../cli.ts';

/** Names as people and machines give them, some of which would be something else if they were not quoted. */
const keys = [
  '~712020ab-cd',
  'ЖИ_ß',
  'Q" or type = comment or space = "',
  "O'B\\",
  '") order by created',
  '👩‍👩‍👧',
];
const labels = ["l'équipe", 'می‌خواهم', '日本', '🏳️‍🌈', 'a\\b', "x'--", 'c="1"', '$1%_', '\\"', 'مرحبا'];
const titles = [
  '=HYPERLINK("http://evil.example")',
  "Robert'); drop table records; --",
  'מדיניות "חופשה" \u202eoverride',
  'é'.repeat(127) + 'x',
  '<b>&amp;</b>, "quoted"; and\ttabbed',
  ...fc.sample(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), { numRuns: 30, seed: 8 }),
].map((title) => title.toWellFormed().replaceAll('\0', ''));

const siteUrl = 'https://acme.atlassian.net';
let whole: Whole;
let cli: TestCli;
let actor: Actor;
let id: string;
let key: string;
let pages: Content[];

beforeAll(async () => {
  const world = createSmallWorld();
  const [space] = world.spaces as [Space];
  for (const [at, key] of keys.entries()) {
    world.spaces.push({
      ...space,
      id: String(1_100 + at),
      key,
      name: `${key} Ünïcode "${at}"`,
      homepageId: null,
    });
  }
  pages = titles.map((title, at) =>
    smallPage(String(5_000 + at), {
      title,
      spaceId: String(1_100 + (at % keys.length)),
      labels: [labels[at % labels.length] ?? ''],
    }),
  );
  world.content.push(...pages);
  whole = await startWhole({ sync: true, world });
  // Whose email the account of the API token has, so that what the site shows it is shown to this person.
  const reader = await whole.server.person('admin@acme.example', 'administrator', 'a third pass phrase');
  await syncOnce(whole, 'admin@acme.example', siteUrl);
  const signedIn = await whole.server.services.access.checkPassword(
    administrator.email,
    administrator.password,
  );
  if (signedIn === null) throw new Error('The administrator cannot sign in.');
  actor = signedIn;
  key = await whole.server.key(reader);
  cli = await createTestCli(whole.server.app, key);
  ({ id } = await whole.server.database.db.selectFrom('connections').select('id').executeTakeFirstOrThrow());
}, 120_000);
afterAll(async () => {
  cli?.close();
  await whole?.close();
});

async function run(input: {
  kind: 'full' | 'incremental';
  dryRun?: boolean;
  settings?: Settings;
}): Promise<string> {
  const { syncs } = whole.server.services;
  const started = await syncs.start(actor, id, input);
  await new Promise<void>((resolve, reject) => {
    const ended = ({ state, message }: ProgressView) => {
      if (state === 'succeeded') resolve();
      if (state === 'failed') reject(new Error(message ?? 'The sync failed.'));
    };
    syncs.watch(actor, started.id, ended).catch(reject);
  });
  return started.id;
}

/** What `POST …/settings/check` makes of pasted lists. */
async function check(lists: Record<string, string | string[]>): Promise<unknown> {
  const response = await fetch(`${cli.url}/api/v1/connections/${id}/settings/check`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(lists),
  });
  return response.json();
}

interface Item {
  externalId: string;
  title: string;
  labels: string[];
  space: { key: string };
  state: string;
}
const listed = async (...args: string[]): Promise<Item[]> => {
  const { out, err } = await cli.sluice([
    '--json',
    'records',
    'list',
    '--limit',
    '200',
    '--type',
    'page',
    ...args,
  ]);
  expect(err).toBe('');
  return (JSON.parse(out) as { items: Item[] }).items;
};
const ofWorld = (some: readonly Content[]) =>
  some.map((page) => [page.id, page.title, page.labels, keys[Number(page.spaceId) - 1_100]]).sort();
const told = (items: readonly Item[]) =>
  items
    .filter(({ externalId }) => Number(externalId) >= 5_000)
    .map((item) => [item.externalId, item.title, item.labels, item.space.key])
    .sort();

test('names of any kind come back as they were: on the command line, in the list of spaces, in a CSV', async () => {
  expect(told(await listed())).toEqual(ofWorld(pages));
  for (const [at, key] of keys.entries()) {
    const { items } = await whole.server.services.choices.spaces(actor, id, { named: key, limit: 5 });
    expect(items[0]).toMatchObject({ key, name: `${key} Ünïcode "${at}"`, pages: 6 - (at < 5 ? 0 : 1) });
  }
  const runId = await run({ kind: 'full', dryRun: true });
  const file = await whole.server.services.dryRuns.export(actor, runId, { kind: 'page' }, 'csv');
  let csv = '';
  for await (const line of file) csv += line;
  const rows = parseCsv<{ externalId: string; title: string; space: string }>(csv, {
    columns: true,
    bom: true,
  });
  expect(
    rows
      .filter(({ externalId }) => Number(externalId) >= 5_000)
      .map((row) => [row.externalId, row.title, row.space])
      .sort(),
  ).toEqual(ofWorld(pages).map(([external, title, , key]) => [external, asText(title), asText(key)]));
}, 90_000);

/** What a spreadsheet would take for a formula bears an apostrophe. */
function asText(text: unknown): string {
  return /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/.test(String(text)) ? `'${String(text)}` : String(text);
}

test('each name that can be entered filters what bears it, and nothing else, as it was foretold', async () => {
  const { connections, choices } = whole.server.services;
  const [ofLabels, ofKeys] = [
    labels.filter((label) => labelPattern.test(label)).map((label) => label.toLowerCase()),
    keys.filter((key) => spaceKeyPattern.test(key)),
  ];
  expect([ofLabels.length, ofKeys.length]).toEqual([8, 2]);
  const pasted = await check({
    labels: ofLabels.map((label) => `- "${label}",`),
    spaceKeys: ofKeys.join('; '),
  });
  expect(pasted).toEqual({
    values: { labels: ofLabels, spaceKeys: ofKeys },
    notUnderstood: [],
    unknown: [],
    unchecked: [],
  });
  const some = ofLabels.filter((_label, at) => at % 2 === 0);
  const settings: Settings = {
    filters: { labels: { operator: 'in', values: some }, spaceKeys: { operator: 'in', values: ofKeys } },
    sync: { strategy: 'manual' },
  };
  await connections.updateSettings(actor, id, settings, { sync: false });
  expect((await connections.get(actor, id)).settings).toMatchObject(settings);
  await run({ kind: 'full' });
  const wanted = pages.filter(
    (page) =>
      ofKeys.includes(keys[Number(page.spaceId) - 1_100] ?? '') &&
      page.labels.some((label) => some.includes(label.toLowerCase())),
  );
  expect(wanted.length).toBeGreaterThan(2);
  expect(told(await listed('--state', 'indexed'))).toEqual(ofWorld(wanted));
  const unknown = await choices.lookUp(actor, id, {
    labels: ['") or label = ("日本', '\\', '*'],
    spaceKeys: ['") or space in ("ONE'],
  });
  expect(unknown.unknown.map(({ value }) => value).sort()).toEqual(
    ['") or label = ("日本', '\\', '*', '") or space in ("ONE'].sort(),
  );
}, 90_000);

test('no name has become a part of a query: each was read as one value, and none was refused', async () => {
  await whole.server.services.connections.updateSettings(
    actor,
    id,
    {
      scope: { by: 'labels', pageLabel: "l'équipe", treeLabel: 'a\\b', personalSpaces: true },
      sync: { strategy: 'manual' },
    },
    { sync: false },
  );
  await run({ kind: 'full' });
  await run({ kind: 'incremental' });
  const sent = whole.sandbox.context.counters
    .log()
    .map((request) => ({ ...request, cql: new URLSearchParams(request.query).get('cql') }))
    .filter(({ cql }) => cql !== null);
  expect(sent.filter(({ status }) => status !== 200).map(({ cql }) => cql)).toEqual([]);
  const fields = new Map<string, Set<string>>();
  for (const { cql } of sent) gather(parse(cql ?? '').where, fields);
  expect([...fields.keys()].sort()).toEqual(['ancestor', 'label', 'space', 'type']);
  const known = new Set(['ONE', ...keys, ...labels, ...labels.map((label) => label.toLowerCase())]);
  const asked = ['") or label = ("日本', '\\', '*', '") or space in ("ONE'];
  for (const field of ['space', 'label']) {
    const values = [...(fields.get(field) ?? [])];
    expect(values.length).toBeGreaterThan(3);
    expect(values.filter((value) => !known.has(value) && !asked.includes(value))).toEqual([]);
  }
  const types = [
    'attachment',
    'blogpost',
    'comment',
    'database',
    'embed',
    'folder',
    'page',
    'user',
    'whiteboard',
  ];
  expect([...(fields.get('type') ?? [])].filter((type) => !types.includes(type))).toEqual([]);
}, 90_000);

/** The values of a query by the field that they are compared with. */
function gather(expression: Expression, into: Map<string, Set<string>>): void {
  if (expression.kind === 'not') return gather(expression.term, into);
  if (expression.kind !== 'clause') return expression.terms.forEach((term) => gather(term, into));
  const values = into.get(expression.field) ?? new Set();
  into.set(expression.field, values);
  for (const value of expression.values)
    values.add(value.kind === 'literal' ? value.text : `${value.name}()`);
}
