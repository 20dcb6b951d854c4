import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { generateWorld } from '../../sandbox/world/generate.ts';
import { searchRecords } from '../../search/search.ts';
import { arrival } from './arrivals.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { expectInvariants } from './invariants.ts';

const world = generateWorld({ seed: 47, spaces: 1, pagesPerSpace: 5, restrictedEvery: 0 });
const spaceId = world.spaces[0]?.id ?? '';
const parentId = world.spaces[0]?.homepageId ?? null;

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world, sandbox: { logLength: 10_000 } });
  const { state } = await harness.sync();
  if (state !== 'succeeded') throw new Error(`The first sync ended as ${state}.`);
});
afterAll(() => harness.close());

const broken = {
  'unclosed tags': '<p>found here<ul><li>one<table><tr><td>two<b>three',
  'a depth of 20,000': `${'<div>'.repeat(20_000)}found here${'</div>'.repeat(20_000)}`,
  'null bytes': 'found here \0 and \0 there',
  'lone surrogates': 'found here \ud800 and \udc00 there',
  'ten megabytes': `<p>found here</p>${'<p>some words of a long page</p>'.repeat(330_000)}`,
  'ten megabytes of tags without end': `found here ${'<b>'.repeat(3_400_000)}`,
};

test('pages that are not well formed are indexed as well as they can be read, and the log says so', async () => {
  const { store } = harness.sandbox.context;
  const { db } = harness.database;
  const ids = Object.entries(broken).map(
    ([title, body]) => store.addContent({ spaceId, parentId, title: `Broken by ${title}`, body }).id,
  );
  const { run, indexed, changes } = await arrival(harness, harness);
  expect({ indexed, changes }).toEqual({ indexed: ids.length, changes: { added: ids.length } });
  const log = await db
    .selectFrom('sync_log')
    .select(['level', 'item', 'message'])
    .where('run_id', '=', run.id)
    .where('item', 'is not', null)
    .execute();
  expect(log.map(({ item, level }) => [item, level]).sort()).toEqual(
    ids
      .filter((_id, at) => at !== 4)
      .map((id) => [id, 'warning'])
      .sort(),
  );
  expect(log[0]?.message).toMatch(
    /^The content of "Broken by .*" is not well formed\. It is indexed as well as/,
  );
  const { id: userId } = await db
    .insertInto('users')
    .values({ email: 'admin@example.com', name: 'Admin', role: 'administrator', email_verified: true })
    .returning('id')
    .executeTakeFirstOrThrow();
  const { hits } = await searchRecords(
    db,
    { userId },
    { q: '"found here"', connection: [harness.connectionId] },
  );
  expect(hits.map(({ externalId }) => externalId).sort()).toEqual(ids.toSorted());
  await db.deleteFrom('users').where('id', '=', userId).execute();
  // What no text of PostgreSQL can hold cannot be equal to the source: it goes before the rest is compared.
  for (const id of ids) store.purge(id);
  await arrival(harness, harness, 'sweep');
  await expectInvariants({ harness, connectionId: harness.connectionId });
}, 120_000);

const letters = fc.constantFrom(
  'a',
  'Ż',
  'é',
  '\u202e',
  'שלום',
  'مرحبا',
  '日本',
  '👩‍👩‍👧',
  '🏳️‍🌈',
  '"',
  "'",
  '\\',
  '<b>',
  '&amp;',
  '%',
  '~',
  ' ',
  'İ',
  'ﬁ',
);
const name = fc.string({ unit: letters, minLength: 1, maxLength: 40 });

test('titles, labels and names in any script, with quotes, or 255 bytes long, are stored as they are', async () => {
  const { store } = harness.sandbox.context;
  const personal = store.addSpace({
    id: '990010',
    key: '~712020ab-cd_"é',
    name: 'O\'Neil "משה" 👩‍🚀',
    type: 'personal',
  });
  store.setSpacePermissions(
    personal.id,
    (world.spaces[0]?.permissions ?? []).map(({ principal, operation, target }) => ({
      principal,
      operation,
      target,
    })),
  );
  const samples = [...fc.sample(name, 60), 'é'.repeat(127) + 'x', '\u202edetrevni', '日'.repeat(85)];
  for (const [at, title] of samples.entries()) {
    const { id } = store.addContent({
      spaceId: at % 2 === 0 ? spaceId : personal.id,
      title,
      body: `<p>${title.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</p>`,
      labels: [title.replaceAll(' ', '-').slice(0, 255)],
    });
    store.addAttachment({ containerId: id, title });
    store.addComment({ containerId: id, body: `<p>${at}</p>` });
  }
  expect(await arrival(harness, harness)).toMatchObject({ indexed: 3 * samples.length });
  await expectInvariants({ harness, connectionId: harness.connectionId });
  const spaces = await harness.database.db.selectFrom('spaces').select(['key', 'name']).execute();
  expect(spaces).toContainEqual({ key: personal.key, name: personal.name });
}, 120_000);
