import { afterEach, beforeEach, expect, test } from '@jest/globals';
import request from 'supertest';
import { createBrowserSession } from '../test/browser-session.ts';
import { createTestServer, type TestServer } from '../test/server.ts';
import { bootstrap } from './bootstrap.ts';

let server: TestServer;
beforeEach(async () => {
  server = await createTestServer();
});
afterEach(() => server.close());

const db = () => server.database.db;
const publicUrl = 'http://localhost:3000';
const first = {
  email: 'ada@example.com',
  password: 'correct horse battery',
  apiKey: 'a-key-of-the-operator-1234',
};

test('the variables make an administrator with password and key, once, however often and by however many', async () => {
  await Promise.all([1, 2, 3].map(() => bootstrap(db(), { publicUrl, first })));
  expect(await bootstrap(db(), { publicUrl, first })).toBeNull();
  expect(await db().selectFrom('users').select(['email', 'role']).execute()).toEqual([
    { email: 'ada@example.com', role: 'administrator' },
  ]);
  expect(await db().selectFrom('api_keys').select('scopes').execute()).toEqual([
    { scopes: ['search', 'administer', 'impersonate'] },
  ]);
  await request(server.app).get('/api/v1/users').set('authorization', `Bearer ${first.apiKey}`).expect(200);
  const browser = createBrowserSession(server.app);
  expect((await browser.signIn(first.email, first.password)).status).toBe(303);
  const { rows } = await server.database.pool.query('select * from users, api_keys, audit_log');
  expect(JSON.stringify(rows)).not.toContain(first.apiKey);
  expect(JSON.stringify(rows)).not.toContain(first.password);
});

test('a revoked key of the variables stays revoked', async () => {
  await bootstrap(db(), { publicUrl, first });
  await db().updateTable('api_keys').set({ revoked_at: new Date() }).execute();
  await bootstrap(db(), { publicUrl, first });
  await request(server.app).get('/api/v1/users').set('authorization', `Bearer ${first.apiKey}`).expect(401);
});

test('without variables a link sets the first administrator up, once, for a day', async () => {
  const link = (await bootstrap(db(), { publicUrl, first: {} })) ?? '';
  expect(link).toMatch(/^http:\/\/localhost:3000\/setup\?token=[\w-]{43}$/);
  const token = new URL(link).searchParams.get('token') ?? '';
  const { rows } = await server.database.pool.query(
    'select encode(token_hash, $1) as hash from setup_links',
    ['escape'],
  );
  expect(JSON.stringify(rows)).not.toContain(token);

  const person = { email: 'Ada@example.com', name: 'Ada', password: 'correct horse battery' };
  const weak = server.services.access.finishSetup(token, { ...person, password: 'short' });
  await expect(weak).rejects.toMatchObject({ fields: { password: expect.stringMatching(/10 characters/) } });
  const actor = await server.services.access.finishSetup(token, person);
  expect(actor).toMatchObject({ email: 'Ada@example.com', role: 'administrator' });
  const again = server.services.access.finishSetup(token, { ...person, email: 'eve@example.com' });
  await expect(again).rejects.toMatchObject({ code: 'setup_link_used' });
  expect(await bootstrap(db(), { publicUrl, first: {} })).toBeNull();
});

test('each of several servers prints a link that works, and one use closes all', async () => {
  const links = await Promise.all([1, 2].map(() => bootstrap(db(), { publicUrl, first: {} })));
  const tokens = links.map((link) => new URL(link ?? '').searchParams.get('token') ?? '');
  expect(await Promise.all(tokens.map((token) => server.services.access.setupOpen(token)))).toEqual([
    true,
    true,
  ]);
  const person = { name: 'Ada', password: 'correct horse battery' };
  const results = await Promise.allSettled(
    tokens.map((token, index) =>
      server.services.access.finishSetup(token, { ...person, email: `a${index}@example.com` }),
    ),
  );
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await Promise.all(tokens.map((token) => server.services.access.setupOpen(token)))).toEqual([
    false,
    false,
  ]);
});

test('an old link is closed, and a new start makes another', async () => {
  const yesterday = new Date(Date.now() - 25 * 3_600_000);
  const old = (await bootstrap(db(), { publicUrl, first: {}, now: yesterday })) ?? '';
  expect(await server.services.access.setupOpen(new URL(old).searchParams.get('token') ?? '')).toBe(false);
  const fresh = (await bootstrap(db(), { publicUrl, first: {} })) ?? '';
  expect(await server.services.access.setupOpen(new URL(fresh).searchParams.get('token') ?? '')).toBe(true);
});
