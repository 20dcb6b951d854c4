import { afterAll, beforeAll, expect, test } from '@jest/globals';
import request from 'supertest';
import { updateConnection } from '../../store/connections.ts';
import { createSampleSite } from '../../test/sample-site.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';

let server: TestServer;
let site: Awaited<ReturnType<typeof createSampleSite>>;
let admin: string;
let member: string;
const ids: Record<string, string> = {};

const note = (words: string) =>
  `<ac:structured-macro ac:name="note"><ac:rich-text-body><p>${words}</p></ac:rich-text-body></ac:structured-macro>`;
const status =
  '<ac:structured-macro ac:schema-version="1" ac:name="Status"><ac:parameter ac:name="title">OK</ac:parameter></ac:structured-macro>';
const by = (account: string) => `<ac:link><ri:user ri:account-id="${account}"/></ac:link>`;

beforeAll(async () => {
  server = await createTestServer();
  const { db } = server.database;
  site = await createSampleSite(db);
  const ada = await site.person('ada', ['everyone']);
  const ben = await site.person('ben', ['everyone']);
  await db.updateTable('users').set({ role: 'administrator' }).where('id', '=', ada.userId).execute();
  const actor = { name: '', via: 'session' as const };
  admin = await server.key({ ...actor, ...ada, role: 'administrator' });
  member = await server.key({ ...actor, ...ben, role: 'member' }, ['search']);
  await site.layer('secret', ['user:ben']);
  ids['page'] = await site.record('101', { title: 'Runbook', author: 'ada', labels: ['ops'] });
  ids['secret'] = await site.record('102', { title: 'Secret', layers: ['product', 'secret'] });
  ids['unsettled'] = await site.record('103', { title: 'Unsettled', layers: null });
  ids['file'] = await site.record('att104', { title: 'a.pdf', kind: 'attachment', container: '101' });
  ids['remark'] = await site.record('105', { kind: 'comment', container: '101' });
  ids['empty'] = await site.record('107', { title: 'Empty' });
  await db.updateTable('record_bodies').set({ raw: '' }).where('record_id', '=', ids['empty']).execute();
  const other = await createSampleSite(db, 'Other');
  await other.member('ada', 'everyone');
  ids['elsewhere'] = await other.record('201', { title: 'Elsewhere' });
  const raw = `<p>about ${by('ben')}</p>${note('remark')}${note('again')}<p>${status}</p>`;
  for (const id of [ids['page'], ids['secret'], ids['remark']]) {
    await db.updateTable('record_bodies').set({ raw }).where('record_id', '=', id!).execute();
  }
});
afterAll(() => server.close());

const call = (method: 'get' | 'post', path: string, key = admin) => {
  const address = `/api/v1/connections/${site.connectionId}/content/${path}`;
  const app = request(server.app);
  return (method === 'get' ? app.get(address) : app.post(address)).set('authorization', `Bearer ${key}`);
};
const preview = (recordId: string, content: object = {}) =>
  call('post', 'preview').send({ recordId, content });

test('a page is shown by the present rules and by others, and nothing is stored', async () => {
  const { db } = server.database;
  const stored = () =>
    Promise.all([
      db.selectFrom('record_bodies').selectAll().orderBy('record_id').execute(),
      db.selectFrom('connections').selectAll().orderBy('id').execute(),
      db.selectFrom('audit_log').selectAll().execute(),
    ]);
  const before = await stored();
  const { body, headers } = await preview(ids['page']!, {
    macros: { byName: { note: 'drop' } },
    fields: { tags: { from: 'labels' } },
  }).expect(200);
  expect(body).toEqual({
    record: { id: ids['page'], title: 'Runbook', url: 'https://company.atlassian.net/wiki/101' },
    before: {
      markdown: 'about @Ben Müller\n\n> **Note**\n>\n> remark\n\n> **Note**\n>\n> again\n\n**OK**',
      text: 'about @Ben Müller\nremark\nagain\nOK',
      fields: {},
    },
    after: {
      markdown: 'about @Ben Müller\n\n**OK**',
      text: 'about @Ben Müller\nOK',
      fields: { tags: ['ops'] },
    },
    changes: expect.arrayContaining([{ kind: 'removed', text: expect.stringContaining('remark') }]),
    cut: false,
  });
  expect(headers['cache-control']).toBe('private, no-store');
  expect(await stored()).toEqual(before);
});

test('the side before is by the rules that the connection has', async () => {
  const { db } = server.database;
  const settings = JSON.stringify({ content: { macros: { default: 'drop' } } });
  await updateConnection(db, site.connectionId, { settings });
  const { body } = await preview(ids['remark']!).expect(200);
  expect(body.before.text).toBe('about @Ben Müller');
  expect(body.after.text).toBe('about @Ben Müller\nremark\nagain\nOK');
  expect(body.record.title).toBe('Comment on Runbook');
  await updateConnection(db, site.connectionId, { settings: '{}' });
});

test('of a long page only the beginning is shown, and that is told', async () => {
  const { db } = server.database;
  const id = await site.record('106', { title: 'Long' });
  await db
    .updateTable('record_bodies')
    .set({ raw: `<p>${'word '.repeat(300_000)}</p><p>last</p>` })
    .where('record_id', '=', id)
    .execute();
  const { body } = await preview(id, { tables: 'text' }).expect(200);
  expect(body.cut).toBe(true);
  expect(body.before.text.length).toBeLessThanOrEqual(1_000_000);
  expect(body.changes).toEqual([{ kind: 'same', text: expect.stringMatching(/^word word /) }]);
  await db.deleteFrom('records').where('id', '=', id).execute();
});

test('what the administrator may not see answers exactly as what is not there', async () => {
  for (const id of [
    ids['secret']!,
    ids['unsettled']!,
    ids['elsewhere']!,
    '999999999',
    '0',
    'abc',
    "1' or 1=1",
  ]) {
    const { status, body } = await preview(id);
    expect([id, status, body]).toEqual([
      id,
      404,
      { error: { code: 'not_found', message: 'This record was not found.' } },
    ]);
  }
});

test('what has no body is refused in words, and rules that are none by their field', async () => {
  const file = await preview(ids['file']!).expect(422);
  expect(file.body.error.details.fields.recordId).toMatch(/no body/);
  const empty = await preview(ids['empty']!).expect(422);
  expect(empty.body.error.details.fields.recordId).toMatch(/left out by a filter/);
  const rules = await preview(ids['page']!, { tables: 'pdf' }).expect(422);
  expect(Object.keys(rules.body.error.details.fields)).toEqual(['content.tables']);
});

test('a member previews nothing and learns of no macro', async () => {
  await call('post', 'preview', member).send({ recordId: ids['page'], content: {} }).expect(403);
  const { text } = await call('get', 'macros', member).expect(403);
  expect(text).not.toContain('note');
});

test('macros are counted by bodies, most used first', async () => {
  const { body } = await call('get', 'macros').expect(200);
  expect(body).toEqual({
    sampled: 5,
    macros: [
      { name: 'note', bodies: 3 },
      { name: 'status', bodies: 3 },
    ],
  });
});

test('of a connection that holds nothing there are none', async () => {
  const { db } = server.database;
  const { id } = await db
    .insertInto('connections')
    .values({
      name: 'Empty',
      product: 'confluence',
      deployment: 'cloud',
      site_url: 'https://e.atlassian.net',
      auth_method: 'api_token',
      settings: '{}',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const { body } = await request(server.app)
    .get(`/api/v1/connections/${id}/content/macros`)
    .set('authorization', `Bearer ${admin}`)
    .expect(200);
  expect(body).toEqual({ sampled: 0, macros: [] });
});
