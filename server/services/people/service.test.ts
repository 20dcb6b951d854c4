import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestServer, type TestServer } from '../../../test/server.ts';
import type { PeopleService } from './views.ts';

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer();
});
afterAll(() => server.close());

test('a member is told nothing and changes nothing, whichever way the service is asked', async () => {
  const member = await server.person('member@x.example');
  const { people } = server.services;
  const key = { connectionId: '11111111-1111-4111-8111-111111111111', accountId: 'a' };
  const parts = async (rows: AsyncIterable<string>) => {
    for await (const row of rows) return row;
    return null;
  };
  const calls: Record<keyof PeopleService, () => Promise<unknown>> = {
    accounts: () => people.accounts(member),
    users: () => people.users(member),
    account: () => people.account(member, key),
    link: () => people.link(member, { accountId: 'a', email: 'member@x.example' }),
    unlink: () => people.unlink(member, 'a'),
    confirmEmails: () => people.confirmEmails(member, []),
    importTable: () => people.importTable(member, { rows: [] }, { dryRun: true }),
    exportAccounts: () => parts(people.exportAccounts(member)),
    exportLinks: () => parts(people.exportLinks(member)),
  };
  for (const [name, call] of Object.entries(calls)) {
    const refused = await call().catch((error: unknown) => (error as { code?: unknown }).code);
    expect([name, refused]).toEqual([name, 'administrators_only']);
  }
});
