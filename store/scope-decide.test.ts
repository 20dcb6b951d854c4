import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import { decide, wantedOf, type Wanted } from '../scope/decide.ts';
import type { WantedSettings } from '../scope/settings.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection, makeRecord, makeRun } from '../test/factories.ts';
import { saveRecords, type RecordWrite } from './records.ts';
import type { ConnectionSettings, RecordKind } from './schema.ts';
import { decideNow, decideRecords } from './scope-decide.ts';
import { eachFacts } from './scope-facts.ts';
import { applyFlips } from './scope-flips.ts';
import { saveSpaces } from './spaces.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

async function makeSite(records: RecordWrite[]) {
  const { db } = database;
  const connectionId = await makeConnection(db);
  const runId = await makeRun(db, connectionId);
  const space = { name: 'S', homepageId: null, url: '', type: 'global', status: 'current' };
  await saveSpaces(db, connectionId, runId, [{ ...space, externalId: 'S', key: 'S' }]);
  await saveRecords(db, connectionId, runId, records, new Date());
  // Comments and attachments take the space of what is stored before them.
  await saveRecords(db, connectionId, runId, records, new Date());
  return { db, connectionId, runId };
}

interface Row {
  id: string;
  state: string;
  reason: string | null;
  due: boolean;
  body: boolean;
  words: boolean;
}

async function rowsOf(connectionId: string): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select external_id as id, state, state_reason as reason, body_due as due,
      exists (select from record_bodies b where b.record_id = r.id) as body,
      exists (select from record_search s where s.record_id = r.id) as words
    from records r where connection_id = ${connectionId} order by external_id`.execute(database.db);
  return rows;
}

async function decisionsOf(connectionId: string, wanted: Wanted) {
  const found = new Map<string, { state: string; reason: string | null }>();
  await eachFacts(database.db, connectionId, wanted, (batch) => {
    for (const { item, container } of batch) {
      const decided = decide(wanted, item, container);
      found.set(
        item.externalId,
        decided.wanted ? { state: 'wanted', reason: null } : { state: decided.state, reason: decided.reason },
      );
    }
  });
  return found;
}

const tree = [
  makeRecord('1', { labels: ['x'] }),
  makeRecord('2', { parentId: '1', labels: ['y'], authorId: 'ada' }),
  makeRecord('3', { parentId: '2', kind: 'folder' }),
  makeRecord('4', { parentId: '3', labels: ['x'], authorId: 'bob' }),
  makeRecord('5', { kind: 'blogpost', labels: ['x'] }),
  ...['1', '2', '4', '5'].flatMap((id) => [
    makeRecord(`c${id}`, { kind: 'comment', containerId: id, spaceId: null }),
    makeRecord(`d${id}`, { kind: 'comment', containerId: id, parentId: `c${id}`, spaceId: null }),
    makeRecord(`f${id}`, { kind: 'attachment', containerId: id, spaceId: null }),
  ]),
];

const list = (values: string[]) =>
  fc.record({
    operator: fc.constantFrom('in' as const, 'not_in' as const),
    values: fc.subarray(values, { minLength: 1 }),
  });
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const settings: fc.Arbitrary<WantedSettings> = fc
  .record({
    labels: maybe(list(['x', 'y', 'z'])),
    authors: maybe(list(['ada', 'bob'])),
    pageIds: maybe(list(['1', '2', '3', '9'])),
    contentTypes: maybe(list(['page', 'blogpost', 'comment', 'folder'])),
    by: maybe(fc.constantFrom('labels' as const)),
    pageComments: fc.boolean(),
    mode: maybe(fc.constantFrom('manual' as const)),
  })
  .map(({ labels, authors, pageIds, contentTypes, by, pageComments, mode }) => ({
    filters: {
      ...(labels && { labels }),
      ...(authors && { authors }),
      ...(pageIds && { pageIds }),
      ...(contentTypes && { contentTypes }),
    },
    scope: by === undefined ? {} : { by, pageLabel: 'x', treeLabel: 'y' },
    indexing: { pageComments, ...(mode && { mode }) },
  }));

test('what is stored is what was decided, whatever was stored before, and also when it was interrupted', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ settings, stopAt: fc.integer({ min: 0, max: 2 }) }), {
        minLength: 1,
        maxLength: 4,
      }),
      async (steps) => {
        const { db, connectionId, runId } = await makeSite(tree);
        for (const { settings: now, stopAt } of steps) {
          const wanted = wantedOf(now);
          let written = 0;
          const interrupted = decideRecords(db, connectionId, wanted, {
            runId,
            async onWritten() {
              written += 1;
              if (written === stopAt) throw new Error('stopped');
              await Promise.resolve();
            },
          });
          await interrupted.catch((error: Error) => expect(error.message).toBe('stopped'));
          for (const row of await rowsOf(connectionId))
            if (row.state === 'filtered' || row.state === 'manual')
              expect(row).toMatchObject({ body: false, words: false, due: true });
          await decideRecords(db, connectionId, wanted, { runId });
          const decided = await decisionsOf(connectionId, wanted);
          for (const row of await rowsOf(connectionId)) {
            const { state, reason } = decided.get(row.id)!;
            expect(row.reason).toBe(reason);
            if (state === 'wanted') {
              // What was never left out is as it was; what was, waits for its body.
              expect(['indexed', 'waiting']).toContain(row.state);
              expect(row.body).toBe(row.state === 'indexed');
              expect(row.due).toBe(row.state === 'waiting');
            } else expect(row).toMatchObject({ state, body: false, words: false, due: true });
          }
          expect(await decideRecords(db, connectionId, wanted, { runId })).toEqual({
            leftOut: 0,
            takenIn: 0,
          });
        }
      },
    ),
    { numRuns: 40 },
  );
});

const onlyX = wantedOf({ filters: { labels: { operator: 'in', values: ['x'] } } });
const stateOf = async (connectionId: string, id: string) =>
  (await rowsOf(connectionId)).find((row) => row.id === id);

test('places that were never read or are gone, and what failed, are left as they are', async () => {
  const { db, connectionId } = await makeSite([
    makeRecord('1', { labels: ['y'] }),
    makeRecord('2', { labels: ['y'] }),
  ]);
  await sql`update records set state = case external_id when '1' then 'pending' else 'failed' end
    where connection_id = ${connectionId}`.execute(db);
  await decideRecords(db, connectionId, onlyX);
  expect((await rowsOf(connectionId)).map(({ state, body }) => [state, body])).toEqual([
    ['pending', true],
    ['failed', true],
  ]);
});

test('what is in a space that is out of scope is for removal, and is not touched', async () => {
  const { db, connectionId } = await makeSite([makeRecord('1', { labels: ['y'] })]);
  const wanted = wantedOf({
    filters: {
      spaceKeys: { operator: 'not_in', values: ['S'] },
      labels: { operator: 'in', values: ['x'] },
    },
  });
  await decideRecords(db, connectionId, wanted);
  expect(await stateOf(connectionId, '1')).toMatchObject({ state: 'indexed', body: true });
});

test('a body that was read of what is left out goes, and is shown at once where it is wanted by then', async () => {
  const { db, connectionId, runId } = await makeSite([makeRecord('1', { labels: ['y'] })]);
  await decideRecords(db, connectionId, onlyX, { runId });
  const edited = makeRecord('1', { labels: ['y'], digest: 'new', version: 2 });
  await saveRecords(db, connectionId, runId, [edited], new Date());
  expect(await stateOf(connectionId, '1')).toMatchObject({ state: 'filtered', body: true });
  await decideRecords(db, connectionId, onlyX, { runId });
  expect(await stateOf(connectionId, '1')).toMatchObject({ state: 'filtered', body: false, due: true });
  await saveRecords(db, connectionId, runId, [edited], new Date());
  await decideRecords(db, connectionId, wantedOf({}), { runId });
  expect(await stateOf(connectionId, '1')).toMatchObject({ state: 'indexed', reason: null, body: true });
});

test('each time a record is left out or taken in is noted, with the rule', async () => {
  const { db, connectionId, runId } = await makeSite([makeRecord('1', { labels: ['y'] })]);
  await decideRecords(db, connectionId, onlyX, { runId });
  const authors = { authors: { operator: 'in' as const, values: ['ada'] } };
  // Another rule leaves it out now: nothing has happened to it.
  await decideRecords(db, connectionId, wantedOf({ filters: authors }), { runId });
  expect(await stateOf(connectionId, '1')).toMatchObject({ state: 'filtered', reason: 'authors' });
  await decideRecords(db, connectionId, wantedOf({}));
  const events = await db
    .selectFrom('record_events')
    .select(['external_id', 'run_id', 'what', 'detail'])
    .where('connection_id', '=', connectionId)
    .orderBy('id')
    .execute();
  expect(events).toEqual([
    { external_id: '1', run_id: runId, what: 'left_out', detail: { reason: 'labels' } },
    { external_id: '1', run_id: null, what: 'taken_in', detail: {} },
  ]);
});

test('the text of an attachment that is left out is read again when it comes back', async () => {
  const { db, connectionId } = await makeSite([
    makeRecord('1', { labels: ['y'] }),
    makeRecord('f1', { kind: 'attachment', containerId: '1', spaceId: null }),
  ]);
  await sql`insert into attachment_texts (record_id, connection_id, version, state, read_version)
    select id, connection_id, version, 'done', version from records
    where connection_id = ${connectionId} and kind = 'attachment'`.execute(db);
  await decideRecords(db, connectionId, onlyX);
  const texts = await db
    .selectFrom('attachment_texts')
    .select(['state', 'read_version'])
    .where('connection_id', '=', connectionId)
    .execute();
  expect(texts).toEqual([{ state: 'due', read_version: null }]);
});

test('a record that has changed its state meanwhile is left to the next decision', async () => {
  const { db, connectionId } = await makeSite([makeRecord('1', { labels: ['y'] })]);
  const { id } = await db
    .updateTable('records')
    .set({ state: 'pending' })
    .where('connection_id', '=', connectionId)
    .returning('id')
    .executeTakeFirstOrThrow();
  const flip = { id, was: 'indexed' as const, next: 'filtered' as const, reason: 'labels' as const };
  expect(await applyFlips(db, connectionId, null, [flip])).toEqual({ leftOut: 0, takenIn: 0, counted: 0 });
  expect(await stateOf(connectionId, '1')).toMatchObject({ state: 'pending', body: true });
});

test('by the settings in force, without a run, what is narrowed alone is decided', async () => {
  const { db, connectionId } = await makeSite([
    makeRecord('1', { labels: ['y'] }),
    makeRecord('2', { labels: ['y'] }),
  ]);
  const inForce: ConnectionSettings = { filters: { labels: { operator: 'in', values: ['x'] } } };
  await db
    .updateTable('connections')
    .set({ settings: JSON.stringify(inForce) })
    .where('id', '=', connectionId)
    .execute();
  expect(await decideNow(db, connectionId, sql<boolean>`r.external_id = '2'`)).toEqual({
    leftOut: 1,
    takenIn: 0,
  });
  expect((await rowsOf(connectionId)).map(({ state }) => state)).toEqual(['indexed', 'filtered']);
});

test('what was counted as stored by the run that leaves it out is told, and what was not is not', async () => {
  const { db, connectionId, runId } = await makeSite([
    makeRecord('1', { labels: ['y'] }),
    makeRecord('2', { labels: ['y'] }),
  ]);
  await sql`update records set seen_run = null where connection_id = ${connectionId} and external_id = '2'`.execute(
    db,
  );
  const told: unknown[] = [];
  await decideRecords(db, connectionId, onlyX, {
    runId,
    async onWritten(_trx, flipped) {
      told.push(flipped);
      await Promise.resolve();
    },
  });
  expect(told).toEqual([{ leftOut: 2, takenIn: 0, counted: 1 }]);
});

const kinds: RecordKind[] = ['page', 'blogpost', 'folder', 'whiteboard', 'database', 'embed'];
test('every kind of record can be left out and taken in', async () => {
  const { db, connectionId } = await makeSite(kinds.map((kind) => makeRecord(kind, { kind })));
  await decideRecords(db, connectionId, wantedOf({ indexing: { mode: 'manual' } }));
  expect((await rowsOf(connectionId)).map(({ state, reason }) => [state, reason])).toEqual(
    kinds.map(() => ['manual', 'notChosen']),
  );
  await decideRecords(db, connectionId, wantedOf({}));
  expect(new Set((await rowsOf(connectionId)).map(({ state }) => state))).toEqual(new Set(['waiting']));
});
