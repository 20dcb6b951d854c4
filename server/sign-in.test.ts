import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createBrowserSession } from '../test/browser-session.ts';
import { createTestServer, type TestServer } from '../test/server.ts';
import type { Actor } from './actor.ts';
import { createAttempts } from './attempts.ts';
import { ownPath } from './services/consents.ts';

let server: TestServer;
let admin: Actor;
beforeAll(async () => {
  server = await createTestServer();
  admin = await server.person('admin@example.com', 'administrator', 'correct horse battery');
});
afterAll(() => server.close());

const browserOf = async (email: string, password: string) => {
  const browser = createBrowserSession(server.app);
  expect((await browser.signIn(email, password)).status).toBe(303);
  return browser;
};

test('a wrong password, an unknown email and a user without password are answered alike', async () => {
  await server.person('no-password@example.com');
  const answers = await Promise.all(
    ['admin@example.com', 'nobody@example.com', 'no-password@example.com'].map(async (email) => {
      const { status, text } = await createBrowserSession(server.app).signIn(email, 'wrong');
      return { status, message: /<[^>]*role="alert"[^>]*>([^<]*)/.exec(text)?.[1] };
    }),
  );
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0]?.status).toBe(401);
});

test('ten wrong passwords from one address lock an email there for a while, and nowhere else', async () => {
  await server.person('locked@example.com', 'member', 'correct horse battery');
  const attempt = (password: string) =>
    server.services.access.checkPassword('LOCKED@example.com ', password, '10.0.0.1');
  for (let turn = 0; turn < 10; turn += 1) expect(await attempt('wrong')).toBeNull();
  await expect(attempt('correct horse battery')).rejects.toMatchObject({
    code: 'too_many_attempts',
    status: 429,
  });
  const elsewhere = server.services.access.checkPassword(
    'locked@example.com',
    'correct horse battery',
    '10.0.0.2',
  );
  expect(await elsewhere).toMatchObject({ email: 'locked@example.com' });
});

test('wrong passwords at once do not slip through together', async () => {
  await server.person('flood@example.com', 'member', 'correct horse battery');
  const attempts = await Promise.allSettled(
    Array.from({ length: 30 }, () =>
      server.services.access.checkPassword('flood@example.com', 'wrong', '10.0.0.3'),
    ),
  );
  expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
});

test('attempts are forgotten after the window, successes do not count, and the memory is bounded', () => {
  let now = 0;
  const attempts = createAttempts({ windowSeconds: 10, clock: () => now });
  const twice = (key: string) => [{ key, limit: 2 }];
  attempts.begin(twice('a'));
  for (let turn = 0; turn < 5; turn += 1) {
    attempts.begin(twice('a'));
    attempts.succeed(twice('a'));
  }
  attempts.begin(twice('a'));
  expect(() => attempts.begin(twice('a'))).toThrow(/Too many/);
  now = 10_001;
  attempts.begin(twice('a'));
  for (let key = 0; key < 60_000; key += 1) attempts.begin(twice(`flood ${key}`));
  attempts.begin(twice('flood 1'));
  attempts.begin(twice('flood 1'));
});

test('a role that changes counts on the next request, and ends the sessions', async () => {
  const eve = await server.person('eve@example.com', 'administrator', 'correct horse battery');
  const browser = await browserOf('eve@example.com', 'correct horse battery');
  await browser.get('/connections').expect(200);
  await server.services.users.setRole(admin, eve.userId, 'member');
  await browser.get('/connections').expect(303);
  const again = await browserOf('eve@example.com', 'correct horse battery');
  await again.get('/connections').expect(403);
});

test("a deactivated user's open session is worth nothing, even where it is still stored", async () => {
  const ian = await server.person('ian@example.com', 'member', 'correct horse battery');
  const browser = await browserOf('ian@example.com', 'correct horse battery');
  const { db } = server.database;
  await db.updateTable('users').set({ active: false }).where('id', '=', ian.userId).execute();
  await browser.get('/profile').expect(303);
});

test('a new password ends the sessions and needs the current one', async () => {
  const zoe = await server.person('zoe@example.com', 'member', 'correct horse battery');
  const browser = await browserOf('zoe@example.com', 'correct horse battery');
  const change = (current: string) =>
    server.services.users.setPassword(zoe, zoe.userId, { password: 'another long one', current });
  await expect(change('wrong')).rejects.toMatchObject({ fields: { current: expect.any(String) } });
  await change('correct horse battery');
  await browser.get('/profile').expect(303);
  await browserOf('zoe@example.com', 'another long one');
});

test('signing out ends the session in the store', async () => {
  const browser = await browserOf('admin@example.com', 'correct horse battery');
  const { db } = server.database;
  const count = async () => (await db.selectFrom('sessions').select('sid').execute()).length;
  const before = await count();
  await browser.post('/sign-out');
  expect(await count()).toBeLessThan(before);
  await browser.get('/profile').expect(303);
});

test('a visitor who only looks gets no session', async () => {
  const browser = createBrowserSession(server.app);
  await browser.get('/healthz').expect(200);
  await browser.get('/profile').expect(303).expect('location', '/sign-in?returnTo=%2Fprofile');
  expect(browser.cookie()).toBeUndefined();
});

test.each([
  '//evil.example',
  '/\\evil.example',
  'https://evil.example',
  '/a\\b',
  '/a\nb',
  'javascript:alert(1)',
  '',
])('%p is no path of ours to go on to', (path) => {
  expect(ownPath(path)).toBeUndefined();
});

test("searching as somebody changes the session id, is written down, and ends with the administrator's rights", async () => {
  await server.person('watched@example.com');
  const nina = await server.person('nina@example.com', 'administrator', 'correct horse battery');
  const browser = await browserOf('nina@example.com', 'correct horse battery');
  const before = browser.cookie();
  expect((await browser.post('/search-as', { email: 'watched@example.com' })).status).toBe(303);
  expect(browser.cookie()).not.toBe(before);
  expect((await browser.get('/')).text).toContain('You search as');
  const { items } = await server.services.audit.list(admin, { action: 'search.as' });
  expect(items[0]).toMatchObject({ actor: 'nina@example.com', target: 'watched@example.com' });
  const { db } = server.database;
  await db.updateTable('users').set({ role: 'member' }).where('id', '=', nina.userId).execute();
  expect((await browser.get('/')).text).not.toContain('You search as');
  expect((await browser.post('/search-as', { email: 'admin@example.com' })).status).toBe(403);
});
