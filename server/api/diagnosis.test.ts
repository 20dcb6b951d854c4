import { afterAll, beforeAll, expect, test } from '@jest/globals';
import request from 'supertest';
import { createBrowserSession, type BrowserSession } from '../../test/browser-session.ts';
import { makeConnection } from '../../test/factories.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';

let server: TestServer;
let key: string;
let memberKey: string;
let browser: BrowserSession;
let id: string;
let asked = 0;

beforeAll(async () => {
  server = await createTestServer({
    // Nothing listens there.
    gatewayUrl: 'http://127.0.0.1:9',
    temporal: async () => {
      asked += 1;
      return { state: 'away', code: 'UNAVAILABLE' };
    },
  });
  key = await server.key(await server.person('admin@example.com', 'administrator', 'correct horse battery'));
  memberKey = await server.key(await server.person('max@example.com'), ['search']);
  browser = createBrowserSession(server.app);
  await browser.signIn('admin@example.com', 'correct horse battery');
  id = await makeConnection(server.database.db, { name: 'Wiki <b>' });
});
afterAll(() => server.close());

const get = (path: string, by = key) =>
  request(server.app).get(`/api/v1/diagnosis${path}`).set('authorization', `Bearer ${by}`);

test('it tells of each check what was found, why it matters and what to do', async () => {
  const { body } = await get(`?connection=${id}`).expect(200);
  expect(body.ok).toBe(false);
  const network = body.checks.find((check: { name: string }) => check.name === 'network');
  expect(network).toMatchObject({
    state: 'failed',
    found: 'The connection is refused (ECONNREFUSED).',
    docs: 'docs/diagnosis.md#way-to-atlassian',
    connection: null,
  });
  expect(body.checks.find((check: { name: string }) => check.name === 'token')).toMatchObject({
    state: 'failed',
    found: 'There is no credential yet.',
    connection: { id, name: 'Wiki <b>' },
  });
  expect(body.checks.find((check: { name: string }) => check.name === 'database').state).toBe('ok');
});

test('it is for administrators, and of no connection that does not exist', async () => {
  await get('', memberKey).expect(403);
  await get('?connection=nowhere').expect(404);
});

test('who asks again before it has ended gets the same answer, and nothing more is asked', async () => {
  asked = 0;
  const answers = await Promise.all([get(''), get(''), get('')]);
  expect(new Set(answers.map(({ body }) => body.at)).size).toBeLessThan(3);
  expect(asked).toBeLessThan(3);
});

test('the page runs it when asked to, shows what has failed first, and gives it as text', async () => {
  asked = 0;
  const before = await browser.get('/settings/diagnosis');
  expect(before.text).toContain('Run the diagnosis');
  expect(asked).toBe(0);
  const { text } = await browser.get(`/settings/diagnosis?run=1&connection=${id}`);
  expect(asked).toBe(1);
  expect(text).toContain('Wiki &lt;b>');
  expect(text).toMatch(/\d+ checks have failed/);
  expect(text.indexOf('Way to Atlassian')).toBeLessThan(text.indexOf('schema current'));
  expect(text).toContain(`/settings/diagnosis.txt?connection=${id}`);
  const file = await browser.get(`/settings/diagnosis.txt?connection=${id}`);
  expect(file.get('content-disposition')).toContain('diagnosis.txt');
  expect(file.text).toContain('FAILED  Temporal: Temporal does not answer (UNAVAILABLE).');
  expect(file.text).toContain('FAILED  Credential of "Wiki <b>"');
});

test('a member gets neither the page nor the text', async () => {
  await server.person('mia@example.com', 'member', 'correct horse battery');
  const member = createBrowserSession(server.app);
  await member.signIn('mia@example.com', 'correct horse battery');
  expect((await member.get('/settings/diagnosis?run=1')).status).toBe(403);
  expect((await member.get('/settings/diagnosis.txt')).status).toBe(403);
});
