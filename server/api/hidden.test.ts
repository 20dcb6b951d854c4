import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import request from 'supertest';
import { z } from 'zod';
import { createBrowserSession, type BrowserSession } from '../../test/browser-session.ts';
import { makeConnection } from '../../test/factories.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';
import { hiddenSchema } from './hidden.ts';

let server: TestServer;
let administrator: string;
let member: string;
let admin: BrowserSession;
let connectionId: string;

beforeAll(async () => {
  server = await createTestServer();
  const password = 'correct horse battery';
  administrator = await server.key(await server.person('admin@example.com', 'administrator', password));
  member = await server.key(await server.person('ben@example.com', 'member', password), ['search']);
  admin = createBrowserSession(server.app);
  await admin.signIn('admin@example.com', password);
  const { db } = server.database;
  connectionId = await makeConnection(db);
  await sql`insert into acl_layers (connection_id, kind, source_id, state, principals) values (${connectionId}, 'product', 'product', 'known', '{user:ada}')`.execute(
    db,
  );
  await sql`
    insert into records (connection_id, external_id, kind, title, parent_id)
    select ${connectionId}, n::text, 'page', 'Harbour ' || n, case when n > 60 then 'missing' end
    from generate_series(1, 63) n`.execute(db);
  await sql`
    insert into content_access (connection_id, external_id)
    select ${connectionId}, n::text from generate_series(1, 60) n`.execute(db);
});
afterAll(() => server.close());

const get = (path: string, key: string) =>
  request(server.app)
    .get(`/api/v1/connections/${connectionId}/hidden${path}`)
    .set('authorization', `Bearer ${key}`);

test('an administrator reads what is hidden, by cause, with counts and what to do', async () => {
  const { body } = await get('?limit=2', administrator).expect(200);
  expect(body).toMatchObject({ records: 63, counts: { place: 60, unread: 3 } });
  const items = z.array(hiddenSchema).parse(body.items);
  expect(items[0]).toMatchObject({
    cause: 'place',
    externalId: '1',
    title: 'Harbour 1',
    reason: 'Its space is not known.',
    remedy: expect.stringMatching(/next full sync/),
    records: 1,
    more: false,
    url: 'https://test.atlassian.net/wiki/pages/viewpage.action?pageId=1',
  });
});

test('one cause is walked page by page', async () => {
  const ids: string[] = [];
  for (let more: string | null = ''; more !== null;) {
    const answer: { body: { items: { externalId: string }[]; nextCursor: string | null } } = await get(
      `?cause=unread&limit=2${more}`,
      administrator,
    ).expect(200);
    ids.push(...answer.body.items.map((one) => one.externalId));
    more = answer.body.nextCursor === null ? null : `&cursor=${answer.body.nextCursor}`;
  }
  expect(ids).toEqual(['61', '62', '63']);
});

test.each([
  ['?cause=nothing', 422],
  ['?cursor=bm9wZQ', 422],
  ['?limit=0', 422],
])('%s is refused', async (query, status) => {
  await get(query, administrator).expect(status);
});

test('a member may not read it, and learns nothing of it', async () => {
  const { text } = await get('', member).expect(403);
  expect(text).not.toMatch(/Harbour|6[03]/);
});

test('the page shows a few of each cause, and all of one on demand, without scripts', async () => {
  const base = `/connections/${connectionId}/permissions/hidden`;
  const { text } = await admin.get(base);
  expect(text).toContain('63 records nobody is shown');
  expect(text).toContain('Places that carry nothing: 60');
  expect(text).toContain('Not read yet: 3');
  expect(text).toContain(`href="${base}?cause=place"`);
  expect(text).toContain('Show all 60');
  const whole = await admin.get(`${base}?cause=place`);
  const next = /href="([^"]+)"[^>]*>\s*Show more/.exec(whole.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
  expect(next).toContain('cursor=');
  const rest = await admin.get(next);
  expect(rest.status).toBe(200);
  expect(rest.text).not.toContain('Show more');
});
