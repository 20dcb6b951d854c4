import { afterAll, beforeAll, expect, test } from '@jest/globals';
import request from 'supertest';
import { createBrowserSession, type BrowserSession } from '../../test/browser-session.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';
import { ownPath } from './page.ts';

let server: TestServer;
let admin: BrowserSession;
let member: BrowserSession;

beforeAll(async () => {
  server = await createTestServer();
  await server.person('admin@example.com', 'administrator', 'correct horse battery');
  await server.person('member@example.com', 'member', 'correct horse battery');
  admin = createBrowserSession(server.app);
  member = createBrowserSession(server.app);
  await admin.signIn('admin@example.com', 'correct horse battery');
  await member.signIn('member@example.com', 'correct horse battery');
});
afterAll(() => server.close());

const forAdministrators = [
  '/connections',
  '/connections/new',
  '/settings/oauth-apps',
  '/settings/users',
  '/settings/api-keys',
  '/settings/audit',
  '/settings/diagnosis',
  '/logs',
];

test.each(['/', '/profile', ...forAdministrators])(
  '%s sends a stranger to sign in, and back',
  async (path) => {
    const response = await request(server.app).get(path);
    expect(response.status).toBe(303);
    expect(response.get('location')).toBe(`/sign-in?returnTo=${encodeURIComponent(path)}`);
  },
);

test.each(forAdministrators)('%s is an administrator’s page', async (path) => {
  expect((await admin.get(path)).status).toBe(200);
  const refused = await member.get(path);
  expect(refused.status).toBe(403);
  expect(refused.text).toContain('Only an administrator may do this');
});

test('a member is not shown where he or she may not go', async () => {
  const { text } = await member.get('/');
  expect(text).toContain('href="/profile"');
  expect(text).not.toContain('href="/connections"');
  expect(text).not.toContain('Search as somebody else');
});

test.each([
  '//evil.example',
  String.raw`/\evil.example`,
  'https://evil.example',
  '/a b',
  'javascript:alert(1)',
  undefined,
])('after signing in, %j leads home and nowhere else', (path) => {
  expect(ownPath(path)).toBe('/');
});

test('after signing in, one goes on to where one wanted', () => {
  expect(ownPath('/records/3?user=a%40b')).toBe('/records/3?user=a%40b');
});

test('pages and their parts are not kept by caches, assets are kept for a year', async () => {
  const page = await admin.get('/');
  expect(page.get('cache-control')).toBe('no-store');
  const path = /href="(\/assets\/[^"]+\.css)"/.exec(page.text)?.[1] ?? '';
  const asset = await request(server.app).get(path);
  expect(asset.get('cache-control')).toContain('immutable');
  expect(asset.get('content-type')).toContain('text/css');
  expect((await request(server.app).get('/assets/old/sluice.css')).status).toBe(404);
});

test('nothing that is not there has a page, and the page says what next', async () => {
  for (const path of [
    '/nowhere',
    '/records/1',
    '/records/x',
    '/connections/00000000-0000-4000-8000-000000000000',
    '/connections/x',
    '/runs/x',
    '/runs/x/live',
  ]) {
    const response = await admin.get(path);
    expect([path, response.status]).toEqual([path, 404]);
    expect(response.text).toContain('Go to search');
  }
});

test('a query that cannot be read says why, in place of results', async () => {
  const response = await admin.get('/?type=nonsense&connection=x');
  expect(response.status).toBe(400);
  expect(response.text).toContain('This search could not be made');
  expect(response.text).toContain('Must be one of page');
});

test('an OAuth app is added, its faults stand at their fields, and it is removed', async () => {
  const faulty = await admin.post('/settings/oauth-apps', {
    name: 'Typed',
    clientId: '',
    clientSecret: 's3cret',
  });
  expect(faulty.status).toBe(422);
  expect(faulty.text).toContain('id="clientId-error"');
  expect(faulty.text).toContain('value="Typed"');
  expect(faulty.text).not.toContain('s3cret');
  const fields = { name: 'Ours', clientId: 'client', clientSecret: 's3cret' };
  expect((await admin.post('/settings/oauth-apps', fields)).get('location')).toBe('/settings/oauth-apps');
  const { text } = await admin.get('/settings/oauth-apps');
  expect(text).toContain('Ours is registered');
  expect(text).not.toContain('s3cret');
  const remove = /action="(\/settings\/oauth-apps\/[^"]+\/remove)"/.exec(text)?.[1] ?? '';
  const id = remove.split('/')[3] ?? '';
  const stored = () => server.database.db.selectFrom('oauth_apps').select('client_secret').execute();
  const before = await stored();
  await admin.post(`/settings/oauth-apps/${id}/secret`, { [`clientSecret-${id}`]: '' });
  expect((await admin.get('/settings/oauth-apps')).text).toContain('No secret was entered');
  expect(await stored()).toEqual(before);
  await admin.post(`/settings/oauth-apps/${id}/secret`, { [`clientSecret-${id}`]: 's3cret-2' });
  expect((await admin.get('/settings/oauth-apps')).text).toContain('The secret of Ours is replaced');
  expect(await stored()).not.toEqual(before);
  await admin.post(remove);
  expect((await admin.get('/settings/oauth-apps')).text).toContain('No app is registered yet');
});

test('a key is shown once and then never', async () => {
  const made = await member.post('/profile/api-keys', { name: 'My script' });
  const key = /id="new-key"[^>]*value="([^"]+)"/.exec(made.text)?.[1] ?? '';
  expect(key.length).toBeGreaterThan(20);
  const later = await member.get('/profile');
  expect(later.text).toContain('My script');
  expect(later.text).not.toContain(key);
  const rows = await server.database.db.selectFrom('sessions').select('sess').execute();
  expect(JSON.stringify(rows)).not.toContain(key);
});

test('people are added, promoted and deactivated; an email that is taken is a fault of its field', async () => {
  const fields = { email: 'new@example.com', name: 'New <b>One</b>', role: 'member' };
  await admin.post('/settings/users', fields);
  const listed = await admin.get('/settings/users');
  expect(listed.text).toContain('New &lt;b>One&lt;/b>');
  const again = await admin.post('/settings/users', fields);
  expect(again.status).toBe(422);
  expect(again.text).toContain('id="email-error"');
  const { id } = await server.database.db
    .selectFrom('users')
    .select('id')
    .where('email', '=', 'new@example.com')
    .executeTakeFirstOrThrow();
  await admin.post(`/settings/users/${id}/role`, { role: 'administrator' });
  await admin.post(`/settings/users/${id}/active`, { active: 'no' });
  const { text } = await admin.get('/settings/users');
  expect(text).toContain('Deactivated');
  expect((await admin.get('/settings/audit')).text).toContain('new@example.com');
});

test('searching as somebody is an administrator’s, shows on every page and ends', async () => {
  expect((await member.post('/search-as', { email: 'admin@example.com' })).status).toBe(403);
  await admin.post('/search-as', { email: 'nobody@example.com' });
  expect((await admin.get('/')).text).toContain(
    'An active user with the email nobody@example.com was not found',
  );
  await admin.post('/search-as', { email: 'member@example.com' });
  expect((await admin.get('/')).text).toContain('You search as');
  expect((await admin.get('/profile')).text).toContain('You search as');
  await admin.post('/search-as/stop');
  expect((await admin.get('/')).text).not.toContain('You search as <');
});
