import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import '../test/seed.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection } from '../test/factories.ts';
import { listAccounts, countAccountStates } from './people-accounts.ts';
import { countUserStates, listUserMatches } from './people-users.ts';
import { loadPrincipals } from './viewer-access.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const emails = ['mia@x.example', 'Mia@X.example', 'mia+1@x.example', 'mİa@x.example', 'noah@x.example'];
const users = ['mia@x.example', 'noah@x.example', 'mia+1@x.example', 'zoe@x.example'];
const accountIds = ['a', 'b', 'c', 'd'];

/** People of two sites and of Sluice, in every state that decides about who is whom. */
const company = fc.record({
  accounts: fc.array(
    fc.record({
      site: fc.nat(1),
      account_id: fc.constantFrom(...accountIds),
      email: fc.option(fc.constantFrom(...emails)),
      email_before: fc.option(fc.constantFrom(...emails), { freq: 1 }),
      account_type: fc.constantFrom('atlassian', 'atlassian', 'atlassian', 'customer', 'app', 'unknown'),
      account_status: fc.constantFrom('active', 'active', 'active', 'inactive', 'closed', 'unknown'),
    }),
    { maxLength: 8 },
  ),
  users: fc.tuple(
    ...users.map((email) =>
      fc.record({
        email: fc.constant(email),
        active: fc.integer({ min: 0, max: 4 }).map((n) => n > 0),
        email_verified: fc.integer({ min: 0, max: 3 }).map((n) => n > 0),
      }),
    ),
  ),
  links: fc.uniqueArray(
    fc.record({
      account_id: fc.constantFrom(...accountIds),
      user: fc.constantFrom(0, 0, 0, 1, 2),
      source: fc.constantFrom('grant' as const, 'sign_in' as const, 'administrator' as const),
    }),
    { selector: (link) => link.account_id, maxLength: 4 },
  ),
});

test('an account is somebody’s on the page exactly when that person holds it in search', async () => {
  const { db } = database;
  const sites = [await makeConnection(db), await makeConnection(db)];
  await fc.assert(
    fc.asyncProperty(company, async (given) => {
      await sql`delete from users`.execute(db);
      await sql`delete from atlassian_accounts`.execute(db);
      const ids: string[] = [];
      for (const user of given.users) {
        const made = db.insertInto('users').values({ ...user, role: 'member' });
        ids.push((await made.returning('id').executeTakeFirstOrThrow()).id);
      }
      for (const { site, ...account } of given.accounts) {
        const row = { connection_id: sites[site] ?? '', ...account };
        await db
          .insertInto('atlassian_accounts')
          .values(row)
          .onConflict((c) => c.doNothing())
          .execute();
      }
      for (const { user, ...link } of given.links)
        await db
          .insertInto('user_accounts')
          .values({ user_id: ids[user] ?? '', ...link })
          .execute();

      const held = new Set<string>();
      for (const userId of ids)
        for (const site of sites)
          for (const account of (await loadPrincipals(db, { userId }, site)).keys())
            held.add(`${userId} ${site} ${account}`);

      const all = { connectionId: null, state: null, q: '' };
      const accounts = await listAccounts(db, { ...all, sort: 'name', after: null, limit: 100 });
      const shown = accounts
        .filter((row) => row.reason === null)
        .map((row) => `${row.user_id} ${row.connection_id} ${row.account_id}`);
      expect(new Set(shown)).toEqual(held);
      expect(shown).toHaveLength(held.size);
      expect(accounts.every((row) => (row.matched_by === null) === (row.reason !== null))).toBe(true);

      const people = await listUserMatches(db, { ...all, after: null, limit: 100 });
      expect(people).toHaveLength(ids.length * sites.length);
      for (const person of people) {
        const own = [...held].filter((each) => each.startsWith(`${person.user_id} ${person.connection_id} `));
        expect([person, person.reason === null]).toEqual([person, own.length > 0]);
        if (person.reason === null)
          expect(own).toContain(`${person.user_id} ${person.connection_id} ${person.account_id}`);
      }
      const total = (counts: Map<string, number>) => [...counts.values()].reduce((sum, n) => sum + n, 0);
      expect(total(await countAccountStates(db, all))).toBe(accounts.length);
      expect(total(await countUserStates(db, all))).toBe(people.length);
    }),
    { numRuns: 150 },
  );
}, 120_000);
