import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { saveAccounts } from '../../store/accounts.ts';
import { createBrowserSession, type BrowserSession } from '../../test/browser-session.ts';
import { makeConnection } from '../../test/factories.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';

const password = 'a pass phrase for tests';
let server: TestServer;
let browser: BrowserSession;
let connectionId: string;
beforeAll(async () => {
  server = await createTestServer();
  await server.person('root@x.example', 'administrator', password);
  await server.person('ada@x.example', 'member', password);
  browser = createBrowserSession(server.app);
  await browser.signIn('root@x.example', password);
});
afterAll(() => server.close());
beforeEach(async () => {
  const { db } = server.database;
  await db.deleteFrom('connections').execute();
  await db.deleteFrom('user_accounts').execute();
  connectionId = await makeConnection(db, { name: 'Wiki' });
});

const accounts = (rows: Record<string, string | null>) =>
  saveAccounts(
    server.database.db,
    connectionId,
    Object.entries(rows).map(([accountId, email]) => ({
      accountId,
      displayName: `=${accountId}, "the" person`,
      email,
      accountType: 'atlassian',
      accountStatus: 'active',
      guest: false,
    })),
    new Date(),
  );
const link = (account: string) => `connection=${connectionId}&account=${account}`;

test('three people, and pages of ten thousand, are shown with filters in the address', async () => {
  await accounts({ a: 'ada@x.example', b: null, c: 'nobody@x.example' });
  const { text } = await browser.get('/people').expect(200);
  expect(text).toContain('2 of 3 people are not matched.');
  expect(text).toContain('Email hidden (1)');
  expect(text).toContain('http://localhost:3000/connect-account');
  expect(text).not.toContain('rel="next"');
  await server.database.db
    .updateTable('atlassian_accounts')
    .set({ account_status: 'closed' })
    .where('account_id', '=', 'c')
    .execute();
  const listed = async (path: string) =>
    [...(await browser.get(path)).text.matchAll(/<code class="breaks">(\w)<\/code>/g)].map(([, id]) => id);
  expect(await listed('/people')).toEqual(['b']);
  expect(await listed('/people?state=account_inactive')).toEqual(['c']);
  expect(await listed('/people?state=all&sort=name&q=ada%40')).toEqual(['a']);
  const many = Object.fromEntries(
    Array.from({ length: 120 }, (_, n) => [`n${String(n).padStart(3, '0')}`, null]),
  );
  await accounts(many);
  const seen = new Set<string>();
  let next: string | undefined = '/people?state=email_hidden&sort=name';
  while (next !== undefined) {
    const page: string = (await browser.get(next).expect(200)).text;
    for (const [, id = ''] of page.matchAll(/<code class="breaks">(n\d+)<\/code>/g)) seen.add(id);
    next = /rel="next" href="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&');
    if (next !== undefined) expect(next).toContain('state=email_hidden&sort=name');
  }
  expect(seen.size).toBe(120);
});

test('an account is linked with a user and unlinked, each after a question', async () => {
  await accounts({ b: null });
  expect((await browser.get(`/people/link?${link('b')}`).expect(200)).text).toContain('You vouch that');
  const fields = { connection: connectionId, account: 'b' };
  const refused = await browser.post('/people/link', { ...fields, email: 'stranger@x.example' });
  expect([refused.status, refused.text]).toEqual([
    422,
    expect.stringContaining('Nobody here has this email'),
  ]);
  expect((await browser.post('/people/link', { ...fields, email: 'ADA@x.example' })).status).toBe(303);
  expect((await browser.get('/people?state=matched').expect(200)).text).toContain('by an administrator');
  expect((await browser.get('/people/users?state=matched').expect(200)).text).toContain('ada@x.example');
  const taken = await browser.post('/people/link', { ...fields, email: 'root@x.example' });
  expect([taken.status, taken.text]).toEqual([422, expect.stringContaining('belongs to ada@x.example')]);
  expect((await browser.get(`/people/unlink?${link('b')}`).expect(200)).text).toContain('Remove the link');
  expect((await browser.post('/people/unlink', fields)).status).toBe(303);
  expect((await browser.get('/people')).text).toContain('no longer linked with ada@x.example');
  await browser.get(`/people/unlink?${link('b')}`).expect(404);
});

test('changed emails are confirmed one by one or all that are shown, after a question', async () => {
  await accounts({ a: 'a@x.example', b: 'b@x.example', c: 'c@x.example' });
  await accounts({ a: 'ada@x.example', b: 'b2@x.example', c: 'c2@x.example' });
  const question = (await browser.get(`/people/confirm-email?${link('a')}`).expect(200)).text;
  expect(question).toContain('may have been given to somebody else');
  expect(question).not.toContain('b2@x.example');
  const changed = JSON.stringify([connectionId, 'a', 'ada@x.example']);
  expect((await browser.post('/people/confirm-email', { changed })).headers['location']).toBe('/people');
  expect((await browser.get('/people')).text).toContain('The email is confirmed');
  const all = (await browser.get('/people/confirm-email').expect(200)).text;
  expect(all.match(/name="changed"/g)).toHaveLength(2);
  await browser.post('/people/confirm-email', { changed });
  expect((await browser.get('/people')).text).toContain('Nothing was confirmed: look again');
  expect((await browser.post('/people/confirm-email', { changed: 'x' })).status).toBe(422);
});

test('what is listed, and every link, goes into a table that no spreadsheet takes for formulas', async () => {
  await accounts({ a: 'ada@x.example', b: null });
  const listed = await browser.get('/people/accounts.csv?state=all').expect(200);
  expect(listed.headers['content-disposition']).toContain('sluice-accounts.csv');
  expect(listed.text.split('\r\n').slice(1, 3)).toEqual([
    `a,ada@x.example,Wiki,"'=a, ""the"" person",ada@x.example,matched,email,,,`,
    `b,,Wiki,"'=b, ""the"" person",,unmatched,,email_hidden,,`,
  ]);
  await browser.post('/people/link', { connection: connectionId, account: 'b', email: 'ada@x.example' });
  const links = await browser.get('/people/links.csv').expect(200);
  expect(links.text).toBe('\uFEFFaccount_id,email,linked_by\r\nb,ada@x.example,administrator\r\n');
  const preview = await browser.post('/people/import', { csv: links.text });
  expect(preview.text).toContain('There is nothing to store.');
  expect((await browser.get('/people/template.csv').expect(200)).text).toBe('\uFEFFaccount_id,email\r\n');
});

test('a table that aged between question and answer is shown again, and stores nothing', async () => {
  await accounts({ b: null });
  const csv = 'account_id,email\nb,ada@x.example\n';
  const preview = await browser.post('/people/import', { csv });
  const digest = /name="digest" value="([^"]+)"/.exec(preview.text)?.[1] ?? '';
  await browser.post('/people/link', { connection: connectionId, account: 'b', email: 'root@x.example' });
  const late = await browser.post('/people/import/confirm', { csv, digest });
  expect([late.status, late.text]).toEqual([409, expect.stringContaining('People changed meanwhile')]);
  expect(late.text).toContain('root@x.example');
  expect((await browser.post('/people/import', { csv: 'x' })).status).toBe(422);
});

test('members see none of it, and everybody who is signed in has the page to connect an account', async () => {
  const member = createBrowserSession(server.app);
  await member.get('/connect-account').expect(303).expect('location', '/sign-in?returnTo=%2Fconnect-account');
  await member.signIn('ada@x.example', password);
  for (const path of [
    '/people',
    '/people/users',
    '/people/import',
    `/people/link?${link('a')}`,
    `/people/unlink?${link('a')}`,
    '/people/confirm-email',
    '/people/accounts.csv',
    '/people/links.csv',
    '/people/template.csv',
  ]) {
    await member.get(path).expect(403);
  }
  for (const path of [
    '/people/link',
    '/people/unlink',
    '/people/confirm-email',
    '/people/import',
    '/people/import/confirm',
  ])
    expect((await member.post(path, { csv: 'x', account: 'a' })).status).toBe(403);
  const { text } = await member.get('/connect-account').expect(200);
  expect(text).toContain('As soon as an administrator has connected a site by OAuth');
});
