import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection, makeRecord, makeRun } from '../test/factories.ts';
import { markContainersUnreadable, saveContainersFound } from './containers.ts';
import { saveContentAccess } from './content-access.ts';
import { saveLayers } from './layers.ts';
import { saveRecords } from './records.ts';
import { settleAccess } from './settle.ts';
import { saveSpaces } from './spaces.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const asOf = new Date('2026-03-26T16:00:00Z');
const known = { state: 'known' as const, principals: ['user:ada' as const] };
const record = (externalId: string, kind: 'page' | 'folder', parentId: string | null) =>
  makeRecord(externalId, { kind, parentId });

/** A space with a folder and a page in it; where the folder stands is read, or not yet. */
async function site(folderIsRead: boolean) {
  const { db } = database;
  const connectionId = await makeConnection(db);
  const runId = await makeRun(db, connectionId);
  await saveLayers(db, connectionId, [{ kind: 'product', sourceId: 'product', reading: known }], asOf);
  const space = { externalId: 'S', key: 'S', name: 'S', homepageId: null, url: '' };
  await saveSpaces(db, connectionId, runId, [{ ...space, type: 'global', status: 'current' }]);
  await saveLayers(db, connectionId, [{ kind: 'space', sourceId: 'S', reading: known }], asOf);
  await saveContainersFound(db, connectionId, runId, [{ id: 'folder', kind: 'folder' }]);
  const records = [
    record('page', 'page', 'folder'),
    ...(folderIsRead ? [record('folder', 'folder', null)] : []),
  ];
  await saveRecords(db, connectionId, runId, records, asOf);
  // Found as a place in a space, as a listing of restrictions tells it.
  const { id: spaceId } = await db
    .selectFrom('spaces')
    .select('id')
    .where('connection_id', '=', connectionId)
    .executeTakeFirstOrThrow();
  await db
    .updateTable('records')
    .set({ space_id: spaceId })
    .where('connection_id', '=', connectionId)
    .execute();
  const access = ['folder', 'page'].map((externalId) => ({ externalId, labels: [], restriction: null }));
  await saveContentAccess(db, connectionId, runId, access, asOf);
  await settleAccess(db, connectionId);
  const acls = async () => {
    const rows = await db
      .selectFrom('records')
      .select(['external_id', 'acl_id'])
      .where('connection_id', '=', connectionId)
      .execute();
    return rows.filter((row) => row.acl_id !== null).map((row) => row.external_id);
  };
  return { db, connectionId, acls };
}

test('a place that was found and not read carries nothing, though its own restriction is known', async () => {
  expect((await (await site(true)).acls()).sort()).toEqual(['folder', 'page']);
  expect(await (await site(false)).acls()).toEqual([]);
});

test('what hangs below a place that can no longer be read loses the ACL that it had', async () => {
  const { db, connectionId, acls } = await site(true);
  await markContainersUnreadable(db, connectionId, ['folder']);
  await settleAccess(db, connectionId);
  expect(await acls()).toEqual([]);
});
