import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { createSampleSite } from '../test/sample-site.ts';
import { countBelow, countRecords, listSpaceCounts } from './record-counts.ts';

let database: TestDatabase;
let site: Awaited<ReturnType<typeof createSampleSite>>;
beforeAll(async () => {
  database = await createTestDatabase();
  site = await createSampleSite(database.db);
  await site.record('home');
  await site.record('a', { parent: 'home' });
  await site.record('aa', { parent: 'a', state: 'filtered' });
  await site.record('note', { kind: 'comment', container: 'aa' });
  await site.record('reply', { kind: 'comment', container: 'aa', parent: 'note' });
  await site.record('late', { parent: 'home', state: 'pending' });
  await site.record('ops', { space: 'OPS', state: 'manual' });
  await site.record('lost', { space: 'OPS', parent: 'round' });
  await site.record('round', { space: 'OPS', parent: 'lost' });
  await site.space('EMPTY');
  const other = await createSampleSite(database.db, 'Elsewhere');
  await other.record('home');
  await other.record('b', { parent: 'home' });
});
afterAll(() => database.close());

test('what lies below places is counted with comments and their replies, once each, by state', async () => {
  const counts = await countBelow(
    database.db,
    site.connectionId,
    ['home', 'a', 'aa', 'note', 'nothing'],
    100,
  );
  expect(Object.fromEntries(counts)).toEqual({
    home: { states: { indexed: 3, filtered: 1, pending: 1 }, records: 5, more: false },
    a: { states: { filtered: 1, indexed: 2 }, records: 3, more: false },
    aa: { states: { indexed: 2 }, records: 2, more: false },
  });
});

test('counting ends where it is enough, and in a circle of places', async () => {
  const few = await countBelow(database.db, site.connectionId, ['home'], 2);
  expect(few.get('home')).toMatchObject({ records: 3, more: true });
  expect((await countBelow(database.db, site.connectionId, ['lost'], 10)).get('lost')).toMatchObject({
    more: true,
  });
});

test('spaces come by name and page by page, with what is stored of them alone', async () => {
  const [ops] = await listSpaceCounts(database.db, site.connectionId, { after: null, limit: 1 });
  expect(ops).toMatchObject({ key: 'OPS', states: { manual: 1, indexed: 2 } });
  const rest = await listSpaceCounts(database.db, site.connectionId, {
    after: { name: ops?.name ?? '', id: ops?.id ?? '' },
    limit: 10,
  });
  expect(rest.map(({ key, states }) => [key, states])).toEqual([
    ['TEAM', { indexed: 4, filtered: 1, pending: 1 }],
  ]);
});

test('records are counted by state, kind and rule; what failed is not told to wait', async () => {
  const { db } = database;
  const failure = { connection_id: site.connectionId, external_id: 'late', message: 'HTTP 500' };
  await db
    .insertInto('sync_failures')
    .values([
      { ...failure, stage: 'bodies' },
      { ...failure, stage: 'restrictions' },
      { ...failure, stage: 'spaces', external_id: 'home' },
    ])
    .execute();
  const counts = await countRecords(db, site.connectionId);
  expect(counts.reduce((sum, one) => sum + one.records, 0)).toBe(9);
  expect(counts.filter(({ state }) => state === 'failed')).toEqual([
    { state: 'failed', reason: null, kind: 'page', records: 1 },
  ]);
  expect(counts.filter(({ state }) => state === 'pending')).toEqual([]);
});
