import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection, makeRecord, makeRun, makeUser } from '../test/factories.ts';
import { choose, reachOfChoice, type ChoiceRequest } from './record-choices.ts';
import { saveRecords } from './records.ts';
import type { ConnectionSettings } from './schema.ts';
import { decideNow } from './scope-decide.ts';
import { saveSpaces } from './spaces.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

/** A root with two pages below it, one of them with a page below; a second space with one page; all with a comment. */
async function makeSite(settings: ConnectionSettings = {}) {
  const { db } = database;
  const connectionId = await makeConnection(db);
  await db
    .updateTable('connections')
    .set({ settings: JSON.stringify(settings) })
    .where('id', '=', connectionId)
    .execute();
  const runId = await makeRun(db, connectionId);
  const space = { homepageId: null, url: '', type: 'global', status: 'current' };
  await saveSpaces(db, connectionId, runId, [
    { ...space, externalId: 's', key: 'S', name: 'S' },
    { ...space, externalId: 't', key: 'T', name: 'T' },
  ]);
  const pages = [
    makeRecord('root', { spaceId: 's' }),
    makeRecord('a', { spaceId: 's', parentId: 'root' }),
    makeRecord('aa', { spaceId: 's', parentId: 'a' }),
    makeRecord('b', { spaceId: 's', parentId: 'root' }),
    makeRecord('other', { spaceId: 't' }),
  ];
  const comments = pages.map(({ externalId }) =>
    makeRecord(`c-${externalId}`, { kind: 'comment', containerId: externalId, spaceId: null }),
  );
  await saveRecords(db, connectionId, runId, pages, new Date());
  await saveRecords(db, connectionId, runId, comments, new Date());

  async function decided(choice: Omit<ChoiceRequest, 'connectionId' | 'by'>) {
    const request = { ...choice, connectionId, by: null };
    const chosen = await db.transaction().execute((trx) => choose(trx, request));
    await decideNow(db, connectionId, reachOfChoice(request));
    return chosen;
  }

  async function shown(): Promise<string[]> {
    const rows = await db
      .selectFrom('records')
      .select('external_id')
      .where('connection_id', '=', connectionId)
      .where('state', 'in', ['indexed', 'waiting'])
      .orderBy('external_id')
      .execute();
    return rows.map((row) => row.external_id);
  }

  async function choices(): Promise<string[]> {
    const rows = await db
      .selectFrom('record_choices')
      .select(['reach', 'external_id', 'indexed'])
      .where('connection_id', '=', connectionId)
      .execute();
    return rows.map((row) => `${row.reach} ${row.external_id} ${row.indexed ? 'in' : 'out'}`).sort();
  }
  return { db, connectionId, decided, shown, choices };
}

const all = ['a', 'aa', 'b', 'c-a', 'c-aa', 'c-b', 'c-other', 'c-root', 'other', 'root'];

test('what is un-indexed by itself is hidden at once with its comments, and nothing else', async () => {
  const { decided, shown } = await makeSite();
  expect(await decided({ reach: 'record', externalIds: ['a'], indexed: false })).toEqual({
    affected: 2,
    unknown: [],
  });
  expect(await shown()).toEqual(all.filter((id) => id !== 'a' && id !== 'c-a'));
  await decided({ reach: 'record', externalIds: ['a'], indexed: true });
  expect(await shown()).toEqual(all);
});

test('a subtree is un-indexed with all below it, and what was chosen below it before is forgotten', async () => {
  const { decided, shown, choices } = await makeSite();
  await decided({ reach: 'record', externalIds: ['aa', 'b'], indexed: false });
  await decided({ reach: 'record', externalIds: ['a'], indexed: true });
  expect(await decided({ reach: 'subtree', externalIds: ['a'], indexed: false })).toEqual({
    affected: 4,
    unknown: [],
  });
  expect(await choices()).toEqual(['record b out', 'subtree a out']);
  expect(await shown()).toEqual(['c-other', 'c-root', 'other', 'root']);
  await decided({ reach: 'subtree', externalIds: ['root'], indexed: true });
  expect(await choices()).toEqual(['subtree root in']);
  expect(await shown()).toEqual(all);
});

test('by hand nothing is wanted but what is chosen: a space, less a subtree of it, and one record below that', async () => {
  const { decided, shown } = await makeSite({ indexing: { mode: 'manual' } });
  await decided({ reach: 'space', externalIds: ['s'], indexed: true });
  await decided({ reach: 'subtree', externalIds: ['a'], indexed: false });
  expect(await shown()).toEqual([
    'b',
    'c-b',
    // Outside what was chosen, and so not decided yet.
    'c-other',
    'c-root',
    'other',
    'root',
  ]);
  await decided({ reach: 'record', externalIds: ['aa'], indexed: true });
  expect(await shown()).toEqual(['aa', 'b', 'c-aa', 'c-b', 'c-other', 'c-root', 'other', 'root']);
  expect(await decided({ reach: 'space', externalIds: ['s', 't'], indexed: false })).toMatchObject({
    affected: 10,
  });
  expect(await shown()).toEqual([]);
});

test('of what is not stored nothing is chosen, and it is named; who chose is kept', async () => {
  const { db, connectionId, decided, choices } = await makeSite();
  expect(await decided({ reach: 'record', externalIds: ['nothing', 'a', 'a'], indexed: false })).toEqual({
    affected: 2,
    unknown: ['nothing'],
  });
  expect(await decided({ reach: 'space', externalIds: ['a'], indexed: false })).toEqual({
    affected: 0,
    unknown: ['a'],
  });
  expect(await choices()).toEqual(['record a out']);
  const by = await makeUser(db, 'ada@example.com');
  await choose(db, { connectionId, reach: 'record', externalIds: ['a'], indexed: true, by });
  const row = await db
    .selectFrom('record_choices')
    .select(['chosen_by', 'indexed'])
    .where('connection_id', '=', connectionId)
    .executeTakeFirstOrThrow();
  expect(row).toEqual({ chosen_by: by, indexed: true });
});
