import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import request from 'supertest';
import { startSandbox, type RunningSandbox } from '../sandbox/main.ts';
import { createDemonstration } from '../sandbox/world/demonstration.ts';
import { createBrowserSession, type BrowserSession } from '../test/browser-session.ts';
import { consentAt } from '../test/consent.ts';
import { routesOf } from '../test/routes.ts';
import { createTestServer, type TestServer } from '../test/server.ts';

/** Secrets that would be recognised anywhere. */
const canaries = {
  password: 'canary-password-0f3a',
  clientSecret: 'canary-client-secret-77',
  wrongSecret: 'canary-wrong-secret-12',
  apiToken: 'canary-api-token-5d21',
  wrongToken: 'canary-wrong-token-9b',
};
const email = 'ada.lindqvist@northwind.example';

let sandbox: RunningSandbox;
let server: TestServer;
let browser: BrowserSession;
let key: string;
const answers: string[] = [];
/** Codes, states and one-time tokens: they stand in URLs, and must not stand in a log. */
const inUrls: string[] = [];

beforeAll(async () => {
  const world = createDemonstration({ redirectUri: 'http://localhost:3000/oauth/atlassian/callback' });
  world.oauthApps = world.oauthApps.map((app) => ({ ...app, clientSecret: canaries.clientSecret }));
  const accountId = world.people.find((person) => person.email === email)?.accountId ?? '';
  world.apiTokens = [{ token: canaries.apiToken, accountId, scopes: null, expiresAt: null }];
  sandbox = await startSandbox({ port: 0, world });
  server = await createTestServer({ gatewayUrl: sandbox.url });
  const admin = await server.person('admin@example.com', 'administrator', canaries.password);
  key = await server.key(admin);
  browser = createBrowserSession(server.app);
  await browser.signIn('admin@example.com', canaries.password);
  await exercise(world.site.url);
});
afterAll(async () => {
  await server.close();
  await sandbox.close();
});

const api = async (method: 'get' | 'post' | 'patch', path: string, body?: object) => {
  const call = request(server.app)[method](`/api/v1${path}`);
  const response = await call.set('authorization', `Bearer ${key}`).send(body);
  answers.push(response.text, JSON.stringify(response.headers));
  return response;
};

/** Connections by both credentials, right and wrong, with everything that answers or fails on the way. */
async function exercise(siteUrl: string): Promise<void> {
  const connection = (name: string, auth: object) => ({
    name,
    product: 'confluence',
    deployment: 'cloud',
    siteUrl,
    auth,
  });
  const oauth = (clientSecret: string) => ({ method: 'oauth', clientId: 'sandbox-client', clientSecret });
  const token = (value: string) => ({ method: 'api_token', email, token: value });
  const wrong = (await api('post', '/connections', connection('Wiki', oauth(canaries.wrongSecret)))).body;
  await consent(wrong.id);
  await api('patch', `/connections/${wrong.id}`, { auth: oauth(canaries.clientSecret) });
  await consent(wrong.id);
  await api('post', '/connections', connection('Other', token(canaries.wrongToken)));
  await api('post', '/connections', connection('Token', token(canaries.apiToken)));
  await api('post', '/connections', { ...connection('Bad', token(canaries.apiToken)), extra: true });
  await api('post', '/oauth-apps', {
    name: 'x',
    clientId: 'sandbox-client',
    clientSecret: canaries.wrongSecret,
  });
  await api('post', '/sign-in', { password: canaries.password });
  const { authorizeUrl } = (await api('post', `/connections/${wrong.id}/authorize-link`)).body;
  const { pathname, search, searchParams } = new URL(authorizeUrl);
  inUrls.push(...searchParams.values());
  await createBrowserSession(server.app).get(pathname + search);
  await api('post', `/connections/${wrong.id}/test`);
  for (const { method, path } of routesOf(server.app)) {
    if (method !== 'GET' || /\/(events|live)$/.test(path)) continue;
    const real = path.replaceAll(/0{8}-[\d-]+/g, wrong.id);
    const page = await browser.get(real);
    answers.push(page.text ?? '', JSON.stringify(page.headers));
  }
}

async function consent(id: string): Promise<void> {
  const started = await browser.post(`/connections/${id}/authorize`);
  const callback = await consentAt(started.headers['location'] ?? '', { email });
  inUrls.push(...new URL(callback, 'http://localhost').searchParams.values());
  const back = await browser.get(callback);
  answers.push(back.text, (await browser.get(`/connections/${id}/authorize`)).text);
}

/** Everything secret that exists by now: the canaries, the key, and the tokens that the sandbox gave out. */
function secrets(): string[] {
  const { accessTokens, refreshTokens } = sandbox.context.grants.save();
  expect(accessTokens.length).toBeGreaterThan(0);
  expect(refreshTokens.length).toBeGreaterThan(0);
  return [
    ...Object.values(canaries),
    key,
    ...accessTokens.map(([token]) => token),
    ...refreshTokens.map(([token]) => token),
  ];
}

const found = (where: string) => secrets().filter((secret) => where.includes(secret));

test('both connections were made, so that there is something to tell', async () => {
  const { body } = await api('get', '/connections');
  expect(body.items.map((item: { status: string }) => item.status)).toEqual(['active', 'active']);
});

test('no secret is in any answer', () => {
  expect(answers.length).toBeGreaterThan(50);
  expect(found(answers.join('\n'))).toEqual([]);
});

test('no secret is in the logs', () => {
  expect(server.logged.length).toBeGreaterThan(20);
  const logged = server.logged.join('\n');
  expect(found(logged)).toEqual([]);
  expect(inUrls).toHaveLength(5);
  expect(inUrls.filter((secret) => logged.includes(secret))).toEqual([]);
});

test('no secret is in the database, as text or inside bytes', async () => {
  const { db } = server.database;
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables where table_schema = 'public'`.execute(db);
  const dumps = await Promise.all(
    tables.map(async ({ name }) => {
      const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(db);
      return rows
        .flatMap((row) => Object.values(row))
        .map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : JSON.stringify(value)))
        .join('\n');
    }),
  );
  expect(dumps.join('\n')).toContain('Ada Lindqvist');
  expect(found(dumps.join('\n'))).toEqual([]);
});
