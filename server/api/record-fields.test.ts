import { afterAll, beforeAll, expect, test } from '@jest/globals';
import express from 'express';
import { pino } from 'pino';
import request from 'supertest';
import { updateConnection } from '../../store/connections.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { createSampleSite } from '../../test/sample-site.ts';
import { errorHandler } from '../errors.ts';
import { setAuthentication } from '../viewer.ts';
import { recordsRouter } from './records.ts';
import { searchRouter } from './search.ts';

let database: TestDatabase;
let connectionId: string;
let anna: { userId: string; email: string };
const ids: Record<string, string> = {};

beforeAll(async () => {
  database = await createTestDatabase();
  const site = await createSampleSite(database.db);
  connectionId = site.connectionId;
  anna = await site.person('anna', ['everyone']);
  ids['page'] = await site.record('page', { title: 'Restore', text: 'zebra', author: 'anna', labels: ['x'] });
  ids['remark'] = await site.record('remark', {
    kind: 'comment',
    title: 'Re: Restore',
    container: 'page',
    text: 'zebra',
  });
});
afterAll(() => database.close());

function asAnna() {
  const actor = { ...anna, name: '', role: 'member' as const, via: 'api_key' as const };
  const app = express();
  app.use((req, _res, next) => {
    setAuthentication(req, {
      actor,
      keyScopes: null,
      viewer: { ...anna, name: '', actor, searchingAs: false },
    });
    next();
  });
  app.use('/api/v1', searchRouter({ db: database.db }), recordsRouter({ db: database.db }));
  app.use(errorHandler({ log: pino({ level: 'silent' }) }));
  return request(app);
}

const map = (content: object) =>
  updateConnection(database.db, connectionId, { settings: JSON.stringify({ content }) });

test('records, lists of them and hits have the fields that the connection maps, from that moment on', async () => {
  await map({
    fields: {
      heading: { from: 'title' },
      owner: { from: 'creator' },
      tags: { from: 'labels', default: 'none' },
      since: { from: 'created', default: 'long ago' },
      state: { from: 'status' },
    },
  });
  const ofPage = {
    heading: 'Restore',
    owner: 'Anna Müller',
    tags: ['x'],
    since: 'long ago',
    state: 'current',
  };
  const ofRemark = {
    heading: 'Comment on Restore',
    owner: null,
    tags: 'none',
    since: 'long ago',
    state: 'current',
  };
  const page = await asAnna().get(`/api/v1/records/${ids['page']}`).expect(200);
  expect(page.body.fields).toEqual(ofPage);
  const list = await asAnna().get('/api/v1/records').expect(200);
  expect(list.body.items.map((item: { fields: unknown }) => item.fields)).toEqual([ofRemark, ofPage]);
  const found = await asAnna().get('/api/v1/search?q=zebra').expect(200);
  expect(
    Object.fromEntries(
      found.body.items.map((item: { id: string; fields: unknown }) => [item.id, item.fields]),
    ),
  ).toEqual({ [ids['page']!]: ofPage, [ids['remark']!]: ofRemark });
  await map({ fields: { name: { from: 'title' } } });
  const after = await asAnna().get(`/api/v1/records/${ids['page']}`).expect(200);
  expect(after.body.fields).toEqual({ name: 'Restore' });
});

test.each([[{}], [{ fields: null }], [{ fields: ['title'] }], [{ fields: 'title' }]])(
  'content rules that hold %j give no fields, and no error',
  async (content) => {
    await map(content);
    const { body } = await asAnna().get(`/api/v1/records/${ids['page']}`).expect(200);
    expect(body.fields).toEqual({});
  },
);
