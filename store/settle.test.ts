import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection, makeRecord, makeRun } from '../test/factories.ts';
import { saveContentAccess } from './content-access.ts';
import { saveLayers } from './layers.ts';
import { saveRecords, type RecordWrite } from './records.ts';
import type { RecordKind } from './schema.ts';
import { settleBelow } from './settle-below.ts';
import { settleAccess } from './settle.ts';
import { saveSpaces } from './spaces.ts';
import { loadLayers } from './viewer-access.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const known = { state: 'known' as const, principals: ['user:ada' as const] };

const record = (externalId: string, kind: RecordKind, change: Partial<RecordWrite> = {}) =>
  makeRecord(externalId, { kind, spaceId: kind === 'comment' ? null : 'S', ...change });

async function makeSite() {
  const { db } = database;
  const connectionId = await makeConnection(db);
  const runId = await makeRun(db, connectionId);
  await saveLayers(db, connectionId, [{ kind: 'product', sourceId: 'product', reading: known }], new Date());
  const spaces = ['S', 'T'].map((externalId) => ({
    externalId,
    key: externalId,
    name: externalId,
    type: 'global',
    status: 'current',
    homepageId: null,
    url: '',
  }));
  await saveSpaces(db, connectionId, runId, spaces);
  const layers = spaces.map(({ externalId }) => ({
    kind: 'space' as const,
    sourceId: externalId,
    reading: known,
  }));
  await saveLayers(db, connectionId, layers, new Date());
  return { db, connectionId, runId };
}

/** Source ids of each item's layers, outermost first; null where it has no ACL. */
async function aclsOf(connectionId: string): Promise<Record<string, string[] | null>> {
  const { db } = database;
  const rows = await db
    .selectFrom('records')
    .select(['external_id', 'acl_id'])
    .where('connection_id', '=', connectionId)
    .orderBy('external_id')
    .execute();
  const acls: Record<string, string[] | null> = {};
  for (const row of rows) {
    acls[row.external_id] =
      row.acl_id === null ? null : (await loadLayers(db, row.acl_id)).map((one) => one.sourceId);
  }
  return acls;
}

/** node i hangs below `parent` (an earlier or later node, itself, one that does not exist, or nothing). */
const tree = fc.array(
  fc.record({
    parent: fc.option(fc.nat(9)),
    access: fc.constantFrom('open' as const, 'restricted' as const, 'unread' as const),
    kind: fc.constantFrom<RecordKind>('page', 'folder', 'blogpost'),
    comment: fc.boolean(),
    space: fc.constantFrom('S', 'S', 'S', 'T'),
    status: fc.constantFrom('current', 'current', 'current', 'current', 'archived', 'trashed', 'draft'),
  }),
  { minLength: 1, maxLength: 8 },
);

test('each item gets product, space, every restricted ancestor and itself, or nothing when any of them is not known', async () => {
  await fc.assert(
    fc.asyncProperty(tree, async (nodes) => {
      const { db, connectionId, runId } = await makeSite();
      await saveRecords(
        db,
        connectionId,
        runId,
        nodes.map((node, index) =>
          record(`${index}`, node.kind, {
            parentId: node.parent === null ? null : `${node.parent}`,
            spaceId: node.space,
            status: node.status,
          }),
        ),
        new Date(),
      );
      await saveContentAccess(
        db,
        connectionId,
        runId,
        nodes.flatMap((node, index) =>
          node.access === 'unread'
            ? []
            : [{ externalId: `${index}`, labels: [], restriction: node.access === 'open' ? null : known }],
        ),
        new Date(),
      );
      const comments = nodes.flatMap((node, index) =>
        node.comment && node.kind !== 'folder' ? [index] : [],
      );
      await saveRecords(
        db,
        connectionId,
        runId,
        comments.map((index) => record(`c${index}`, 'comment', { containerId: `${index}` })),
        new Date(),
      );
      const { settled, hidden } = await settleAccess(db, connectionId);

      const expectedOf = (index: number, below: number[] = []): string[] | null => {
        const node = nodes[index];
        if (node === undefined || node.access === 'unread' || below.includes(index)) return null;
        if (node.status !== 'current') return null;
        if (node.parent !== null && nodes[node.parent]?.space !== node.space) return null;
        const above =
          node.parent === null ? ['product', node.space] : expectedOf(node.parent, [...below, index]);
        return above === null ? null : [...above, ...(node.access === 'restricted' ? [`${index}`] : [])];
      };
      const expected: Record<string, string[] | null> = {};
      nodes.forEach((_, index) => (expected[`${index}`] = expectedOf(index)));
      expect(settled).toBe(Object.values(expected).filter((one) => one !== null).length);
      expect(hidden).toBe(nodes.length - settled);
      for (const index of comments) expected[`c${index}`] = expectedOf(index);
      expect(await aclsOf(connectionId)).toEqual(expected);
    }),
    { numRuns: 80 },
  );
});

test('what moves is hidden until it is settled in its new place', async () => {
  const { db, connectionId, runId } = await makeSite();
  await saveRecords(
    db,
    connectionId,
    runId,
    [record('1', 'page'), record('2', 'page'), record('3', 'page', { parentId: '1' })],
    new Date(),
  );
  await saveContentAccess(
    db,
    connectionId,
    runId,
    [
      { externalId: '1', labels: [], restriction: null },
      { externalId: '2', labels: [], restriction: known },
      { externalId: '3', labels: [], restriction: null },
    ],
    new Date(),
  );
  await settleAccess(db, connectionId);
  await saveRecords(
    db,
    connectionId,
    runId,
    [record('3', 'page', { parentId: '2', digest: 'changed' })],
    new Date(),
  );
  expect((await aclsOf(connectionId))['3']).toBeNull();
  await settleAccess(db, connectionId);
  expect((await aclsOf(connectionId))['3']).toEqual(['product', 'S', '2']);
});

test('what waits for its removal with its space is not told as hidden for something that is not known', async () => {
  const { db, connectionId, runId } = await makeSite();
  await saveRecords(db, connectionId, runId, [record('1', 'page'), record('2', 'page')], new Date());
  expect(await settleAccess(db, connectionId)).toEqual({ settled: 0, hidden: 2 });
  await db
    .insertInto('vanished')
    .values({ connection_id: connectionId, external_id: '1', evidence: 'space' })
    .execute();
  expect(await settleAccess(db, connectionId)).toEqual({ settled: 0, hidden: 1 });
});

test('a restriction that appears takes its whole subtree and the comments there', async () => {
  const { db, connectionId, runId } = await makeSite();
  await saveRecords(
    db,
    connectionId,
    runId,
    [record('1', 'page'), record('2', 'page', { parentId: '1' })],
    new Date(),
  );
  const open = ['1', '2'].map((externalId) => ({ externalId, labels: [], restriction: null }));
  await saveContentAccess(db, connectionId, runId, open, new Date());
  await saveRecords(db, connectionId, runId, [record('c', 'comment', { containerId: '2' })], new Date());
  await settleAccess(db, connectionId);
  await saveContentAccess(
    db,
    connectionId,
    runId,
    [{ externalId: '1', labels: [], restriction: known }],
    new Date(),
  );
  await settleAccess(db, connectionId);
  expect(await aclsOf(connectionId)).toEqual({
    '1': ['product', 'S', '1'],
    '2': ['product', 'S', '1'],
    c: ['product', 'S', '1'],
  });
});

test('labels that arrive after the content are found by search', async () => {
  const { db, connectionId, runId } = await makeSite();
  await saveRecords(db, connectionId, runId, [record('1', 'page')], new Date());
  await saveContentAccess(
    db,
    connectionId,
    runId,
    [{ externalId: '1', labels: ['runbook'], restriction: null }],
    new Date(),
  );
  await settleAccess(db, connectionId);
  const row = await db
    .selectFrom('records')
    .innerJoin('record_search', 'record_id', 'records.id')
    .select(['labels', 'words'])
    .where('connection_id', '=', connectionId)
    .executeTakeFirstOrThrow();
  expect(row.labels).toEqual(['runbook']);
  expect(row.words).toContain('runbook');
});

test('settling what is settled uses up no ids of ACLs', async () => {
  const { db, connectionId, runId } = await makeSite();
  await saveRecords(db, connectionId, runId, [record('1', 'page'), record('2', 'page')], new Date());
  const open = ['1', '2'].map((externalId) => ({ externalId, labels: null, restriction: null }));
  await saveContentAccess(db, connectionId, runId, open, new Date());
  const lastId = async () => {
    const { rows } = await sql<{ last: string }>`
      select pg_sequence_last_value(pg_get_serial_sequence('acls', 'id')::regclass)::text as last`.execute(
      db,
    );
    return rows[0]?.last;
  };
  await settleAccess(db, connectionId);
  const last = await lastId();
  await settleAccess(db, connectionId);
  await db.transaction().execute((trx) => settleBelow(trx, connectionId, ['1', '2']));
  expect(await lastId()).toBe(last);
});
