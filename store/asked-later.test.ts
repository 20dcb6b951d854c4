import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { LayerReading, Principal } from '../permissions/types.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection, makeRun } from '../test/factories.ts';
import { forgetAccounts, saveAccounts, saveGroupMembers, type AccountWrite } from './accounts.ts';
import { saveContentAccess } from './content-access.ts';
import { saveLayers } from './layers.ts';

/** Two runs ask for the same thing, and the one that asked first stores last: the later question's answer counts. */
let database: TestDatabase;
let connectionId: string;
let runId: string;
beforeAll(async () => {
  database = await createTestDatabase();
  connectionId = await makeConnection(database.db);
  runId = await makeRun(database.db, connectionId);
});
afterAll(() => database.close());

const [first, second] = [new Date('2026-03-01T10:00:00Z'), new Date('2026-03-01T10:00:01Z')];
const known = (...principals: Principal[]): LayerReading => ({ state: 'known', principals });
const unread: LayerReading = { state: 'unknown', reason: 'Atlassian answered 403', principals: [] };

async function layerOf(sourceId: string) {
  return database.db
    .selectFrom('acl_layers')
    .select(['state', 'principals'])
    .where('source_id', '=', sourceId)
    .executeTakeFirstOrThrow();
}

test.each<[what: string, earlier: LayerReading, later: LayerReading]>([
  ['somebody more', known('user:ada', 'user:bob'), known('user:ada')],
  ['a list, where it could not be read since', known('user:ada'), unread],
])('an earlier answer about a layer that names %s is dropped', async (what, earlier, later) => {
  for (const [reading, asOf] of [
    [later, second],
    [earlier, first],
  ] as const)
    await saveLayers(database.db, connectionId, [{ kind: 'space', sourceId: what, reading }], asOf);
  expect(await layerOf(what)).toEqual({ state: later.state, principals: later.principals });
});

test('an earlier answer that content is unrestricted is dropped', async () => {
  for (const [restriction, asOf] of [
    [known('user:ada'), second],
    [null, first],
  ] as const)
    await saveContentAccess(
      database.db,
      connectionId,
      runId,
      [{ externalId: '7', labels: [], restriction }],
      asOf,
    );
  const { layer_id: layer } = await database.db
    .selectFrom('content_access')
    .select('layer_id')
    .where('external_id', '=', '7')
    .executeTakeFirstOrThrow();
  expect(layer).not.toBeNull();
});

test.each([
  ['somebody more', ['ada', 'bob'], ['ada']],
  ['members, where they could not be read since', ['ada'], null],
])('an earlier answer about a group that names %s is dropped', async (what, earlier, later) => {
  const { db } = database;
  const save = (members: string[] | null, asOf: Date) =>
    db.transaction().execute((trx) => saveGroupMembers(trx, connectionId, what, members, asOf));
  await save(later, second);
  await save(earlier, first);
  const { members_state: state } = await db
    .selectFrom('atlassian_groups')
    .select('members_state')
    .where('group_id', '=', what)
    .executeTakeFirstOrThrow();
  const members = await db
    .selectFrom('group_members')
    .select('account_id')
    .where('group_id', '=', what)
    .execute();
  expect([state, members.map((row) => row.account_id)]).toEqual(
    later === null ? ['unknown', []] : ['known', later],
  );
});

test('an earlier answer that an account is active is dropped, and one that it is gone changes nothing later', async () => {
  const { db } = database;
  const account = (accountStatus: string): AccountWrite => ({
    accountId: 'ada',
    displayName: 'Ada',
    email: 'ada@acme.example',
    accountType: 'atlassian',
    accountStatus,
    guest: false,
  });
  const status = async () =>
    (
      await db
        .selectFrom('atlassian_accounts')
        .select('account_status')
        .where('account_id', '=', 'ada')
        .executeTakeFirstOrThrow()
    ).account_status;
  await saveAccounts(db, connectionId, [account('inactive')], second);
  await saveAccounts(db, connectionId, [account('active')], first);
  expect(await status()).toBe('inactive');
  await forgetAccounts(db, connectionId, ['ada'], first);
  expect(await status()).toBe('inactive');
  await forgetAccounts(db, connectionId, ['ada'], second);
  expect(await status()).toBe('unknown');
});
