import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { createAtlassianHttp } from '../../atlassian/http.ts';
import { createOAuthClient } from '../../atlassian/oauth.ts';
import { createLogger } from '../../log.ts';
import type { Actor } from '../../server/actor.ts';
import { createScopePreviewService, type ScopePreviewView } from '../../server/services/scope-preview.ts';
import { createSiteReader } from '../../server/services/site-reader.ts';
import { createCipher, keyProviderFromKey } from '../../store/encryption.ts';
import type { Connection } from '../../store/schema.ts';
import { asked } from './asked.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { createWantedSite, SITE } from './wanted-site.ts';
import { expectWanted, set, statesOf } from './wanted.ts';

jest.setTimeout(180_000);

type Settings = Connection['settings'];

const world = createWantedSite();
let harness: SyncHarness;
let closeHttp: () => Promise<void>;
let preview: (connection: HarnessConnection, settings: Settings) => Promise<ScopePreviewView>;
beforeAll(async () => {
  harness = await createSyncHarness({ world, sandbox: { logLength: 100_000 } });
  const { db } = harness.database;
  const log = createLogger('silent');
  const http = createAtlassianHttp({ gatewayUrl: harness.sandbox.url, allowedPrivateHosts: [], log });
  closeHttp = () => http.close();
  const cipher = createCipher(keyProviderFromKey(harness.key));
  const readSite = createSiteReader({ db, cipher, http, oauth: createOAuthClient({ http }) });
  const service = createScopePreviewService({ db, readSite, log });
  const administrator = { role: 'administrator' } as Actor;
  preview = ({ connectionId }, settings) =>
    service.preview(administrator, connectionId, settings as Parameters<typeof service.preview>[2]);
});
afterAll(async () => {
  await closeHttp();
  await harness.close();
});
afterEach(async () => {
  await harness.database.db.deleteFrom('connections').execute();
  harness.sandbox.context.store.replace(structuredClone(world));
});

const inTree: Settings = { filters: { pageIds: { operator: 'in', values: [SITE.tree] } } };
const notRestricted: Settings = { filters: { pageIds: { operator: 'not_in', values: [SITE.restricted] } } };
const alpha: Settings = { filters: { labels: { operator: 'in', values: ['alpha'] } } };
const notBeta: Settings = { filters: { labels: { operator: 'not_in', values: ['beta'] } } };
const early: Settings = {
  filters: { created: { operator: 'is_before', to: '2026-02-10T00:00:00.000Z' } },
};
const quiet: Settings = { indexing: { pageComments: false } };
const onlyOne: Settings = { filters: { spaceKeys: { operator: 'in', values: ['ONE'] } } };
const byHand: Settings = { indexing: { mode: 'manual' } };

/** What is shown, by id. */
async function shown({ connectionId }: HarnessConnection): Promise<Set<string>> {
  const rows = await statesOf(harness, connectionId);
  return new Set(rows.filter(({ state }) => state === 'indexed').map(({ id }) => id));
}

/** Previews, saves and syncs, and holds what was foretold against what has happened. */
async function expectForetold(connection: HarnessConnection, to: Settings): Promise<void> {
  const before = await shown(connection);
  const stored = new Set((await statesOf(harness, connection.connectionId)).map(({ id }) => id));

  const told = await preview(connection, to);
  await set(harness, connection, to);
  harness.sandbox.context.counters.reset();
  expect(await connection.sync('incremental')).toMatchObject({ state: 'succeeded', failed: '0' });

  const after = await shown(connection);
  const ofStored = [...after].filter((id) => stored.has(id));
  expect({ complete: told.complete, ...told.stored, leftOut: undefined }).toEqual({
    complete: true,
    added: ofStored.filter((id) => !before.has(id)).length,
    removed: [...before].filter((id) => !after.has(id)).length,
    kept: ofStored.filter((id) => before.has(id)).length,
    leftOut: undefined,
  });
  expect(told.samples.removed.every(({ externalId }) => !after.has(externalId))).toBe(true);
  expect(told.samples.added.every(({ externalId }) => after.has(externalId))).toBe(true);
  await expectWanted(harness, connection);
  // What stays is neither listed nor read again.
  const requests = asked(harness);
  const kinds = told.kinds.filter(({ kind }) => kind === 'page' || kind === 'blogpost');
  const { pages, blogposts } = told.site.new;
  const bodies = kinds.reduce((sum, { added }) => sum + added, pages + blogposts);
  const read = ['pages', 'blogposts'].map((name) => requests[`bodies of ${name} by id`]?.objects ?? 0);
  expect(read.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(bodies);
}

test.each<[name: string, before: Settings, after: Settings]>([
  ['a filter is set', {}, inTree],
  ['it is lifted', inTree, {}],
  ['one takes the place of another', inTree, alpha],
  ['what is named is left out', {}, notRestricted],
  ['a label leaves out', {}, notBeta],
  ['a label leaves out no more', notBeta, alpha],
  ['a window of time is set, and shifted', early, { ...early, ...notRestricted }],
  ['comments are turned off', {}, quiet],
  ['a space leaves', {}, onlyOne],
  ['indexing goes by hand', {}, byHand],
  ['nothing changes', inTree, inTree],
])('what was foretold is what happens where %s', async (_name, from, to) => {
  const connection = await harness.connect({ world, settings: from });
  expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
  await expectForetold(connection, to);
});

const list = (...values: [string, ...string[]]) =>
  fc.record({
    operator: fc.constantFrom('in' as const, 'not_in' as const),
    values: fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 }),
  });
const anySettings: fc.Arbitrary<Settings> = fc.record(
  {
    filters: fc.record(
      {
        pageIds: list(SITE.tree, SITE.folder, '4001', '4500'),
        blogpostIds: list(...SITE.posts),
        labels: list('alpha', 'beta'),
      },
      { requiredKeys: [] },
    ),
    scope: fc.constant({ by: 'labels' as const, treeLabel: 'alpha', pageLabel: 'beta' }),
    indexing: fc.record({ pageComments: fc.boolean(), blogposts: fc.boolean() }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);

test('whatever is saved after whatever, it does what was foretold', async () => {
  for (const steps of fc.sample(fc.array(anySettings, { minLength: 4, maxLength: 4 }), {
    seed: 11,
    numRuns: 3,
  })) {
    const [first = {}, ...others] = steps;
    const connection = await harness.connect({ world, settings: first });
    expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
    for (const settings of others) await expectForetold(connection, settings);
    await harness.database.db.deleteFrom('connections').execute();
  }
});

test('what is not stored yet is counted at the site, and comes', async () => {
  const connection = await harness.connect({ world, settings: onlyOne });
  await connection.sync();
  const told = await preview(connection, {});
  const { site } = told;
  expect(site).toMatchObject({ state: 'counted', atMost: false, spaces: [{ key: 'TWO', name: 'Two' }] });
  expect(site.new).toEqual({ spaces: 1, pages: 1, blogposts: 0, comments: 2, attachments: 1 });
  expect(told.stored).toMatchObject({ added: 0, removed: 0 });
  await set(harness, connection, {});
  await connection.sync('incremental');
  await expectWanted(harness, connection);

  await set(harness, connection, quiet);
  expect((await preview(connection, {})).site.new.comments).toBe(0);
});

test('a preview stores nothing, and says where the site cannot be asked', async () => {
  const { faults } = harness.sandbox.context;
  const connection = await harness.connect({ world, settings: onlyOne });
  await connection.sync();
  faults.add({ match: { path: '/api/v2/spaces' }, action: { kind: 'status', status: 403, body: {} } });
  const told = await preview(connection, alpha);
  faults.clear();
  expect(told.site).toMatchObject({ state: 'unreachable', message: expect.stringMatching(/\w/) });
  expect(told.stored.removed).toBeGreaterThan(0);
  expect(told.warning).toMatch(/records \(\d+ %\) would leave the search/);
  expect(told.removedBy[0]).toMatchObject({ records: expect.any(Number) });
});
