import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createSmallWorld, SMALL } from '../../sandbox/world/small.ts';
import { everywhere } from '../oracle/company.ts';
import { page, smallCompany } from '../oracle/small-company.ts';
import { makeUser } from '../factories.ts';
import { openCompany, type OpenCompany } from './company.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { shownTo } from './shown.ts';

const { admin, mia, noah } = SMALL;
const company = smallCompany([
  page('1', { read: { users: [mia] } }),
  page('2', { read: { users: [noah] } }),
  page('3'),
]);
const [ofMia, ofNoah] = [
  ['1', '3'],
  ['2', '3'],
];

let harness: SyncHarness;
let open: OpenCompany;
beforeAll(async () => {
  harness = await createSyncHarness({ world: createSmallWorld() });
});
afterAll(() => harness.close());
beforeEach(async () => {
  open = await openCompany(harness, company);
  await harness.database.db.deleteFrom('users').execute();
});

const store = () => harness.sandbox.context.store;
const user = (email: string, change: Parameters<typeof makeUser>[2] = {}) =>
  makeUser(harness.database.db, email, change);

async function sees(userId: string): Promise<string[]> {
  const shown = await shownTo(harness.database.db, open.connection.connectionId, userId, everywhere);
  expect(shown).toEqual({ ...shown, search: shown.acls, word: shown.acls, records: shown.acls });
  return shown.acls;
}

async function prove(userId: string, accountId: string): Promise<void> {
  await harness.database.db
    .insertInto('user_accounts')
    .values({ user_id: userId, account_id: accountId, source: 'grant' })
    .execute();
}

test('a verified email in whatever case is the account’s', async () => {
  const userId = await user('MIA@Acme.Example');
  await open.connection.sync();
  expect(await sees(userId)).toEqual(ofMia);
});

test.each([
  'mia+1@acme.example',
  'm.ia@acme.example',
  'mıa@acme.example',
  'mia@acme.example.org',
  '%@acme.example',
  'ｍｉａ@acme.example',
])('%s is another email', async (email) => {
  const userId = await user(email);
  await open.connection.sync();
  expect(await sees(userId)).toEqual([]);
});

test('an email that Sluice has not verified, and a user who is shut out, match nobody', async () => {
  const unverified = await user('mia@acme.example', { email_verified: false });
  const inactive = await user('noah@acme.example', { active: false });
  await open.connection.sync();
  expect([await sees(unverified), await sees(inactive)]).toEqual([[], []]);
});

test('an administrator of Sluice sees no more than the person', async () => {
  const [known, stranger] = [
    await user('noah@acme.example', { role: 'administrator' }),
    await user('root@sluice.example', { role: 'administrator' }),
  ];
  await open.connection.sync();
  expect([await sees(known), await sees(stranger)]).toEqual([ofNoah, []]);
});

test('a hidden email matches nobody until the account is proven', async () => {
  store().changePerson(mia, { emailVisible: false });
  const userId = await user('mia@acme.example');
  await open.connection.sync();
  expect(await sees(userId)).toEqual([]);
  await prove(userId, mia);
  expect(await sees(userId)).toEqual(ofMia);
});

test('an email that becomes hidden is forgotten', async () => {
  const userId = await user('mia@acme.example');
  await open.connection.sync();
  expect(await sees(userId)).toEqual(ofMia);
  store().changePerson(mia, { emailVisible: false });
  await open.connection.sync();
  expect(await sees(userId)).toEqual([]);
});

test('an email of two accounts is nobody’s until one of them is proven', async () => {
  store().changePerson(noah, { email: 'Mia@acme.example' });
  const userId = await user('mia@acme.example');
  await open.connection.sync();
  expect(await sees(userId)).toEqual([]);
  await prove(userId, noah);
  expect(await sees(userId)).toEqual(ofNoah);
});

test('proof outranks the email', async () => {
  const userId = await user('mia@acme.example');
  await prove(userId, noah);
  await open.connection.sync();
  expect(await sees(userId)).toEqual(ofNoah);
});

test('an account that is proven to be another’s is not lent by its email', async () => {
  const [byEmail, byProof] = [await user('mia@acme.example'), await user('somebody@sluice.example')];
  await prove(byProof, mia);
  await open.connection.sync();
  expect([await sees(byEmail), await sees(byProof)]).toEqual([[], ofMia]);
});

test('an email that moves from one account to another opens neither until somebody confirms it', async () => {
  const userId = await user('mia@acme.example');
  await open.connection.sync();
  store().changePerson(mia, { email: 'mia.married@acme.example' });
  store().changePerson(noah, { email: 'mia@acme.example' });
  await open.connection.sync();
  expect(await sees(userId)).toEqual([]);
  await prove(userId, noah);
  expect(await sees(userId)).toEqual(ofNoah);
});

test.each(['inactive', 'closed'] as const)(
  'somebody whose account becomes %s loses everything',
  async (status) => {
    const userId = await user('mia@acme.example');
    await prove(userId, mia);
    await open.connection.sync();
    expect(await sees(userId)).toEqual(ofMia);
    store().changePerson(mia, { status });
    await open.connection.sync();
    expect(await sees(userId)).toEqual([]);
  },
);

test('who crawls is a person like others', async () => {
  const userId = await user('admin@acme.example');
  await open.connection.sync();
  expect(await sees(userId)).toEqual(['1', '2', '3']);
  store().setRestriction('3', 'read', { users: [mia] });
  expect(admin).not.toBe(mia);
  await open.connection.sync();
  expect(await sees(userId)).toEqual(['1', '2']);
});
