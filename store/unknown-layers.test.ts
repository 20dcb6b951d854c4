import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { createSampleSite } from '../test/sample-site.ts';
import { saveGroupMembers } from './accounts.ts';
import { loadAccesses } from './viewer-access.ts';
import { loadReadableAcls } from './visibility.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

/** Stored principals of what could not be read since are what somebody once was allowed, and say nothing of today. */
test('a layer that could not be read admits nobody, whatever an earlier reading left in it', async () => {
  const { db } = database;
  const site = await createSampleSite(db);
  const anna = await site.person('anna', ['everyone']);
  const layerId = await site.layer('restricted', ['user:anna']);
  const recordId = await site.record('page', { layers: ['product', 'restricted'] });
  const visible = async () => (await loadAccesses(db, [recordId], anna)).get(recordId)?.visible;
  expect([await loadReadableAcls(db, anna), await visible()]).toEqual([[expect.any(String)], true]);
  await db.updateTable('acl_layers').set({ state: 'unknown' }).where('id', '=', layerId).execute();
  expect([await loadReadableAcls(db, anna), await visible()]).toEqual([[], false]);
});

test('a group whose members could not be read admits nobody, whoever was in it before', async () => {
  const { db } = database;
  const site = await createSampleSite(db, 'Another');
  const bert = await site.person('bert', ['everyone', 'team']);
  await site.layer('team', ['group:team']);
  const recordId = await site.record('plan', { layers: ['product', 'team'] });
  const visible = async () => (await loadAccesses(db, [recordId], bert)).get(recordId)?.visible;
  expect([await loadReadableAcls(db, bert), await visible()]).toEqual([[expect.any(String)], true]);
  const refused = (groupId: string) =>
    db.transaction().execute((trx) => saveGroupMembers(trx, site.connectionId, groupId, null, new Date()));
  await refused('team');
  expect([await loadReadableAcls(db, bert), await visible()]).toEqual([[], false]);
});
