import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { visitorPrincipals } from '../permissions/principals.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection, makeUser } from '../test/factories.ts';
import { saveAccounts } from './accounts.ts';
import { saveLayers } from './layers.ts';
import { loadPrincipals } from './viewer-access.ts';
import { loadReadableAcls } from './visibility.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

describe('which accounts are a person', () => {
  const person = (accountId: string, email: string | null, change = {}) => ({
    accountId,
    displayName: accountId,
    email,
    accountType: 'atlassian',
    accountStatus: 'active',
    guest: true,
    ...change,
  });
  const cases: {
    name: string;
    accounts: ReturnType<typeof person>[];
    user?: object;
    linked?: [string, 'me' | 'other'];
    sees: string[];
  }[] = [
    { name: 'a verified email, whatever its case', accounts: [person('a', 'Me@Example.com')], sees: ['a'] },
    {
      name: 'an email that is not verified here',
      accounts: [person('a', 'me@example.com')],
      user: { email_verified: false },
      sees: [],
    },
    { name: 'a hidden email', accounts: [person('a', null)], sees: [] },
    {
      name: 'two accounts with one email',
      accounts: [person('a', 'me@example.com'), person('b', 'me@example.com')],
      sees: [],
    },
    {
      name: 'two accounts of which one is inactive',
      accounts: [person('a', 'me@example.com'), person('b', 'me@example.com', { accountStatus: 'inactive' })],
      sees: [],
    },
    {
      name: 'an account of a customer portal',
      accounts: [person('a', 'me@example.com', { accountType: 'customer' })],
      sees: [],
    },
    {
      name: 'an email that an account of an untold kind has too',
      accounts: [person('a', 'me@example.com'), person('b', 'me@example.com', { accountType: 'unknown' })],
      sees: [],
    },
    {
      name: "an app whose email is this person's",
      accounts: [person('a', 'me@example.com', { accountType: 'app' })],
      sees: [],
    },
    {
      name: 'an app that was linked to a person',
      accounts: [person('a', null, { accountType: 'app' })],
      linked: ['a', 'me'],
      sees: [],
    },
    {
      name: 'a proven account with a hidden email',
      accounts: [person('a', null)],
      linked: ['a', 'me'],
      sees: ['a'],
    },
    {
      name: 'a proven account outranks an email',
      accounts: [person('a', null), person('b', 'me@example.com')],
      linked: ['a', 'me'],
      sees: ['a'],
    },
    {
      name: 'an email whose account is proven to be somebody else',
      accounts: [person('a', 'me@example.com')],
      linked: ['a', 'other'],
      sees: [],
    },
    { name: 'a plus-address is another address', accounts: [person('a', 'me+x@example.com')], sees: [] },
    {
      name: 'a deactivated person',
      accounts: [person('a', 'me@example.com')],
      user: { active: false },
      sees: [],
    },
    {
      name: 'a proven account of a deactivated person',
      accounts: [person('a', null)],
      linked: ['a', 'me'],
      user: { active: false },
      sees: [],
    },
  ];
  test.each(cases)('$name', async ({ accounts, user, linked, sees }) => {
    const own = await createTestDatabase();
    try {
      const { db } = own;
      const connectionId = await makeConnection(db);
      const userId = await makeUser(db, 'me@example.com', user);
      const other = await makeUser(db, 'other@example.com');
      await saveAccounts(db, connectionId, accounts, new Date());
      if (linked !== undefined) {
        const owner = linked[1] === 'me' ? userId : other;
        await db
          .insertInto('user_accounts')
          .values({ user_id: owner, account_id: linked[0], source: 'grant' })
          .execute();
      }
      const byAccount = new Map<string, string>();
      for (const { accountId } of accounts) {
        const layers = await saveLayers(
          db,
          connectionId,
          [
            {
              kind: 'content',
              sourceId: accountId,
              reading: { state: 'known', principals: [`user:${accountId}`] },
            },
          ],
          new Date(),
        );
        const { rows } = await sql<{ id: string }>`insert into acls (connection_id, layer_ids)
          values (${connectionId}, array[${layers.get(accountId)}::bigint]) returning id`.execute(db);
        byAccount.set(rows[0]?.id ?? '', accountId);
      }
      expect((await loadReadableAcls(db, { userId })).map((id) => byAccount.get(id))).toEqual(sees);
    } finally {
      await own.close();
    }
  });

  test('a letter that only some locales fold is another letter', async () => {
    const { db } = database;
    const connectionId = await makeConnection(db);
    const userId = await makeUser(db, 'MİA@example.com');
    await saveAccounts(db, connectionId, [person(`mia-${connectionId}`, 'mia@example.com')], new Date());
    const layers = await saveLayers(
      db,
      connectionId,
      [
        {
          kind: 'content',
          sourceId: '1',
          reading: { state: 'known', principals: [`user:mia-${connectionId}`] },
        },
      ],
      new Date(),
    );
    await sql`insert into acls (connection_id, layer_ids) values (${connectionId}, ${[...layers.values()]}::bigint[])`.execute(
      db,
    );
    expect(await loadReadableAcls(db, { userId })).toEqual([]);
  });

  test('two accounts of one person together open nothing that neither opens alone', async () => {
    const { db } = database;
    const connectionId = await makeConnection(db);
    const userId = await makeUser(db, `${connectionId}@example.com`);
    await saveAccounts(
      db,
      connectionId,
      [person(`x-${connectionId}`, null), person(`y-${connectionId}`, null)],
      new Date(),
    );
    for (const account of ['x', 'y']) {
      const account_id = `${account}-${connectionId}`;
      await db.insertInto('user_accounts').values({ user_id: userId, account_id, source: 'grant' }).execute();
    }
    const layers = await saveLayers(
      db,
      connectionId,
      [
        {
          kind: 'content',
          sourceId: '1',
          reading: { state: 'known', principals: [`user:x-${connectionId}`] },
        },
        {
          kind: 'content',
          sourceId: '2',
          reading: { state: 'known', principals: [`user:y-${connectionId}`] },
        },
      ],
      new Date(),
    );
    await sql`insert into acls (connection_id, layer_ids) values (${connectionId}, ${[...layers.values()]}::bigint[])`.execute(
      db,
    );
    expect(await loadReadableAcls(db, { userId })).toEqual([]);
  });

  test.each([
    ['another email than at first', ['me@example.com'], false],
    ['the same email in another case', ['OTHER@example.com', 'other@EXAMPLE.com'], true],
    ['hidden, then another', [null, 'me@example.com'], false],
    ['hidden, then the first one', [null, 'Other@example.com'], true],
    ['another, then the first one', ['me@example.com', 'other@example.com'], true],
  ])('an email that changes proves nobody until it is confirmed: %s', async (_name, later, matched) => {
    const own = await createTestDatabase();
    try {
      const { db } = own;
      const connectionId = await makeConnection(db);
      const users = [await makeUser(db, 'me@example.com'), await makeUser(db, 'other@example.com')];
      for (const email of ['other@example.com', ...later])
        await saveAccounts(db, connectionId, [person('a', email)], new Date());
      const held = await Promise.all(users.map((userId) => loadPrincipals(db, { userId }, connectionId)));
      const found = held.some((accounts) => accounts.has('a'));
      expect(found).toBe(matched);
    } finally {
      await own.close();
    }
  });

  test('what visitors are shown is for everybody here only where an administrator opted in', async () => {
    const { db } = database;
    const connectionId = await makeConnection(db);
    const userId = await makeUser(db, `visitor-${connectionId}@example.com`);
    expect((await loadPrincipals(db, { userId }, connectionId)).size).toBe(0);
    const settings = JSON.stringify({ permissions: { anonymousAccess: 'everyone' } });
    await db.updateTable('connections').set({ settings }).where('id', '=', connectionId).execute();
    expect(await loadPrincipals(db, { userId }, connectionId)).toEqual(new Map([['', visitorPrincipals]]));
  });
});
