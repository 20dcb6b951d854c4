import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection, makeRecord, makeRun } from '../test/factories.ts';
import { loadHistory, mostLines, noteAskedFor } from './record-events.ts';
import { saveListed } from './records-listed.ts';
import { saveRecords, touchRecords } from './records.ts';
import { forgetOld } from './retention.ts';
import { saveSpaces } from './spaces.ts';

let database: TestDatabase;
let connectionId: string;
let runId: string;
beforeAll(async () => {
  database = await createTestDatabase();
  connectionId = await makeConnection(database.db);
  runId = await makeRun(database.db, connectionId);
  const space = { homepageId: null, url: '', type: 'global', status: 'current' };
  await saveSpaces(database.db, connectionId, runId, [{ ...space, externalId: 'S', key: 'S', name: 'S' }]);
});
afterAll(() => database.close());

const told = async (id: string) =>
  (await loadHistory(database.db, connectionId, id)).map(({ what, detail }) =>
    'from' in detail || 'to' in detail ? `${what}: ${detail.from} -> ${detail.to}` : what,
  );
const later = (minutes: number) => new Date(Date.now() + minutes * 60_000);

test('a new version, a new title and a new place are noted once, with what was before; what is new is not', async () => {
  const { db } = database;
  const save = (change: Parameters<typeof makeRecord>[1], asOf: Date) =>
    saveRecords(db, connectionId, runId, [makeRecord('p', change), makeRecord('q')], asOf);
  await save({ title: 'Old' }, later(0));
  expect(await told('p')).toEqual([]);
  await save({ title: 'New', version: 2 }, later(1));
  await save({ title: 'New', version: 2 }, later(2));
  expect(await told('p')).toEqual(['renamed: Old -> New', 'updated: 1 -> 2']);
  await save({ title: 'New', version: 2, parentId: 'q' }, later(3));
  expect((await told('p'))[0]).toBe('moved: null -> q');
  expect(await told('q')).toEqual([]);
  const place = { externalId: 'p', spaceId: 'S', containerId: null, status: 'current', url: '' };
  await touchRecords(db, connectionId, runId, [{ ...place, parentId: null }], later(4));
  await touchRecords(db, connectionId, runId, [{ ...place, parentId: null }], later(5));
  expect((await told('p')).slice(0, 2)).toEqual(['moved: q -> null', 'moved: null -> q']);
  await touchRecords(db, connectionId, runId, [{ ...place, parentId: 'q' }], later(-9));
  expect((await told('p')).length).toBe(4);
});

test('a listing without bodies notes the same; a comment that replies elsewhere has not moved', async () => {
  const { db } = database;
  const { externalId, kind, spaceId, parentId, title, url, status } = makeRecord('l');
  const place = { externalId, kind, spaceId, parentId, title, url, status };
  const listed = { ...place, version: 1, authorId: null, createdAt: null, modifiedAt: null, attributes: {} };
  await saveListed(db, connectionId, runId, [listed], later(0));
  await saveListed(db, connectionId, runId, [{ ...listed, version: 3 }], later(1));
  expect(await told('l')).toEqual(['updated: 1 -> 3']);
  const comment = (parentId: string | null) =>
    makeRecord('c', { kind: 'comment', containerId: 'l', spaceId: null, parentId });
  await saveRecords(db, connectionId, runId, [comment(null)], later(2));
  await saveRecords(db, connectionId, runId, [comment('x')], later(3));
  expect(await told('c')).toEqual([]);
});

test('of each record the newest lines are kept, and none for longer than it is told', async () => {
  const { db } = database;
  for (let n = 0; n < mostLines + 5; n += 1) await noteAskedFor(db, connectionId, 'retried', ['many'], { n });
  await noteAskedFor(db, connectionId, 'chosen', ['old', 'few']);
  await sql`update record_events set at = now() - interval '91 days' where external_id = 'old'`.execute(db);
  expect(await forgetOld(db)).toMatchObject({ recordEvents: 6 });
  expect(await told('many')).toHaveLength(mostLines);
  expect([await told('old'), await told('few')]).toEqual([[], ['chosen']]);
  const { rows } = await sql<{ n: number }>`
    select min((detail ->> 'n')::integer) as n from record_events where external_id = 'many'`.execute(db);
  expect(rows[0]?.n).toBe(5);
});

test('what failed, a change of who may see it and a removal stand in the history, in their order', async () => {
  const { db } = database;
  const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);
  await db
    .insertInto('permission_changes')
    .values({
      connection_id: connectionId,
      kind: 'content',
      source_id: 'h',
      change: 'added',
      found_by: 'rolling',
      lag_seconds: 1,
      at: hoursAgo(2),
    })
    .execute();
  await db
    .insertInto('removals')
    .values({
      connection_id: connectionId,
      external_id: 'h',
      kind: 'page',
      cause: 'trashed',
      at: hoursAgo(3),
    })
    .execute();
  await db
    .insertInto('sync_failures')
    .values([
      {
        connection_id: connectionId,
        stage: 'bodies',
        external_id: 'h',
        message: 'HTTP 500',
        last_at: hoursAgo(1),
      },
      { connection_id: connectionId, stage: 'spaces', external_id: 'h', message: 'A space of the same id' },
    ])
    .execute();
  expect(await told('h')).toEqual(['failed', 'access_changed', 'removed']);
});
