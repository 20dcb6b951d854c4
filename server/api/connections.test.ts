import { afterAll, beforeAll, expect, test } from '@jest/globals';
import request from 'supertest';
import { startSandbox, type RunningSandbox } from '../../sandbox/main.ts';
import { createDemonstration } from '../../sandbox/world/demonstration.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';
import type { SyncEngine } from '../../temporal/engine.ts';
import type { Actor } from '../actor.ts';
import { connectionSchema } from './schemas.ts';

let sandbox: RunningSandbox;
let server: TestServer;
let admin: Actor;
let key: string;
let siteUrl: string;
const email = 'ada.lindqvist@northwind.example';
let next: SyncEngine['nextRuns'] = async () => new Map();

beforeAll(async () => {
  const world = createDemonstration();
  siteUrl = world.site.url;
  sandbox = await startSandbox({ port: 0, world });
  const engine: Partial<SyncEngine> = { nextRuns: (ids) => next(ids) };
  server = await createTestServer({ gatewayUrl: sandbox.url, engine });
  admin = await server.person('admin@example.com', 'administrator');
  key = await server.key(admin);
});
afterAll(async () => {
  await server.close();
  await sandbox.close();
});

const call = (method: 'get' | 'post' | 'put' | 'patch' | 'delete', path: string) =>
  request(server.app)[method](`/api/v1${path}`).set('authorization', `Bearer ${key}`);

const classic = () => ({ method: 'api_token', email, token: 'sandbox-classic-token' });
const create = (change: object = {}) =>
  call('post', '/connections').send({
    name: 'Wiki',
    product: 'confluence',
    deployment: 'cloud',
    siteUrl,
    auth: classic(),
    ...change,
  });

/** The messages by field of a refused creation. */
async function fieldsOf(change: object): Promise<Record<string, string>> {
  const response = await create(change).expect(422);
  expect(response.body.error.code).toBe('invalid_input');
  return response.body.error.details.fields;
}

test.each([
  ['http://northwind.atlassian.net', /begin with https/],
  ['https://northwind.atlassian.net/', /slash/],
  ['https://northwind.atlassian.net/wiki', /path/],
  ['https://example.com', /\.atlassian\.net/],
  ['https://169.254.169.254', /IP address/],
  ['https://x@northwind.atlassian.net', /user name/],
  ['', /Enter the address/],
])('the site URL %p has its own message at its field', async (given, message) => {
  expect(await fieldsOf({ siteUrl: given })).toEqual({ siteUrl: expect.stringMatching(message) });
});

test('several faults are told at once, each at its field', async () => {
  const fields = await fieldsOf({ name: ' ', siteUrl: 'ftp://x', product: 'jira' });
  expect(Object.keys(fields).sort()).toEqual(['name', 'product', 'siteUrl']);
});

test('a wrong token, a wrong email and the wrong kind of token are told apart before anything is stored', async () => {
  const wrong = await fieldsOf({ auth: { ...classic(), token: 'guessed' } });
  expect(wrong['auth.token']).toMatch(/email and token together/);
  const other = await fieldsOf({ auth: { ...classic(), email: 'ben.okafor@northwind.example' } });
  expect(other['auth.token']).toMatch(/email is that of the account/);
  const scoped = await fieldsOf({ auth: { ...classic(), token: 'sandbox-scoped-token' } });
  expect(scoped['auth.scoped']).toMatch(/choose "scoped"/);
  const notScoped = await fieldsOf({ auth: { ...classic(), scoped: true } });
  expect(notScoped['auth.scoped']).toMatch(/choose "classic"/);
  const noSite = await fieldsOf({
    siteUrl: 'https://northwind.atlassian.net',
    auth: { ...classic(), token: '' },
  });
  expect(noSite['auth.token']).toMatch(/Enter the API token/);
  expect((await call('get', '/connections')).body.items).toEqual([]);
});

test('pasted spaces are removed, and a good token authorizes the connection at once', async () => {
  const { body } = await create({
    name: '  Company wiki ',
    siteUrl: ` ${siteUrl.toUpperCase().replace('HTTPS', 'https')}\n`,
    auth: { method: 'api_token', email: ` ${email} `, token: ' sandbox-classic-token\n' },
  }).expect(201);
  expect(body).toMatchObject({
    name: 'Company wiki',
    siteUrl,
    status: 'active',
    account: { name: 'Ada Lindqvist' },
    authorizeUrl: null,
    redirectUrl: 'http://localhost:3000/oauth/atlassian/callback',
    steps: { authorize: { state: 'done' }, configure: { state: 'todo' } },
  });
  connectionSchema.parse(body);
  const scoped = { method: 'api_token', email, token: 'sandbox-scoped-token', scoped: true };
  await create({ name: 'Scoped', auth: scoped }).expect(201);
  expect((await fieldsOf({ name: 'company WIKI' }))['name']).toMatch(/already/);
});

test('a registered app is chosen from the list, and its client id is not typed again', async () => {
  const app = { name: 'Sluice', clientId: 'sandbox-client', clientSecret: 'sandbox-secret' };
  const { id } = (await call('post', '/oauth-apps').send(app).expect(201)).body;
  expect(
    (await fieldsOf({ auth: { method: 'oauth', clientId: 'sandbox-client', clientSecret: 'x' } }))[
      'auth.clientId'
    ],
  ).toMatch(/registered already as "Sluice"/);
  expect((await fieldsOf({ auth: { method: 'oauth' } }))['auth.clientSecret']).toMatch(/developer console/);
  const { body } = await create({ name: 'By app', auth: { method: 'oauth', oauthAppId: id } }).expect(201);
  expect(body).toMatchObject({ status: 'draft', steps: { configure: { state: 'locked' } } });
  const inUse = await call('delete', `/oauth-apps/${id}`).expect(409);
  expect(inUse.body.error.message).toContain('By app');
  await call('delete', `/connections/${body.id}`).expect(204);
  await call('delete', `/oauth-apps/${id}`).expect(204);
});

test('Data Center credentials are refused in words', async () => {
  expect(await fieldsOf({ auth: { method: 'pat', token: 'x' } })).toEqual({
    'auth.method': expect.stringMatching(/Data Center/),
  });
});

test('settings are stored, complete the third tab, and unknown fields are refused by name', async () => {
  const { id } = (await create({ name: 'Set' }).expect(201)).body;
  const full = {
    sync: { strategy: 'scheduled', cron: '0 2 * * *', timezone: 'Europe/Zurich' },
    permissions: { intervalMinutes: 30, groupRoles: {} },
    filters: {
      spaceKeys: { operator: 'in', values: ['ENG'] },
      modified: { operator: 'is_after', from: '2026-01-01T00:00:00Z' },
    },
    indexing: { pages: true, pageComments: false, mode: 'automatic' },
  };
  const { body } = await call('put', `/connections/${id}/settings`).send(full).expect(200);
  expect(body.settings).toEqual(full);
  expect(body.steps.configure.state).toBe('done');
  expect(server.asked).toContain(`applySchedule ${id}`);
  const refused = await call('put', `/connections/${id}/settings`)
    .send({ sync: { strategy: 'scheduled', cron: 'often', timezone: 'Mars/Base', every: 5 }, filter: {} })
    .expect(422);
  const { fields } = refused.body.error.details;
  expect(Object.keys(fields).sort()).toEqual(['filter', 'sync.cron', 'sync.every', 'sync.timezone']);
});

test('who looked at other settings than those that are stored now is told, and stores nothing', async () => {
  const { id } = (await create({ name: 'Two at once' }).expect(201)).body;
  const put = (version: string, minutes: number) =>
    call('put', `/connections/${id}/settings`)
      .set('If-Match', version)
      .send({ sync: { strategy: 'scheduled', intervalMinutes: minutes } });
  const looked: number = (await call('get', `/connections/${id}`).expect(200)).body.settingsVersion;
  // Both have come to the row before either of them goes on.
  const both = await server.database.db.transaction().execute(async (tx) => {
    await tx.selectFrom('connections').select('id').where('id', '=', id).forUpdate().execute();
    const asked = Promise.all([put(String(looked), 10), put(`"${looked}"`, 20)]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { asked };
  });
  const [one, other] = await both.asked;
  expect([one.status, other.status].sort()).toEqual([200, 412]);
  const [taken, refused] = one.status === 200 ? [one, other] : [other, one];
  expect(refused.body.error).toMatchObject({
    code: 'settings_changed',
    details: { settingsVersion: taken.body.settingsVersion, differing: ['sync'] },
  });
  const { body } = await call('get', `/connections/${id}`).expect(200);
  expect(body.settings).toEqual(taken.body.settings);
  await put(String(body.settingsVersion), 30).expect(200);
  expect((await put('soon', 30).expect(422)).body.error.details.fields).toHaveProperty('If-Match');
});

test('the next runs are told, and that they are not known while the engine is away', async () => {
  const { id } = (await create({ name: 'Next runs' }).expect(201)).body;
  expect((await call('get', `/connections/${id}`).expect(200)).body.nextRuns).toEqual([]);
  next = async () => null;
  expect((await call('get', `/connections/${id}`).expect(200)).body.nextRuns).toBeNull();
  next = async () => new Map([[id, [new Date('2027-01-01T02:00:00Z')]]]);
  expect((await call('get', `/connections/${id}`).expect(200)).body.nextRuns).toEqual([
    '2027-01-01T02:00:00.000Z',
  ]);
});

test('an empty token keeps the stored one, and another site is refused once there is content', async () => {
  const { id } = (await create({ name: 'Kept' }).expect(201)).body;
  await call('patch', `/connections/${id}`)
    .send({ name: 'Renamed', auth: { method: 'api_token', email } })
    .expect(200);
  const { body } = await call('post', `/connections/${id}/test`).expect(200);
  expect(body.checks.find((check: { name: string }) => check.name === 'token').ok).toBe(true);
  await call('post', `/connections/${id}/syncs`).send({ kind: 'full' }).expect(202);
  const moved = await call('patch', `/connections/${id}`)
    .send({ siteUrl: 'https://other.atlassian.net' })
    .expect(422);
  expect(moved.body.error.details.fields.siteUrl).toMatch(/new connection/);
});

test('disabling stops the schedule and keeps the connection; enabling brings it back', async () => {
  const { id } = (await create({ name: 'On and off' }).expect(201)).body;
  expect((await call('post', `/connections/${id}/disable`).expect(200)).body.status).toBe('disabled');
  const refused = await call('post', `/connections/${id}/syncs`).send({ kind: 'full' }).expect(409);
  expect(refused.body.error.code).toBe('disabled');
  expect((await call('post', `/connections/${id}/enable`).expect(200)).body.status).toBe('active');
});

test('every change is in the audit log, with who, what, before and after', async () => {
  const { body } = await call('get', '/audit?limit=200').expect(200);
  const actions = new Set(body.items.map((entry: { action: string }) => entry.action));
  for (const action of ['create', 'update', 'settings', 'enable', 'disable', 'remove']) {
    expect(actions).toContain(`connection.${action}`);
  }
  expect(actions).toContain('oauth_app.create');
});
