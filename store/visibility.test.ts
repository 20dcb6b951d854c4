import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import { canSee } from '../permissions/can-see.ts';
import { principalsOf } from '../permissions/principals.ts';
import type { Layer, Principal } from '../permissions/types.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection, makeUser } from '../test/factories.ts';
import { saveAccounts, saveGroupMembers, saveGroups } from './accounts.ts';
import { saveLayers } from './layers.ts';
import { loadReadableAcls } from './visibility.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const groupIds = ['g0', 'g1', 'g2'];
const principal = fc.constantFrom<Principal>(
  'user:ada',
  'user:bob',
  ...groupIds.map((id): Principal => `group:${id}`),
  'class:all-licensed-users',
  'class:guests',
  'class:authenticated-users',
  'class:anonymous-users',
  'class:all-product-admins',
  'class:jsm-project-admins',
);

const world = fc.record({
  active: fc.boolean(),
  guest: fc.boolean(),
  groups: fc.tuple(
    ...groupIds.map((id) =>
      fc.record({
        id: fc.constant(id),
        member: fc.boolean(),
        known: fc.boolean(),
        opensProduct: fc.boolean(),
        administers: fc.boolean(),
      }),
    ),
  ),
  layers: fc.array(fc.record({ known: fc.boolean(), principals: fc.uniqueArray(principal) }), {
    minLength: 1,
    maxLength: 5,
  }),
  acls: fc.array(fc.uniqueArray(fc.nat(4), { maxLength: 4 }), { maxLength: 6 }),
});

test('the SQL finds exactly the ACLs that the pure decision admits', async () => {
  const { db } = database;
  await fc.assert(
    fc.asyncProperty(world, async ({ active, guest, groups, layers, acls }) => {
      const connectionId = await makeConnection(db);
      const email = `${connectionId}@example.com`;
      const userId = await makeUser(db, email);
      await saveAccounts(db, connectionId, [
        {
          accountId: 'ada',
          displayName: 'Ada',
          email,
          accountType: 'atlassian',
          accountStatus: active ? 'active' : 'inactive',
          guest,
        },
      ]);
      const access = (key: 'opensProduct' | 'administers') =>
        new Set(groups.filter((group) => group[key]).map((group) => group.id));
      await saveGroups(
        db,
        connectionId,
        groups.map((group) => ({ groupId: group.id, name: group.id })),
        {
          opensProduct: access('opensProduct'),
          administers: access('administers'),
        },
      );
      for (const group of groups) {
        await saveGroupMembers(db, connectionId, group.id, group.member ? ['ada'] : []);
        // A list that was known and then could not be read: its members stay stored, and count for nothing.
        if (!group.known) await saveGroupMembers(db, connectionId, group.id, null);
      }
      const ids = await saveLayers(
        db,
        connectionId,
        layers.map((layer, index) => ({
          kind: 'content' as const,
          sourceId: String(index),
          reading: layer.known
            ? { state: 'known' as const, principals: layer.principals }
            : { state: 'unknown' as const, reason: 'x', principals: [] as [] },
        })),
      );
      const held = principalsOf({
        accountId: 'ada',
        active,
        guest,
        groups: groups.filter((one) => one.member && one.known),
      });
      const expected: string[] = [];
      for (const acl of new Set(
        acls.map((parts) => JSON.stringify(parts.filter((part) => part < layers.length))),
      )) {
        const parts = JSON.parse(acl) as number[];
        const layerIds = parts.map((part) => ids.get(String(part)) ?? '');
        const { rows } = await sql<{ id: string }>`insert into acls (connection_id, layer_ids)
          values (${connectionId}, ${layerIds}::bigint[]) returning id`.execute(db);
        const pure = parts.map((part): Layer => ({
          id: String(part),
          kind: 'content',
          sourceId: String(part),
          state: layers[part]?.known === true ? 'known' : 'unknown',
          principals: layers[part]?.principals ?? [],
        }));
        if (canSee(held, pure)) expected.push(rows[0]?.id ?? '');
      }
      expect((await loadReadableAcls(db, { userId })).sort()).toEqual(expected.sort());
    }),
    { numRuns: 60 },
  );
});

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
      await saveAccounts(db, connectionId, accounts);
      if (linked !== undefined) {
        const owner = linked[1] === 'me' ? userId : other;
        await db
          .insertInto('user_accounts')
          .values({ user_id: owner, account_id: linked[0], source: 'grant' })
          .execute();
      }
      const byAccount = new Map<string, string>();
      for (const { accountId } of accounts) {
        const layers = await saveLayers(db, connectionId, [
          {
            kind: 'content',
            sourceId: accountId,
            reading: { state: 'known', principals: [`user:${accountId}`] },
          },
        ]);
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
    await saveAccounts(db, connectionId, [person(`mia-${connectionId}`, 'mia@example.com')]);
    const layers = await saveLayers(db, connectionId, [
      {
        kind: 'content',
        sourceId: '1',
        reading: { state: 'known', principals: [`user:mia-${connectionId}`] },
      },
    ]);
    await sql`insert into acls (connection_id, layer_ids) values (${connectionId}, ${[...layers.values()]}::bigint[])`.execute(
      db,
    );
    expect(await loadReadableAcls(db, { userId })).toEqual([]);
  });

  test('two accounts of one person together open nothing that neither opens alone', async () => {
    const { db } = database;
    const connectionId = await makeConnection(db);
    const userId = await makeUser(db, `${connectionId}@example.com`);
    await saveAccounts(db, connectionId, [
      person(`x-${connectionId}`, null),
      person(`y-${connectionId}`, null),
    ]);
    for (const account of ['x', 'y']) {
      const account_id = `${account}-${connectionId}`;
      await db.insertInto('user_accounts').values({ user_id: userId, account_id, source: 'grant' }).execute();
    }
    const layers = await saveLayers(db, connectionId, [
      { kind: 'content', sourceId: '1', reading: { state: 'known', principals: [`user:x-${connectionId}`] } },
      { kind: 'content', sourceId: '2', reading: { state: 'known', principals: [`user:y-${connectionId}`] } },
    ]);
    await sql`insert into acls (connection_id, layer_ids) values (${connectionId}, ${[...layers.values()]}::bigint[])`.execute(
      db,
    );
    expect(await loadReadableAcls(db, { userId })).toEqual([]);
  });
});
