import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection, makeUser } from '../test/factories.ts';
import { loadPerson } from './explain-person.ts';
import { listUserMatches } from './people-users.ts';
import { accountsOf } from './viewer-accounts.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const mostly = <T>(usual: T, ...others: T[]) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
const account = fc.record({
  mine: mostly(true, false),
  active: fc.constantFrom(true, true, false),
  type: mostly('atlassian', 'unknown', 'app', 'customer'),
  changed: fc.constantFrom(false, false, true),
  link: fc.constantFrom('none', 'none', 'none', 'own', 'vouched', 'other'),
});
const world = fc.record({
  userActive: mostly(true, false),
  verified: mostly(true, false),
  everyone: mostly(false, true),
  accounts: fc.array(account, { maxLength: 2 }),
});

test('who a person is said to be on a site is who search takes the person for', async () => {
  const { db } = database;
  let run = 0;
  await fc.assert(
    fc.asyncProperty(world, async ({ userActive, verified, everyone, accounts }) => {
      run += 1;
      const connectionId = await makeConnection(db);
      if (everyone)
        await sql`update connections set settings = '{"permissions":{"anonymousAccess":"everyone"}}'
          where id = ${connectionId}`.execute(db);
      const email = `ada${run}@example.com`;
      const userId = await makeUser(db, email.toUpperCase(), {
        active: userActive,
        email_verified: verified,
      });
      const otherId = await makeUser(db, `bob${run}@example.com`);
      for (const [index, one] of accounts.entries()) {
        const accountId = `${run}-${index}`;
        await sql`insert into atlassian_accounts
          (connection_id, account_id, email, account_type, account_status, email_before)
          values (${connectionId}, ${accountId}, ${one.mine ? email : null}, ${one.type},
            ${one.active ? 'active' : 'inactive'}, ${one.changed ? 'before@example.com' : null})`.execute(db);
        if (one.link !== 'none')
          await sql`insert into user_accounts (user_id, account_id, source)
            values (${one.link === 'other' ? otherId : userId}, ${accountId},
              ${one.link === 'vouched' ? 'administrator' : 'grant'})`.execute(db);
      }
      const { rows } = await sql<{ account_id: string }>`
        select account_id from (${accountsOf({ userId })}) a where connection_id = ${connectionId} order by account_id`.execute(
        db,
      );
      const site = (await loadPerson(db, { userId })).find((each) => each.connectionId === connectionId);
      const told = [
        ...(site?.visitor === true ? [''] : []),
        ...(site?.accounts.map((one) => one.accountId) ?? []),
      ];
      expect(told.sort()).toEqual(rows.map((row) => row.account_id));
      expect(site?.code === 'matched').toBe((site?.accounts.length ?? 0) > 0);
      // The people's page gives the same reason.
      const filter = { connectionId, state: null, q: email, after: null, limit: 1 };
      const [listed] = await listUserMatches(db, filter);
      expect(site?.code).toBe(listed?.reason ?? 'matched');
    }),
    { numRuns: 250 },
  );
});

test('a connection that is not set up tells nothing of anybody', async () => {
  const connectionId = await makeConnection(database.db, { status: 'draft' });
  const userId = await makeUser(database.db, 'cleo@example.com');
  const sites = await loadPerson(database.db, { userId });
  expect(sites.map((site) => site.connectionId)).not.toContain(connectionId);
});
