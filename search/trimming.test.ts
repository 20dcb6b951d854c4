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
let outsider: ViewerId;

beforeAll(async () => {
  database = await createTestDatabase();
  site = await createSampleSite(database.db);
  anna = await site.person('anna', ['everyone', 'finance']);
  bert = await site.person('bert', ['everyone']);
  outsider = await site.person('olga');
  await site.layer('space-FIN', ['group:finance']);
  await site.layer('budget', ['user:anna', 'user:cleo']);
  await site.layer('secret', ['user:cleo']);
  await site.layer('broken', 'unknown');
  await site.record('open', { text: 'zebra in the open' });
  await site.record('finance', {
    text: 'zebra',
    space: 'FIN',
    layers: ['product', 'space-FIN'],
    labels: ['money'],
  });
  await site.record('budget', {
    text: 'zebra',
    space: 'FIN',
    parent: 'finance',
    layers: ['product', 'space-FIN', 'budget'],
  });
  await site.record('secret', {
    title: 'Takeover of Umbrella',
    text: 'zebra umbrella',
    space: 'FIN',
    parent: 'budget',
    layers: ['product', 'space-FIN', 'secret'],
    labels: ['takeover'],
  });
  await site.record('broken', { text: 'zebra', layers: ['product', 'broken'] });
  await site.record('unsettled', { text: 'zebra', layers: null });
  await site.record('pending', { text: 'zebra', state: 'pending' });
  await site.record('note', {
    kind: 'comment',
    title: '',
    text: 'zebra remark',
    container: 'open',
    parent: 'other',
  });
  await site.record('file', { kind: 'attachment', title: 'zebra.pdf', container: 'open' });
  // Below a secret page lies one that is open again: its own way up must not be told.
  await site.record('below', {
    text: 'giraffe',
    space: 'FIN',
    parent: 'secret',
    layers: ['product', 'space-FIN'],
  });
  await site.record('remark', {
    kind: 'comment',
    title: '',
    text: 'giraffe remark',
    space: 'FIN',
    container: 'secret',
    layers: ['product', 'space-FIN'],
  });
});
afterAll(() => database.close());

async function found(viewer: ViewerId, q: string, more: Partial<SearchQuery> = {}): Promise<string[]> {
  const page = await searchRecords(database.db, viewer, { q, limit: 50, ...more });
  return page.hits.map((hit) => hit.externalId).sort();
}

test('each layer, known or not, must admit; what is unsettled or unfinished is shown to nobody', async () => {
  expect(await found(anna, 'zebra')).toEqual(['budget', 'file', 'finance', 'note', 'open']);
  expect(await found(bert, 'zebra')).toEqual(['file', 'note', 'open']);
  expect(await found(outsider, 'zebra')).toEqual([]);
  expect(await found({ userId: '00000000-0000-0000-0000-000000000000' }, 'zebra')).toEqual([]);
});

test('counts and facets know nothing of what is hidden', async () => {
  const page = await searchRecords(database.db, bert, { q: 'zebra' });
  expect(page.totalVisible).toBe(3);
  expect(page.totalIsExact).toBe(true);
  expect(page.facets).toEqual({
    connections: [{ value: site.connectionId, label: 'Company', count: 3 }],
    spaces: [{ value: 'TEAM', label: 'TEAM space', count: 3 }],
    types: [
      { value: 'attachment', label: 'attachment', count: 1 },
      { value: 'comment', label: 'comment', count: 1 },
      { value: 'page', label: 'page', count: 1 },
    ],
    labels: [],
  });
  expect(await found(bert, '', { space: ['FIN'] })).toEqual([]);
  expect(await found(bert, 'label:takeover')).toEqual([]);
});

test('breadcrumbs leave out what the viewer may not see, and lead through the page of a comment', async () => {
  const crumbs = async (viewer: ViewerId, q: string) => {
    const page = await searchRecords(database.db, viewer, { q });
    return Object.fromEntries(
      page.hits.map((hit) => [hit.externalId, hit.breadcrumbs.map((crumb) => crumb.title)]),
    );
  };
  expect(await crumbs(anna, 'giraffe')).toEqual({
    below: ['finance', 'budget'],
    remark: ['finance', 'budget'],
  });
  expect(await crumbs(bert, 'zebra')).toEqual({ open: [], note: ['open'], file: ['open'] });
});

test('a comment is titled after its page only for who may see the page', async () => {
  const title = async (q: string) => {
    const page = await searchRecords(database.db, anna, { q, type: ['comment'] });
    return page.hits.map((hit) => hit.title);
  };
  expect(await title('zebra')).toEqual(['Comment on open']);
  expect(await title('giraffe')).toEqual(['Comment']);
});

test('a group that is left, an account that is deactivated, a connection that goes: all hide at once', async () => {
  const { db } = database;
  await db.transaction().execute(async (tx) => {
    const seen = async () => (await searchRecords(tx, anna, { q: 'zebra' })).totalVisible;
    expect(await seen()).toBe(5);
    await tx
      .deleteFrom('group_members')
      .where('account_id', '=', 'anna')
      .where('group_id', '=', 'finance')
      .execute();
    expect(await seen()).toBe(3);
    await tx.updateTable('connections').set({ status: 'disconnecting' }).execute();
    expect(await seen()).toBe(0);
    await tx.updateTable('connections').set({ status: 'needs_reauth' }).execute();
    expect(await seen()).toBe(3);
    await tx.updateTable('atlassian_accounts').set({ account_status: 'inactive' }).execute();
    expect(await seen()).toBe(0);
    await sql`rollback`.execute(tx);
  });
});

test('a cursor of one viewer opens nothing for another', async () => {
  const first = await searchRecords(database.db, anna, { q: 'zebra', limit: 1 });
  const hers = await searchRecords(database.db, anna, {
    q: 'zebra',
    limit: 50,
    cursor: first.nextCursor ?? '',
  });
  expect(hers.hits.length).toBe(4);
  const his = await searchRecords(database.db, bert, {
    q: 'zebra',
    limit: 50,
    cursor: first.nextCursor ?? '',
  });
  expect(his.hits.every((hit) => ['open', 'note', 'file'].includes(hit.externalId))).toBe(true);
});
