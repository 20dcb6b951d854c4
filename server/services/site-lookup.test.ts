import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ConfluenceReader } from '../../atlassian/confluence/types.ts';
import { NotFoundThere } from '../../atlassian/errors.ts';
import { NeedsReauth } from '../../atlassian/token-source.ts';
import { findConnection } from '../../store/connections.ts';
import type { Connection } from '../../store/schema.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { createSampleSite } from '../../test/sample-site.ts';
import { createSiteLookup, type Lists } from './site-lookup.ts';
import type { ReadSite } from './site-reader.ts';

let database: TestDatabase;
let connection: Connection;
beforeAll(async () => {
  database = await createTestDatabase();
  const { connectionId } = await createSampleSite(database.db);
  const found = await findConnection(database.db, connectionId);
  if (found === undefined) throw new Error('There is no connection.');
  connection = found;
});
afterAll(() => database.close());

const none = { items: [], next: null, serverTime: new Date() };
const notThere = () =>
  new NotFoundThere('Not there', { method: 'GET', path: '/x', status: 404, traceId: null });

/** What a site with these answers does not know; a reader without an answer has nothing. */
function lookUp(lists: Lists, answers: object = {}) {
  const reader = {
    listSpaces: async () => none,
    listPages: async () => none,
    listBlogposts: async () => none,
    searchAccess: async () => none,
    readContainer: () => Promise.reject(notThere()),
    count: async () => 0,
    readAccounts: async () => [],
    ...answers,
  } as unknown as ConfluenceReader;
  const readSite: ReadSite = (_connection, work) => work(reader);
  return createSiteLookup({ db: database.db, readSite })(connection, lists);
}

test('a space in the trash is told as that, and one that answers by other letters is named', async () => {
  const items = [
    { id: '1', key: 'BIN', status: 'trashed' },
    { id: '2', key: 'DOCS', status: 'current' },
  ];
  const { unknown } = await lookUp(
    { spaceKeys: ['BIN', 'docs', 'DOCS'] },
    { listSpaces: async () => ({ ...none, items }) },
  );
  expect(unknown).toEqual([
    { field: 'spaceKeys', value: 'BIN', why: expect.stringContaining('trash') },
    { field: 'spaceKeys', value: 'docs', why: expect.stringContaining('a space DOCS') },
  ]);
});

test('a folder that the search does not find is asked for by itself, a few of them at most', async () => {
  const asked: string[] = [];
  const readContainer = async (_kind: string, id: string) => {
    asked.push(id);
    if (id !== '1') throw notThere();
  };
  const ids = Array.from({ length: 60 }, (_, n) => String(n + 1));
  const { unknown } = await lookUp({ pageIds: ids }, { readContainer });
  expect(unknown.map(({ value }) => value)).toEqual(ids.slice(1));
  expect(asked).toHaveLength(20);
});

test('long lists are asked for in batches that fit an address', async () => {
  const asked: number[] = [];
  const note = async ({ ids = [], keys = [] }: { ids?: string[]; keys?: string[] }) => {
    asked.push(ids.length + keys.length);
    return { ...none, items: ids.map((id) => ({ id, status: 'current' })) };
  };
  const many = (count: number) => Array.from({ length: count }, (_, n) => String(n + 1));
  await lookUp({ pageIds: many(450), spaceKeys: many(90) }, { listPages: note, listSpaces: note });
  expect(asked.sort((one, other) => one - other)).toEqual([10, 40, 40, 50, 200, 200]);
});

test('what cannot be looked up is told by its list, and the others are answered', async () => {
  const { unknown, unchecked } = await lookUp(
    { labels: Array.from({ length: 51 }, (_, n) => `label-${n}`), authors: ['nobody'], blogpostIds: ['7'] },
    { listBlogposts: () => Promise.reject(new NeedsReauth('gone')) },
  );
  expect(unknown).toEqual([
    { field: 'authors', value: 'nobody', why: expect.stringContaining('no account') },
  ]);
  expect(unchecked.map(({ field, why }) => [field, why]).sort()).toEqual([
    ['blogpostIds', 'The connection must be authorized again.'],
    ['labels', expect.stringContaining('51 labels are too many')],
  ]);
});

test('nothing is asked where nothing is entered, and a fault of ours is no unknown value', async () => {
  expect(await lookUp({ pageIds: [] }, { listPages: () => Promise.reject(new Error('asked')) })).toEqual({
    unknown: [],
    unchecked: [],
  });
  await expect(
    lookUp({ pageIds: ['1'] }, { listPages: () => Promise.reject(new TypeError('ours')) }),
  ).rejects.toThrow('ours');
});
