import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection, makeUser } from '../test/factories.ts';
import { saveAccounts } from './accounts.ts';
import {
  confirmEmails,
  linkAccounts,
  listLinks,
  loadPairs,
  removeAdministratorsLink,
} from './people-links.ts';
import { linkAccount } from './users.ts';

let database: TestDatabase;
let [ada, ben] = ['', ''];
beforeAll(async () => {
  database = await createTestDatabase();
  ada = await makeUser(database.db, 'Ada@x.example');
  ben = await makeUser(database.db, 'ben@x.example');
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.db.deleteFrom('user_accounts').execute();
});

const links = async () =>
  (await listLinks(database.db, { after: null, limit: 10 })).map(
    (link) => `${link.accountId} ${link.email} ${link.source}`,
  );

test('an administrator’s link moves with the next table; what somebody proved never does', async () => {
  const { db } = database;
  await linkAccount(db, { userId: ada, accountId: 'proven', source: 'grant' });
  await linkAccount(db, { userId: ada, accountId: 'signed', source: 'sign_in' });
  const all = ['new', 'proven', 'signed'].map((accountId) => ({ accountId, userId: ben }));
  expect(await linkAccounts(db, all)).toEqual(['new']);
  expect(await linkAccounts(db, [{ accountId: 'new', userId: ada }])).toEqual(['new']);
  expect(await links()).toEqual([
    'new Ada@x.example administrator',
    'proven Ada@x.example grant',
    'signed Ada@x.example sign_in',
  ]);
  expect(await removeAdministratorsLink(db, 'proven', ben)).toBe(false);
  expect(await removeAdministratorsLink(db, 'new', ada)).toBe(false);
  expect(await removeAdministratorsLink(db, 'new', ben)).toBe(true);
  expect(await links()).toHaveLength(2);
});

test('what is known of pairs comes by one query, whatever their case', async () => {
  const { db } = database;
  const connectionId = await makeConnection(db);
  const row = { displayName: '', email: null, accountType: 'atlassian', guest: false };
  await saveAccounts(
    db,
    connectionId,
    [
      { ...row, accountId: 'a', accountStatus: 'active' },
      { ...row, accountId: 'b', accountStatus: 'closed' },
    ],
    new Date(),
  );
  await linkAccount(db, { userId: ada, accountId: 'a', source: 'grant' });
  const pairs = await loadPairs(db, [
    { accountId: 'a', email: 'BEN@x.example' },
    { accountId: 'b', email: 'ada@X.example' },
    { accountId: 'c', email: 'nobody@x.example' },
  ]);
  expect(pairs.get('a ben@x.example')).toMatchObject({
    userId: ben,
    ownerEmail: 'Ada@x.example',
    source: 'grant',
    known: true,
    active: true,
    proven: false,
  });
  expect(pairs.get('b ada@x.example')).toMatchObject({
    userId: ada,
    known: true,
    active: false,
    proven: true,
  });
  expect(pairs.get('c nobody@x.example')).toMatchObject({ userId: null, ownerId: null, known: false });
});

test('an email is confirmed as it was shown, or not at all', async () => {
  const { db } = database;
  const connectionId = await makeConnection(db);
  const read = (email: string | null) =>
    saveAccounts(
      db,
      connectionId,
      [
        {
          accountId: 'm',
          displayName: '',
          email,
          accountType: 'atlassian',
          accountStatus: 'active',
          guest: false,
        },
      ],
      new Date(),
    );
  const confirm = (email: string) => confirmEmails(db, [{ connectionId, accountId: 'm', email }]);
  await read('one@x.example');
  expect(await confirm('one@x.example')).toEqual([]);
  await read('two@x.example');
  await read('three@x.example');
  expect(await confirm('two@x.example')).toEqual([]);
  expect(await confirm('three@x.example')).toMatchObject([
    { before: 'one@x.example', email: 'three@x.example' },
  ]);
  expect(await confirm('three@x.example')).toEqual([]);
  await read(null);
  expect(await confirm('three@x.example')).toEqual([]);
});
