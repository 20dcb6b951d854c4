import { afterAll, beforeAll, expect, test } from '@jest/globals';
import request from 'supertest';
import {
  queueDryRun,
  saveDryRunItems,
  saveDryRunSpaces,
  type DryRunItemWrite,
} from '../../store/dry-runs.ts';
import { failDryRunItems, saveDryRunOutcomes, sumDryRun } from '../../store/dry-run-compare.ts';
import { finishRun, startRun } from '../../store/runs.ts';
import { makeConnection } from '../../test/factories.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';

let server: TestServer;
let key: string;
let memberKey: string;
let connectionId: string;
let runId: string;

const item = (externalId: string, change: Partial<DryRunItemWrite> = {}): DryRunItemWrite => ({
  externalId,
  kind: 'page',
  title: `Title ${externalId}`,
  url: `https://test.atlassian.net/wiki/${externalId}`,
  spaceId: 'S',
  parentId: null,
  containerId: null,
  labels: [],
  authorId: null,
  createdAt: null,
  modifiedAt: null,
  version: 1,
  mediaType: null,
  fileSize: null,
  failure: null,
  ...change,
});

beforeAll(async () => {
  server = await createTestServer();
  const { db } = server.database;
  key = await server.key(await server.person('admin@example.com', 'administrator'));
  memberKey = await server.key(await server.person('max@example.com', 'member'), ['search']);
  connectionId = await makeConnection(db);
  const run = await queueDryRun(db, connectionId, { settings: {}, candidate: true });
  runId = run?.id ?? '';
  await startRun(db, runId);
  const space = { externalId: 'S', key: 'DOCS', name: 'Docs', type: 'global', status: 'current' };
  await saveDryRunSpaces(db, { connectionId, runId }, [{ ...space, reason: null }]);
});
afterAll(() => server.close());

const get = (path: string, as = key) =>
  request(server.app).get(`/api/v1${path}`).set('Authorization', `Bearer ${as}`);

test('before its end a report holds nothing, and says that it is not complete', async () => {
  const { body } = await get(`/syncs/${runId}/report`).expect(200);
  expect(body).toMatchObject({ complete: false, candidate: true, outcomes: [], spaces: 1 });
  expect((await get(`/syncs/${runId}/report/items`).expect(200)).body).toEqual({
    items: [],
    nextCursor: null,
  });
});

test('a report has counts by outcome, reason, kind and space, and lists items in pages', async () => {
  const { db } = server.database;
  const comment = { kind: 'comment' as const, spaceId: null, containerId: '1' };
  const folder = { kind: 'folder' as const, spaceId: null, failure: 'Atlassian refused it.' };
  await saveDryRunItems(db, runId, [
    item('1'),
    item('2'),
    item('3', comment),
    item('4', folder),
    item('5', { title: '=1+1' }),
  ]);
  await saveDryRunOutcomes(db, runId, [
    { externalId: '1', outcome: 'add', reason: null, points: 2 },
    { externalId: '2', outcome: 'remove', reason: 'labels', points: 2 },
    { externalId: '3', outcome: 'add', reason: null, points: 1 },
    { externalId: '5', outcome: 'leave_out', reason: 'created', points: 2 },
  ]);
  await failDryRunItems(db, runId);
  await sumDryRun(db, runId);
  await finishRun(db, runId, { state: 'succeeded', cause: null, message: null });

  const { body: report } = await get(`/syncs/${runId}/report`).expect(200);
  expect(report).toMatchObject({
    runId,
    connectionId,
    complete: true,
    outcomes: [
      { outcome: 'add', items: 2, points: 3 },
      { outcome: 'remove', items: 1, points: 2 },
      { outcome: 'fail', items: 1, points: 0 },
      { outcome: 'leave_out', items: 1, points: 2 },
    ],
    bySpace: [
      { key: 'DOCS', add: 2, update: 0, remove: 1, other: 1 },
      { key: null, add: 0, update: 0, remove: 0, other: 1 },
    ],
  });
  expect(report.reasons).toContainEqual({
    outcome: 'remove',
    reason: 'labels',
    words: 'the filter of labels',
    items: 1,
  });
  expect(report.kinds).toContainEqual({ kind: 'comment', outcome: 'add', items: 1 });
  expect(report.cost.requests).toBeGreaterThan(0);

  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const from: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { body } = await get(`/syncs/${runId}/report/items?limit=2${from}`).expect(200);
    ids.push(...body.items.map((one: { externalId: string }) => one.externalId));
    cursor = body.nextCursor;
  }
  expect(ids.toSorted()).toEqual(['1', '2', '3', '4', '5']);
  expect(new Set(ids).size).toBe(5);
});

test.each([
  ['outcome=add', ['1', '3']],
  ['outcome=add&kind=comment', ['3']],
  ['reason=created', ['5']],
  ['space=DOCS&outcome=remove', ['2']],
  ['q=title%202', ['2']],
  ['q=4', ['4']],
  ['q=%25', []],
])('items by %s', async (query, expected) => {
  const { body } = await get(`/syncs/${runId}/report/items?${query}`).expect(200);
  expect(body.items.map((one: { externalId: string }) => one.externalId)).toEqual(expected);
});

test('the items are downloaded for spreadsheets and for programs, narrowed like the list', async () => {
  const csv = await get(`/syncs/${runId}/report/items.csv`).expect(200);
  expect(csv.headers['content-disposition']).toContain(`dry-run-${runId.slice(0, 8)}.csv`);
  const lines = csv.text.trim().split('\r\n');
  expect(lines[0]).toContain('outcome,reason,kind,externalId');
  expect(lines).toHaveLength(6);
  expect(csv.text).toContain("'=1+1");
  const json = await get(`/syncs/${runId}/report/items.ndjson?outcome=fail`).buffer(true).expect(200);
  const found = json.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(found).toEqual([
    expect.objectContaining({ externalId: '4', outcome: 'fail', words: 'Atlassian refused it.' }),
  ]);
});

test('what is asked wrongly is refused by name, a report of another run is none, and members see none', async () => {
  const { body } = await get(`/syncs/${runId}/report/items?outcome=some`).expect(422);
  expect(Object.keys(body.error.details.fields)).toEqual(['outcome']);
  await get(`/syncs/${runId}/report`, memberKey).expect(403);
  const { id } = await server.database.db
    .insertInto('sync_runs')
    .values({ connection_id: connectionId, kind: 'full', state: 'succeeded' })
    .returning('id')
    .executeTakeFirstOrThrow();
  await get(`/syncs/${id}/report`).expect(404);
});

test('a dry run is told as one of a full sync, and listed by itself', async () => {
  const { body: one } = await get(`/syncs/${runId}`).expect(200);
  expect(one).toMatchObject({ kind: 'full', dryRun: true });
  const { body: list } = await get(`/connections/${connectionId}/syncs?kind=dry_run`).expect(200);
  expect(list.items.map(({ id }: { id: string }) => id)).toEqual([runId]);
  const { body: full } = await get(`/connections/${connectionId}/syncs?kind=full`).expect(200);
  expect(full.items.map(({ dryRun }: { dryRun: boolean }) => dryRun)).toEqual([false]);
});

test('a preview of settings answers by the API', async () => {
  const call = (body: object) =>
    request(server.app)
      .post(`/api/v1/connections/${connectionId}/settings/preview`)
      .set('Authorization', `Bearer ${key}`)
      .send(body);
  const { body } = await call({ indexing: { mode: 'manual' } }).expect(200);
  expect(body).toMatchObject({ complete: true, stored: { added: 0, removed: 0, kept: 0, leftOut: 0 } });
  const refused = await call({ filters: { pageIds: 'all' } }).expect(422);
  expect(Object.keys(refused.body.error.details.fields)).toEqual(['filters.pageIds']);
});
