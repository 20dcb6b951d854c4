import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { LayerReading } from '../permissions/types.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection, makeRecord, makeRun } from '../test/factories.ts';
import { saveGroupMembers } from './accounts.ts';
import { markContainersUnreadable, saveContainersFound } from './containers.ts';
import { saveContentAccess } from './content-access.ts';
import { saveFailure } from './failures.ts';
import { listHidden, type HiddenRow } from './hidden.ts';
import { hiddenCauses, type HiddenCause } from './hidden-obstacles.ts';
import { saveLayers } from './layers.ts';
import { saveRecords, type RecordWrite } from './records.ts';
import { settleAccess } from './settle.ts';
import { saveSpaces } from './spaces.ts';
import { noteUnseen } from './vanished.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const known: LayerReading = { state: 'known', principals: ['user:ada'] };
const unknown: LayerReading = { state: 'unknown', reason: 'Atlassian answered 403', principals: [] };
const asOf = new Date('2026-03-26T16:00:00Z');

const record = (externalId: string, parentId: string | null, change: Partial<RecordWrite> = {}) =>
  makeRecord(externalId, { parentId, url: `https://acme.example/${externalId}`, ...change });

const comment = (containerId: string) =>
  record(`c${containerId}`, null, { kind: 'comment', containerId, spaceId: null });

/** Two spaces, the second unread, and these records, of which `unread` are without a read restriction. */
async function site(
  records: RecordWrite[],
  options: { unread?: string[]; unknown?: string[]; product?: LayerReading | null } = {},
) {
  const { db } = database;
  const connectionId = await makeConnection(db);
  const runId = await makeRun(db, connectionId);
  const { product = known, unread = [] } = options;
  if (product !== null)
    await saveLayers(db, connectionId, [{ kind: 'product', sourceId: 'product', reading: product }], asOf);
  const spaces = ['S', 'T'].map((id) => ({
    externalId: id,
    key: id,
    name: `Space ${id}`,
    homepageId: null,
    url: '',
  }));
  await saveSpaces(
    db,
    connectionId,
    runId,
    spaces.map((one) => ({ ...one, type: 'global', status: 'current' })),
  );
  await saveLayers(db, connectionId, [{ kind: 'space', sourceId: 'S', reading: known }], asOf);
  await saveRecords(db, connectionId, runId, records, asOf);
  const access = records
    .filter(({ externalId, kind }) => kind !== 'comment' && !unread.includes(externalId))
    .map(({ externalId }) => ({
      externalId,
      labels: [],
      restriction: options.unknown?.includes(externalId) === true ? unknown : null,
    }));
  await saveContentAccess(db, connectionId, runId, access, asOf);
  await settleAccess(db, connectionId);
  return { db, connectionId, runId };
}

const all = { cause: null, after: null, each: 100, limit: 100 };
const told = ({ cause, key, detail, records }: HiddenRow) => [cause, key, detail, records];

test('a connection that shows everything hides nothing', async () => {
  const { db, connectionId } = await site([record('1', null), record('2', '1')]);
  await saveLayers(db, connectionId, [{ kind: 'space', sourceId: 'T', reading: known }], asOf);
  expect(await listHidden(db, connectionId, all)).toEqual({ counts: {}, records: 0, items: [] });
});

test('each cause is told with what hangs on it, and what is merely below is not told', async () => {
  const { db, connectionId, runId } = await site(
    [
      record('1', null),
      record('2', '1'),
      record('3', '2'),
      comment('3'),
      record('4', null, { spaceId: 'T' }),
      record('5', '77'),
      record('6', '5'),
      record('7', null, { kind: 'folder', status: 'archived' }),
      record('8', '7'),
      record('9', '1', { spaceId: 'T' }),
      record('10', null),
      record('11', '10'),
      record('12', 'f1'),
      record('13', null),
    ],
    { unread: ['2'], unknown: ['10'] },
  );
  await saveContainersFound(db, connectionId, runId, [{ id: 'f1', kind: 'folder' }]);
  await markContainersUnreadable(db, connectionId, ['f1']);
  await saveFailure(db, connectionId, runId, {
    stage: 'folders',
    externalId: 'f1',
    title: 'folder f1',
    message: 'Atlassian answered 404',
    url: null,
    status: 404,
    traceId: 'trace-1',
  });
  await db
    .insertInto('record_holds')
    .values({ connection_id: connectionId, external_id: '13', reason: 'Confluence refuses somebody.' })
    .execute();
  await settleAccess(db, connectionId);
  const { counts, records, items } = await listHidden(db, connectionId, all);
  expect(items.map(told)).toEqual([
    ['space', 'T', null, 2],
    ['place', '7', 'archived', 2],
    ['place', '77', 'absent', 2],
    ['place', '9', 'other space', 1],
    ['place', 'f1', 'unreadable', 2],
    ['restriction', '10', null, 2],
    ['unread', '2', null, 3],
    ['held', '13', null, 1],
  ]);
  expect(counts).toEqual({ space: 1, place: 4, restriction: 1, unread: 1, held: 1 });
  expect(records).toBe(14);
  expect(items.find(({ key }) => key === 'f1')).toMatchObject({
    type: 'folder',
    title: 'folder f1',
    reason: 'Atlassian answered 404',
    httpStatus: 404,
    traceId: 'trace-1',
    attempts: 1,
    since: expect.any(String),
    lastTriedAt: expect.any(String),
  });
  expect(items.find(({ key }) => key === '10')).toMatchObject({
    title: 'Title 10',
    reason: 'Atlassian answered 403',
    since: asOf.toISOString(),
  });
  expect(items.find(({ key }) => key === 'T')).toMatchObject({
    type: 'space',
    title: 'Space T',
    reason: 'not read yet',
  });
});

test.each([
  ['could not be read', unknown, 'Atlassian answered 403'],
  ['was never read', null, 'not read yet'],
])('product access that %s hides every record', async (_, product, reason) => {
  const { db, connectionId } = await site([record('1', null), record('2', '1'), comment('2')], { product });
  const { items, records } = await listHidden(db, connectionId, { ...all, cause: 'product' });
  expect(items.map(told)).toEqual([['product', 'product', null, 3]]);
  expect(items[0]).toMatchObject({ reason, title: 'Test site', recordId: null });
  expect(records).toBe(3);
});

test('what the last complete run did not see is told one by one', async () => {
  const { db, connectionId } = await site([record('1', null), record('2', '1'), comment('2')]);
  await noteUnseen(db, { connectionId, runId: randomUUID() }, 'unlisted', new Date());
  const { items, counts } = await listHidden(db, connectionId, { ...all, cause: 'unseen' });
  expect(items.map(({ key }) => key)).toEqual(['1', '2', 'c2']);
  expect(counts.unseen).toBe(3);
});

test('a list is walked to its end by cause and id, and cut by cause on demand', async () => {
  const records = Array.from({ length: 23 }, (_, n) => record(`${n}`, n < 12 ? null : `gone-${n}`));
  const { db, connectionId } = await site(records, {
    unread: records.slice(0, 12).map((one) => one.externalId),
  });
  const walked: [HiddenCause, string][] = [];
  for (let after: HiddenRow | null = null; ;) {
    const page: HiddenRow[] = (await listHidden(db, connectionId, { ...all, after, limit: 5 })).items;
    walked.push(...page.map((row): [HiddenCause, string] => [row.cause, row.key]));
    after = page.at(-1) ?? null;
    if (page.length < 5) break;
  }
  const whole = await listHidden(db, connectionId, all);
  expect(walked).toEqual(whole.items.map((row) => [row.cause, row.key]));
  expect(new Set(walked.map(String)).size).toBe(24);
  const ranks = walked.map(([cause]) => hiddenCauses.indexOf(cause));
  expect(ranks).toEqual([...ranks].sort((one, other) => one - other));
  const samples = await listHidden(db, connectionId, { ...all, each: 2 });
  expect(samples.items.map(({ cause }) => cause)).toEqual(['space', 'place', 'place', 'unread', 'unread']);
  expect(samples.counts).toEqual({ space: 1, place: 11, unread: 12 });
});

test('records that hang on one thing are counted up to a bound, and a circle ends', async () => {
  const many = Array.from({ length: 1_200 }, (_, n) => record(`${n}`, 'top'));
  const { db, connectionId } = await site(
    [record('top', null), ...many, record('a', 'b'), record('b', 'a')],
    {
      unread: ['top', 'a'],
    },
  );
  const { items, records } = await listHidden(db, connectionId, { ...all, cause: 'unread' });
  expect(items.map(told)).toEqual([
    ['unread', 'a', null, 2],
    ['unread', 'top', null, 1_001],
  ]);
  expect(records).toBe(1_203);
});

test('a layer that admits only groups whose members could not be read hides as much as one that was not read', async () => {
  const { db, connectionId, runId } = await site([
    record('1', null),
    record('2', '1'),
    record('3', null),
    record('4', null),
  ]);
  const admits = (...principals: `${'user' | 'group'}:${string}`[]): LayerReading => ({
    state: 'known',
    principals,
  });
  const access = [
    { externalId: '1', labels: [], restriction: admits('group:lost', 'group:g2') },
    { externalId: '3', labels: [], restriction: admits() },
    { externalId: '4', labels: [], restriction: admits('group:lost', 'group:read') },
  ];
  await saveContentAccess(db, connectionId, runId, access, new Date());
  await saveGroupMembers(db, connectionId, 'read', ['ada'], asOf);
  await saveGroupMembers(db, connectionId, 'lost', null, asOf);
  await settleAccess(db, connectionId);
  const { items, records } = await listHidden(db, connectionId, { ...all, cause: 'restriction' });
  expect(items.map((row) => [row.key, row.records, row.reason])).toEqual([
    ['1', 2, 'It admits only groups whose members could not be read: g2, lost.'],
    ['3', 1, 'It names nobody whom Confluence identifies.'],
  ]);
  expect(records).toBe(3);
});
