import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createBrowserSession, type BrowserSession } from '../../test/browser-session.ts';
import { createSampleSite } from '../../test/sample-site.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';
import type { Actor } from '../actor.ts';

const password = 'a long enough password';
let server: TestServer;
let actor: Actor;
let memberActor: Actor;
let admin: BrowserSession;
let member: BrowserSession;
let site: Awaited<ReturnType<typeof createSampleSite>>;
let base: string;

beforeAll(async () => {
  server = await createTestServer();
  actor = await server.person('admin@example.com', 'administrator', password);
  memberActor = await server.person('member@example.com', 'member', password);
  [admin, member] = [createBrowserSession(server.app), createBrowserSession(server.app)];
  await admin.signIn('admin@example.com', password);
  await member.signIn('member@example.com', password);
});
afterAll(() => server.close());
beforeEach(async () => {
  const { db } = server.database;
  await db.deleteFrom('connections').execute();
  await db.deleteFrom('audit_log').execute();
  site = await createSampleSite(db, 'Acme wiki');
  base = `/connections/${site.connectionId}/permissions`;
  await db
    .updateTable('connections')
    .set({
      authorized_at: new Date(),
      settings: JSON.stringify({ sync: { strategy: 'manual' }, filters: { spaceKeys: ['HR'] } }),
    })
    .execute();
  await site.member('ada', 'legal');
  await site.member('bob', 'legal');
  await sql`insert into atlassian_groups (connection_id, group_id, name) values
    (${site.connectionId}, 'g-unread', 'Unread_people')`.execute(db);
});

async function stored() {
  const row = await server.database.db.selectFrom('connections').select('settings').executeTakeFirstOrThrow();
  return row.settings;
}

const kept = { sync: { strategy: 'manual' }, filters: { spaceKeys: ['HR'] } };
const reading = { intervalMinutes: '30', comparedPairs: '50', anonymousAccess: 'members' };
/** What a page says, without its markup. */
const words = ({ text }: { text: string }) =>
  text
    .replace(/^.*<main/s, '')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/\s+/g, ' ');
const audited = async () =>
  (await server.services.audit.list(actor)).items.map(({ action, before, after }) => ({
    action,
    before,
    after,
  }));

test('saving how permissions are read keeps every other setting, is audited, and moves the schedule', async () => {
  expect((await admin.post(base, reading)).status).toBe(303);
  const permissions = { intervalMinutes: 30, comparedPairs: 50, anonymousAccess: 'members' };
  expect(await stored()).toEqual({ ...kept, permissions });
  expect(await audited()).toEqual([
    {
      action: 'permissions.reading',
      before: { intervalMinutes: null, comparedPairs: null, anonymousAccess: null },
      after: permissions,
    },
  ]);
  expect(server.asked).toContain(`applySchedule ${site.connectionId}`);
});

test('faults stand at their fields, and what was typed stays', async () => {
  const answer = await admin.post(base, { ...reading, intervalMinutes: '4', comparedPairs: 'many' });
  expect(answer.status).toBe(422);
  expect(answer.text).toContain('id="intervalMinutes-error"');
  expect(answer.text).toContain('id="comparedPairs-error"');
  expect(answer.text).toMatch(/name="comparedPairs"[^>]*value="many"/);
  expect(await stored()).toEqual(kept);
});

test('opening to everyone asks first, with what becomes visible to how many', async () => {
  await site.layer('space-OPEN', ['class:anonymous-users']);
  await site.layer('space-TEAM', ['class:authenticated-users']);
  await site.layer('secret', ['user:ada']);
  await site.record('1', { space: 'OPEN', layers: ['product', 'space-OPEN'] });
  await site.record('2', { space: 'OPEN', layers: ['product', 'space-OPEN'] });
  await site.record('3', { space: 'OPEN', layers: ['product', 'space-OPEN', 'secret'] });
  await site.record('4', { space: 'TEAM', layers: ['product', 'space-TEAM'] });
  await site.record('5', { space: 'OPEN', layers: null });
  const asked = await admin.post(base, { ...reading, anonymousAccess: 'everyone' });
  expect(asked.status).toBe(200);
  expect(words(asked)).toMatch(/2 records in 1 space/);
  expect(words(asked)).toMatch(/now 2 people/);
  expect(await stored()).toEqual(kept);
  await admin.post(base, { ...reading, anonymousAccess: 'everyone', confirmed: 'yes' });
  expect((await stored()).permissions?.anonymousAccess).toBe('everyone');
  const due = await server.database.db.selectFrom('permission_due').select('kind').execute();
  expect(due).toEqual([{ kind: 'product' }]);
  // Already open: the next change of the interval asks nothing.
  expect((await admin.post(base, { ...reading, anonymousAccess: 'everyone' })).status).toBe(303);
});

test('giving a group the administration asks first, and names the group and its people', async () => {
  const asked = await admin.post(`${base}/roles`, { groupId: 'legal', role: 'administrator' });
  expect(words(asked)).toMatch(/legal, now 2 people, can administer Sluice/);
  expect((await stored()).permissions).toBeUndefined();
  await admin.post(`${base}/roles`, { groupId: 'legal', role: 'administrator', confirmed: 'yes' });
  expect(await stored()).toEqual({ ...kept, permissions: { groupRoles: { legal: 'administrator' } } });
  expect(words(await admin.get(base))).toMatch(/are administrators of Sluice/);
  await admin.post(`${base}/roles`, { groupId: 'legal', role: 'none' });
  expect((await stored()).permissions).toEqual({ groupRoles: {} });
  expect((await audited()).map((line) => [line.action, line.after])).toEqual([
    ['permissions.group_role', { groupRoles: {} }],
    ['permissions.group_role', { groupRoles: { legal: 'administrator' } }],
  ]);
});

test('a mapped group whose members are not known is read before its turn', async () => {
  await admin.post(`${base}/roles`, { groupId: 'g-unread', role: 'member' });
  await admin.post(`${base}/roles`, { groupId: 'legal', role: 'member' });
  const due = await server.database.db.selectFrom('permission_due').select(['kind', 'source_id']).execute();
  expect(due).toEqual([{ kind: 'group', source_id: 'g-unread' }]);
});

test('a group that the site does not have is refused by its id', async () => {
  await admin.post(`${base}/roles`, { groupId: 'nowhere', role: 'member' });
  expect(words(await admin.get(base))).toMatch(/no group with the id &quot;nowhere&quot;/);
  expect((await stored()).permissions).toBeUndefined();
});

test('an audience is made, joined, renamed and removed', async () => {
  const audiences = async () => (await stored()).permissions?.audiences;
  await admin.post(`${base}/audiences/join`, { name: 'Legal', groupId: 'legal' });
  await admin.post(`${base}/audiences/join`, { name: 'LEGAL', groupId: 'g-unread' });
  expect(await audiences()).toEqual({ Legal: ['legal', 'g-unread'] });
  await admin.post(`${base}/audiences/leave`, { name: 'Legal', groupId: 'legal' });
  await admin.post(`${base}/audiences/rename`, { name: 'Legal', newName: 'Counsel' });
  expect(await audiences()).toEqual({ Counsel: ['g-unread'] });
  await admin.post(`${base}/audiences/rename`, { name: 'Counsel', newName: '<b>' });
  expect(words(await admin.get(base))).toMatch(/letters, digits, spaces/);
  await admin.post(`${base}/audiences/leave`, { name: 'Counsel', groupId: 'g-unread' });
  expect(await audiences()).toEqual({});
  expect(words(await admin.get(`${base}?group=`))).toMatch(/None yet/);
});

test('the groups are found by a part of the name, taken letter for letter', async () => {
  const found = async (part: string) => {
    const { text } = await admin.get(`${base}?group=${encodeURIComponent(part)}`);
    return ['legal', 'Unread_people'].filter((name) => text.includes(`aria-label="Role of ${name}"`));
  };
  expect(await found('')).toEqual(['legal', 'Unread_people']);
  expect(await found('EGA')).toEqual(['legal']);
  expect(await found('d_p')).toEqual(['Unread_people']);
  expect(await found('%')).toEqual([]);
});

test('the button starts a permission sync', async () => {
  const answer = await admin.post(`${base}/read`);
  expect(answer.get('location')).toBe(base);
  const runs = await server.database.db.selectFrom('sync_runs').select('kind').execute();
  expect(runs).toEqual([{ kind: 'permissions' }]);
});

test('a member sees nothing of it', async () => {
  expect((await member.get(base)).status).toBe(403);
  expect(
    (await member.post(`${base}/roles`, { groupId: 'legal', role: 'administrator', confirmed: 'yes' }))
      .status,
  ).toBe(403);
  await expect(
    server.services.permissionSettings.setGroupRole(memberActor, site.connectionId, 'legal', 'administrator'),
  ).rejects.toMatchObject({ code: 'administrators_only' });
  expect(await stored()).toEqual(kept);
});

test('the search page offers an audience to the people who are in it', async () => {
  await admin.post(`${base}/audiences/join`, { name: 'Counsel', groupId: 'legal' });
  expect((await admin.get('/')).text).toContain('audience=Counsel');
  expect((await member.get('/')).text).not.toContain('Counsel');
});
