import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection } from '../test/factories.ts';
import { loadAbsence } from './explain-absence.ts';
import type { ConnectionSettings } from './schema.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const onlyDocs: ConnectionSettings = { filters: { spaceKeys: { operator: 'in', values: ['DOCS'] } } };
const byLabels: ConnectionSettings = { scope: { by: 'labels' } };

test.each<[settings: ConnectionSettings, spaceKey: string, words: RegExp]>([
  [onlyDocs, 'HR', /the space HR is left out by the filter of space keys/],
  [onlyDocs, 'docs', /the space docs is left out by the filter of space keys/],
  [onlyDocs, 'DOCS', /no space DOCS is stored/],
  [{}, 'OLD', /the space OLD is left out by the choice of archived and personal spaces/],
  [{}, 'HR', /no space HR is stored/],
  // By labels, personal spaces are off unless they are chosen.
  [byLabels, '~ben', /~ben is personal, and the settings leave personal spaces out/],
])('by %j it is told why the space %s is not stored', async (settings, spaceKey, words) => {
  const { db } = database;
  const connectionId = await makeConnection(db);
  await db
    .updateTable('connections')
    .set({ settings: JSON.stringify(settings) })
    .where('id', '=', connectionId)
    .execute();
  const outside = { connection_id: connectionId, type: 'global', status: 'archived' };
  await db
    .insertInto('outside_spaces')
    .values({ ...outside, external_id: '1', key: 'OLD' })
    .execute();
  const asked = { unreadable: false, host: null, connectionId, externalIds: [], title: null, spaceKey };
  const [reason] = await loadAbsence(db, asked);
  expect(reason).toMatchObject({ code: 'space_not_stored', message: expect.stringMatching(words) });
});
