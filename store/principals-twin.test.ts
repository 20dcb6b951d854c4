import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { principalsOf } from '../permissions/principals.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection, makeUser } from '../test/factories.ts';
import { saveAccounts, saveGroupMembers, saveGroups } from './accounts.ts';
import { loadPrincipals } from './viewer-access.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const flags = [false, true];
const cases = flags.flatMap((guest) =>
  flags.flatMap((opens) =>
    flags.flatMap((administers) => flags.map((known) => ({ guest, opens, administers, known }))),
  ),
);

/** Every combination there is: a random one may miss the one that matters. */
test.each(cases)('the SQL gives the principals of the pure rule: %j', async (one) => {
  const { guest, opens, administers, known } = one;
  const { db } = database;
  const connectionId = await makeConnection(db);
  const email = `${connectionId}@acme.example`;
  const viewer = { userId: await makeUser(db, email) };
  const account = { accountId: 'ada', displayName: 'Ada', email, accountType: 'atlassian', guest };
  await saveAccounts(db, connectionId, [{ ...account, accountStatus: 'active' }], new Date());
  await saveGroups(db, connectionId, [{ groupId: 'g', name: 'G' }], {
    opensProduct: new Set(opens ? ['g'] : []),
    administers: new Set(administers ? ['g'] : []),
  });
  for (const members of known ? [['ada']] : [['ada'], null])
    await db.transaction().execute((trx) => saveGroupMembers(trx, connectionId, 'g', members, new Date()));
  const groups = known ? [{ id: 'g', opensProduct: opens, administers }] : [];
  const right = principalsOf({ accountId: 'ada', active: true, guest, groups });
  expect((await loadPrincipals(db, viewer, connectionId)).get('ada')).toEqual(right);
});
