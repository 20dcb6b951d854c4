import { afterAll, beforeAll, expect, test } from '@jest/globals';
import request from 'supertest';
import { createBrowserSession } from '../../test/browser-session.ts';
import { routesOf } from '../../test/routes.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await createTestServer();
  await server.person('admin@example.com', 'administrator', 'correct horse battery');
});
afterAll(() => server.close());

const signedIn = async () => {
  const browser = createBrowserSession(server.app);
  await browser.signIn('admin@example.com', 'correct horse battery');
  return browser;
};
const changing = () =>
  routesOf(server.app).filter(({ method }) => !['GET', 'HEAD', 'OPTIONS'].includes(method));

test("the list of routes that change something is the app's own", () => {
  const routes = changing().map(({ method, path }) => `${method} ${path.replaceAll(/0{8}-[\d-]+/g, ':id')}`);
  expect(routes).toEqual(
    expect.arrayContaining([
      'POST /sign-in',
      'POST /setup',
      'POST /sign-in/atlassian',
      'POST /connections/:id/authorize',
      'POST /api/v1/connections',
      'PUT /api/v1/connections/:id/settings',
      'DELETE /api/v1/connections/:id',
    ]),
  );
  expect(routes.length).toBeGreaterThan(30);
});

test('each route that changes something refuses a session without, or with a wrong, CSRF token', async () => {
  const browser = await signedIn();
  const cookie = `sluice=${browser.cookie()}`;
  const open: string[] = [];
  for (const { method, path } of changing()) {
    for (const token of [undefined, 'wrong']) {
      const call = request(server.app)[method.toLowerCase() as 'post'](path).set('cookie', cookie);
      if (token !== undefined) call.set('x-csrf-token', token);
      const response = await (path.startsWith('/api/') ? call.send({}) : call.type('form').send({ a: 'b' }));
      const { error } = response.body as { error?: { code?: string } };
      const refused = response.status === 403 && (error === undefined || error.code === 'csrf');
      if (!refused) open.push(`${method} ${path} with ${token ?? 'no token'}: ${response.status}`);
    }
  }
  expect(open).toEqual([]);
});

test('each route that changes something refuses what a browser says comes from another site', async () => {
  const browser = await signedIn();
  const token = await browser.token();
  for (const { method, path } of changing()) {
    const call = request(server.app)[method.toLowerCase() as 'post'](path);
    const response = await call.set({
      cookie: `sluice=${browser.cookie()}`,
      'x-csrf-token': token,
      'sec-fetch-site': 'cross-site',
    });
    expect([path, response.status]).toEqual([path, 403]);
  }
});

test('the token of one session is worth nothing in another', async () => {
  const [one, other] = [await signedIn(), await signedIn()];
  const response = await one.post('/sign-out', { _csrf: await other.token() });
  expect(response.status).toBe(403);
  expect((await one.get('/profile')).status).toBe(200);
});

test('a sign-in form from elsewhere signs nobody in (login CSRF)', async () => {
  const credentials = { email: 'admin@example.com', password: 'correct horse battery' };
  await request(server.app).post('/sign-in').type('form').send(credentials).expect(403);
  const forged = createBrowserSession(server.app);
  const response = await forged.post('/sign-in', { ...credentials, _csrf: 'guessed' });
  expect(response.status).toBe(403);
});

test('a GET with a method override changes nothing, and JSON dressed as text is refused', async () => {
  const browser = await signedIn();
  await browser.get('/sign-out?_method=POST').expect(404);
  const { status } = await request(server.app)
    .post('/sign-out')
    .set({
      cookie: `sluice=${browser.cookie()}`,
      'content-type': 'text/plain',
      'x-http-method-override': 'GET',
    })
    .send(JSON.stringify({ _csrf: await browser.token() }));
  expect(status).toBe(403);
  expect((await browser.get('/profile')).status).toBe(200);
});

test('the API by session takes a change with the token in its header', async () => {
  const browser = await signedIn();
  const token = await browser.token();
  await request(server.app)
    .post('/api/v1/users')
    .set({ cookie: `sluice=${browser.cookie()}`, 'x-csrf-token': token })
    .send({ email: 'new@example.com' })
    .expect(201);
});

test('signing in changes the session id, and the one from before is unknown (fixation)', async () => {
  const browser = createBrowserSession(server.app);
  await browser.token();
  const planted = browser.cookie();
  expect(planted).toBeDefined();
  await browser.signIn('admin@example.com', 'correct horse battery');
  expect(browser.cookie()).not.toBe(planted);
  await request(server.app).get('/profile').set('cookie', `sluice=${planted}`).expect(303);
  await browser.get('/profile').expect(200);
});

test('the cookie is httpOnly, lax, and secure where the public URL is https', async () => {
  const plain = await request(server.app).get('/sign-in');
  expect(plain.headers['set-cookie']?.[0]).toMatch(/^sluice=.*Path=\/.*HttpOnly; SameSite=Lax$/);
  const secure = await createTestServer({ publicUrl: 'https://sluice.example.com' });
  const { headers } = await request(secure.app).get('/sign-in').set('x-forwarded-proto', 'https');
  expect(headers['set-cookie']?.[0]).toMatch(/^__Host-sluice=.*HttpOnly; Secure; SameSite=Lax$/);
  expect(headers['strict-transport-security']).toMatch(/max-age/);
  await secure.close();
});

test('the policy allows no inline script or style without the nonce of this answer', async () => {
  const policies = await Promise.all(
    [1, 2].map(
      async () => (await request(server.app).get('/sign-in')).headers['content-security-policy'] ?? '',
    ),
  );
  expect(policies[0]).not.toBe(policies[1]);
  expect(policies[0]).toMatch(/script-src 'self' 'nonce-[^']+';style-src 'self' 'nonce-[^']+'/);
  expect(policies[0]).not.toContain('unsafe');
  expect(policies[0]).toContain("form-action 'self' https://auth.atlassian.com;frame-ancestors 'none'");
});
