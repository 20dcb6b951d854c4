import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { startSite, type SimulatedSite } from './site.fixture.ts';

let site: SimulatedSite;
beforeAll(async () => {
  site = await startSite();
});
afterEach(() => {
  site.sandbox.context.faults.clear();
});
afterAll(() => site.close());

const general = '/rest/api/search\\?';
const dedicated = '/rest/api/search/user';
const refuse = (path: string, status = 403) =>
  site.sandbox.context.faults.add({ match: { path }, action: { kind: 'status', status, body: {} } });
const people = () =>
  site.world.people
    .filter(({ status, type }) => status === 'active' && type !== 'app')
    .map(({ accountId }) => accountId)
    .sort();
const listed = async () => {
  const { accountIds, complete } = await site.withClassicToken().listPeople();
  return [complete, accountIds.sort()];
};

test('all people are listed, guests among them, and apps are not', async () => {
  expect(site.world.people.some(({ guest }) => guest)).toBe(true);
  expect(await listed()).toEqual([true, people()]);
});

test('an OAuth consent has the scope for it', async () => {
  const { reader } = site.withConsent();
  expect((await reader.listPeople()).accountIds.sort()).toEqual(people());
});

test.each([400, 403, 410])(
  'where the general search answers %d, the search of users is asked',
  async (status) => {
    refuse(general, status);
    expect(await listed()).toEqual([true, people()]);
  },
);

test('where the general search finds no people, the search of users is asked', async () => {
  site.sandbox.context.faults.add({
    match: { path: general },
    action: { kind: 'rewrite', pattern: '"user":', replacement: '"nobody":' },
  });
  expect(await listed()).toEqual([true, people()]);
});

test('a consent without the scope for the search of users is refused there, and the listing fails', async () => {
  const { reader } = site.withConsent();
  refuse(general);
  await expect(reader.listPeople()).rejects.toMatchObject({ code: 'scope_mismatch' });
});

test('fewer people than the site says it has are not all of them', async () => {
  refuse(general);
  site.sandbox.context.faults.add({
    match: { path: dedicated },
    action: { kind: 'rewrite', pattern: '"totalSize":\\d+', replacement: '"totalSize":12000' },
  });
  expect((await listed())[0]).toBe(false);
});
