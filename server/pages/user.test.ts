import { afterAll, beforeAll, expect, test } from '@jest/globals';
import request from 'supertest';
import { createBrowserSession, type BrowserSession } from '../../test/browser-session.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';
import type { Actor } from '../actor.ts';

const password = 'a pass phrase for tests';
let server: TestServer;
let root: Actor;
let browser: BrowserSession;
beforeAll(async () => {
  server = await createTestServer();
  root = await server.person('root@x.example', 'administrator', password);
  browser = createBrowserSession(server.app);
  await browser.signIn('root@x.example', password);
});
afterAll(() => server.close());

/** Posts a form and holds the status of the answer. */
async function posted(
  one: BrowserSession,
  status: number,
  path: string,
  fields: Record<string, string> = {},
) {
  const response = await one.post(path, fields);
  expect({ path, status: response.status }).toEqual({ path, status });
  return response;
}

let made = 0;
const person = (role: 'member' | 'administrator' = 'member', withPassword?: string) => {
  made += 1;
  return server.person(`person${made}@x.example`, role, withPassword);
};
const linkIn = (text: string) =>
  /value="http:\/\/localhost:3000(\/invitation\?token=[\w-]+)"/.exec(text)?.[1] ?? '';
const invite = async (userId: string) =>
  linkIn((await posted(browser, 200, `/settings/users/${userId}/invitation`, {})).text);
const tokenOf = (link: string) => link.split('=')[1] ?? '';

test('a person who was added gets a link, chooses a password by it, and is signed in', async () => {
  const { headers } = await posted(browser, 303, '/settings/users', {
    email: 'new@x.example',
    name: '',
    role: 'member',
    password: '',
  });
  const page = headers['location'] ?? '';
  expect(page).toMatch(/^\/settings\/users\/[\da-f-]{36}$/);
  const link = await invite(page.split('/').at(-1) ?? '');
  expect((await browser.get('/settings/users')).text).toContain('Invited');

  const invited = createBrowserSession(server.app);
  expect((await invited.get(link).expect(200)).text).toContain('new@x.example');
  const short = await posted(invited, 422, '/invitation', {
    token: tokenOf(link),
    name: 'Neo',
    password: 'short',
  });
  expect(short.text).toContain('At least 10 characters');
  await posted(invited, 303, '/invitation', { token: tokenOf(link), name: 'Neo', password });
  expect((await invited.get('/profile').expect(200)).text).toContain('Neo');

  const again = createBrowserSession(server.app);
  expect((await again.get(link).expect(410)).text).toContain('This link does not work');
  await again.get('/sign-in');
  await posted(again, 410, '/invitation', { token: tokenOf(link), name: '', password });
});

test('links that were used, taken back, replaced, too old or never were say the same', async () => {
  const { db } = server.database;
  const [taken, replaced, old, gone] = await Promise.all([person(), person(), person(), person()]);
  const links = [await invite(taken.userId), await invite(replaced.userId), await invite(old.userId)];
  await posted(browser, 303, `/settings/users/${taken.userId}/invitation/revoke`, {});
  await invite(replaced.userId);
  await db
    .updateTable('invitations')
    .set({ expires_at: new Date(Date.now() - 1) })
    .where('user_id', '=', old.userId)
    .execute();
  links.push(await invite(gone.userId), '/invitation?token=never', '/invitation');
  await server.services.users.setActive(root, gone.userId, false);
  const stranger = createBrowserSession(server.app);
  const texts: string[] = [];
  for (const link of links)
    texts.push((await stranger.get(link).expect(410)).text.replaceAll(/nonce="[^"]*"/g, ''));
  expect(new Set(texts).size).toBe(1);
});

test('of two who use one link at once, one is signed in', async () => {
  const { userId } = await person();
  const token = tokenOf(await invite(userId));
  const { invitations } = server.services;
  const outcomes = await Promise.allSettled(
    Array.from({ length: 4 }, () => invitations.accept(token, { password })),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('a new password by a link ends the sessions that were there, and a deactivated person gets no link', async () => {
  const { userId, email } = await person('member', password);
  const before = createBrowserSession(server.app);
  await before.signIn(email, password);
  await server.services.invitations.accept(tokenOf(await invite(userId)), { password: `${password} anew` });
  await before.get('/profile').expect(303);
  await server.services.users.setActive(root, userId, false);
  await expect(server.services.invitations.invite(root, userId)).rejects.toMatchObject({
    code: 'deactivated',
  });
});

test('sessions are listed by browser, ended one by one, and all others at once', async () => {
  const { email } = await person('member', password);
  const [here, there, elsewhere] = [0, 1, 2].map(() => createBrowserSession(server.app));
  for (const one of [here, there, elsewhere]) await one!.signIn(email, password);
  const { text } = await here!.get('/profile').expect(200);
  const ids = [...text.matchAll(/name="session" value="([\da-f]{32})"/g)].map(([, id]) => id ?? '');
  expect(ids).toHaveLength(2);
  expect(text).toContain('This browser');
  await posted(here!, 303, '/profile/sessions/end', { session: ids[0]! });
  await posted(here!, 404, '/profile/sessions/end', { session: ids[0]! });
  const left = await Promise.all([there, elsewhere].map((one) => one!.get('/profile')));
  expect(left.map(({ status }) => status).sort()).toEqual([200, 303]);
  await posted(here!, 303, '/profile/sessions/end-all', {});
  await there!.get('/profile').expect(303);
  await elsewhere!.get('/profile').expect(303);
  await here!.get('/profile').expect(200);
});

test("nobody ends another's session but an administrator", async () => {
  const [ada, eve] = [await person('member', password), await person('member', password)];
  const adas = createBrowserSession(server.app);
  await adas.signIn(ada.email, password);
  const [session] = await server.services.sessions.list(root, ada.userId, null);
  const eves = createBrowserSession(server.app);
  await eves.signIn(eve.email, password);
  await posted(eves, 404, '/profile/sessions/end', { session: session!.id });
  await posted(eves, 403, `/settings/users/${ada.userId}/sessions/end-all`, {});
  await adas.get('/profile').expect(200);
  await posted(browser, 303, `/settings/users/${ada.userId}/sessions/end-all`, {});
  await adas.get('/profile').expect(303);
});

test('deleting asks for the email, tells what goes and what stays, and ends everything of the person', async () => {
  const { userId, email } = await person('member', password);
  const key = await server.key({ ...root, userId, email, role: 'member' }, ['search']);
  const theirs = createBrowserSession(server.app);
  await theirs.signIn(email, password);
  const path = `/settings/users/${userId}/delete`;
  const { text } = await browser.get(path).expect(200);
  expect(text).toContain('1 session');
  expect(text).toContain('1 API key');
  const refused = await posted(browser, 422, path, { confirmation: 'no' });
  expect(refused.text).toContain(`Type ${email}`);
  await theirs.get('/profile').expect(200);
  await posted(browser, 303, path, { confirmation: email });
  await theirs.get('/profile').expect(303);
  await expect(server.services.users.get(root, userId)).rejects.toMatchObject({ status: 404 });
  const { items } = await server.services.audit.list(root, { action: 'user.delete' });
  expect(items[0]).toMatchObject({ target: email, before: { email, role: 'member' } });
  expect(key).toMatch(/^slc_/);
});

test('nobody deletes oneself, and of two administrators who delete each other one stays', async () => {
  await expect(server.services.users.remove(root, root.userId)).rejects.toMatchObject({ code: 'own_user' });
  const other = await person('administrator');
  const outcomes = await Promise.allSettled([
    server.services.users.setActive(root, other.userId, false),
    server.services.users.setActive(other, root.userId, false),
  ]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  await server.database.db.updateTable('users').set({ active: true }).where('id', '=', root.userId).execute();
  await browser.signIn('root@x.example', password);
});

test('a key ends at its time, and never before it was made', async () => {
  const { apiKeys } = server.services;
  const past = new Date(Date.now() - 1_000).toISOString();
  await expect(
    apiKeys.create(root, { name: 'x', scopes: ['search'], expiresAt: past }),
  ).rejects.toMatchObject({
    fields: { expiresAt: expect.stringContaining('future') },
  });
  const { key, id } = await apiKeys.create(root, {
    name: 'short',
    scopes: ['search'],
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  });
  const ask = () => request(server.app).get('/api/v1/users/me').set('authorization', `Bearer ${key}`);
  await ask().expect(200);
  await server.database.db
    .updateTable('api_keys')
    .set({ expires_at: new Date(Date.now() - 1) })
    .where('id', '=', id)
    .execute();
  await ask().expect(401);
  expect((await browser.get('/settings/api-keys').expect(200)).text).toContain('Expired');
});
