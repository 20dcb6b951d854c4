import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { ViewerId } from '../store/visibility.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { createSampleSite } from '../test/sample-site.ts';
import { searchRecords } from './search.ts';
import type { SearchQuery } from './types.ts';

let database: TestDatabase;
let site: Awaited<ReturnType<typeof createSampleSite>>;
let anna: ViewerId;
let bert: ViewerId;

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  site = await createSampleSite(db);
  anna = await site.person('anna', ['everyone', 'legal']);
  bert = await site.person('bert', ['everyone']);
  await sql`update atlassian_groups set opens_product = true where group_id = 'everyone'`.execute(db);
  await sql`update connections set settings = ${JSON.stringify({
    permissions: { audiences: { Legal: ['legal'], 'All staff': ['everyone'] } },
  })}::jsonb`.execute(db);
  await site.layer('space-TEAM', ['class:authenticated-users']);
  await site.layer('space-LAW', ['group:legal', 'group:audit']);
  await site.layer('own', ['user:anna']);
  await site.layer('shut', ['group:legal', 'user:cleo']);
  await site.record('open', { text: 'zebra', layers: ['product', 'space-TEAM'] });
  await site.record('law', { text: 'zebra', space: 'LAW', layers: ['product', 'space-LAW'] });
  await site.record('own', { text: 'zebra', space: 'LAW', layers: ['product', 'space-LAW', 'own'] });
  await site.record('shut', { text: 'zebra', layers: ['product', 'shut'] });
  await site.record('unsettled', { text: 'zebra', layers: null });
});
afterAll(() => database.close());

async function found(viewer: ViewerId, query: Partial<SearchQuery>): Promise<string[]> {
  const { hits, totalVisible } = await searchRecords(database.db, viewer, { q: 'zebra', ...query });
  expect(totalVisible).toBe(hits.length);
  return hits.map((hit) => hit.externalId).sort();
}

test('an audience narrows to what its group alone opens', async () => {
  expect(await found(anna, {})).toEqual(['law', 'open', 'own', 'shut']);
  expect(await found(anna, { audience: ['legal'] })).toEqual(['law', 'open', 'shut']);
  expect(await found(anna, { audience: ['ALL STAFF'] })).toEqual(['open']);
  expect(await found(anna, { q: '', audience: ['All staff', 'legal'] })).toEqual(['law', 'open', 'shut']);
});

test('in the words, an audience narrows as the filter does, and both together narrow twice', async () => {
  expect(await found(anna, { q: 'zebra audience:legal' })).toEqual(['law', 'open', 'shut']);
  expect(await found(anna, { q: 'zebra audience:"all staff"', audience: ['legal'] })).toEqual(['open']);
});

test('an audience never shows what the person may not see', async () => {
  expect(await found(bert, {})).toEqual(['open']);
  expect(await found(bert, { audience: ['all staff'] })).toEqual(['open']);
});

test('an audience that somebody is not in answers as one that does not exist', async () => {
  expect(await found(bert, { audience: ['legal'] })).toEqual([]);
  expect(await found(bert, { audience: ['no such audience'] })).toEqual([]);
});
