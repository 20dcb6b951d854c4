import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import express from 'express';
import { pino } from 'pino';
import request from 'supertest';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import type { Actor, ApiKeyScope } from '../actor.ts';
import { errorHandler } from '../errors.ts';
import { setAuthentication } from '../viewer.ts';
import { createHiddenItems, unseen, wiki } from './explain.fixture.ts';
import { createExplainApi } from './explain.ts';

interface Who {
  userId: string;
  email: string;
}
const publicUrl = 'https://sluice.acme.example';
let database: TestDatabase;
let connectionId: string;
let admin: Who;
let anna: Who;
let ids: Record<string, string>;
/** The statements of the call that is made. */
let statements: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  ({ connectionId, admin, anna, ids } = await createHiddenItems(database.db));
});
afterAll(() => database.close());
beforeEach(() => {
  statements = [];
});

/** The router as the server mounts it, called by `caller`, through the eyes of `viewer` where given. */
function as(caller: Who, options: { viewer?: Who; keyScopes?: ApiKeyScope[] } = {}) {
  const role = caller === admin ? ('administrator' as const) : ('member' as const);
  const actor: Actor = { ...caller, name: '', role, via: 'api_key' };
  const viewer = {
    ...(options.viewer ?? caller),
    name: '',
    actor,
    searchingAs: options.viewer !== undefined,
  };
  const app = express();
  app.set('etag', false);
  app.use((req, _res, next) => {
    setAuthentication(req, { actor, keyScopes: options.keyScopes ?? null, viewer });
    next();
  });
  const db = database.db.withPlugin({
    transformQuery: ({ node }) => {
      // Without the values that are bound.
      const text = JSON.stringify(node, (key, value: unknown) => (key === 'value' ? '' : value));
      statements.push(createHash('sha256').update(text).digest('hex'));
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  app.use('/api/v1', createExplainApi({ db, openapi: new OpenAPIRegistry(), publicUrl }));
  app.use(errorHandler({ log: pino({ level: 'silent' }) }));
  const agent = request(app);
  return (item: string, query: Record<string, string> = {}) =>
    agent.get('/api/v1/explain').query({ item, ...query });
}

test('to a member, what is hidden and what is not there are the same answer, by the same statements', async () => {
  const ask = as(anna);
  const answers = [];
  for (const [what, address] of Object.entries(unseen)) {
    statements = [];
    const { status, text, headers } = await ask(address);
    const { date: _date, ...rest } = headers as Record<string, string>;
    answers.push({ what, status, text, rest, statements });
  }
  const [first] = answers;
  expect(first).toMatchObject({ status: 200 });
  expect(first?.statements.length).toBeGreaterThan(3);
  for (const { what, ...answer } of answers) expect({ what, ...answer }).toEqual({ ...first, what });
  const body = JSON.parse(first?.text ?? '') as Record<string, unknown>;
  expect(body).toMatchObject({
    visible: false,
    items: [],
    absence: [],
    asked: 'url',
    user: { email: anna.email },
  });
  expect(body['sites']).toMatchObject([
    {
      accounts: [{ accountId: 'anna', source: 'grant' }],
      promisedSeconds: 1100,
      reason: 'The account is proven.',
    },
  ]);
  expect(body['sites']).toHaveLength(1);
  expect((body['remedies'] as string[]).join(' ')).toContain('within 19 minutes');
});

test('the same holds for ids, for records, for titles and within a connection', async () => {
  const ask = as(anna);
  const same = async (items: string[], query: Record<string, string> = {}) => {
    const texts = await Promise.all(items.map(async (item) => (await ask(item, query).expect(200)).text));
    expect(new Set(texts).size).toBe(1);
  };
  await same(['102', '999', 'att108', 'att999', ids['102'] ?? '', '777']);
  await same([`${publicUrl}/records/${ids['102']}`, `${publicUrl}/records/777`, `${wiki}/home`]);
  await same(['Pay of 2026', 'Never read', 'Rota', 'No such title', '???', '% _']);
  await same(Object.values(unseen), { connection: connectionId });
  await same(Object.values(unseen), { connection: '00000000-0000-4000-8000-000000000000' });
});

test('to a member, what may be seen is explained, and of a title only what may be seen is listed', async () => {
  const ask = as(anna);
  const { body } = await ask('salary BANDS').expect(200);
  expect(body).toMatchObject({
    visible: true,
    asked: 'title',
    more: false,
    possibleReasons: [],
    items: [
      {
        record: { externalId: '112', title: 'Salary bands', url: `${wiki}/112` },
        visible: true,
        obstacles: [],
        layers: [
          {
            kind: 'product',
            admitted: true,
            admissions: [{ path: 'through the group everyone' }],
            admits: null,
          },
          { kind: 'space', admitted: true, admits: null },
          { kind: 'content', admitted: true, admissions: [{ path: 'by name' }], admits: null },
        ],
      },
    ],
  });
  expect(body.items).toHaveLength(1);
  expect(JSON.stringify(body)).not.toMatch(/102|cleo|leadership/);
  const found = async (item: string) =>
    (await ask(item).expect(200)).body.items.map(
      (one: { record: { externalId: string } }) => one.record.externalId,
    );
  expect(await found(`${wiki}/pages/viewpage.action?pageId=112`)).toEqual(['112']);
  expect(await found(`${wiki}/display/TEAM/Handbook`)).toEqual(['101']);
  expect(await found(`${publicUrl}/records/${ids['101']}`)).toEqual(['101']);
  expect(await found('handb')).toEqual([]);
  expect(await found('Handbook')).toEqual(['101']);
});

test('a member asks about nobody else; bad questions name their field', async () => {
  const refused = await as(anna)('101', { user: admin.email }).expect(403);
  expect(refused.body.error.code).toBe('administrators_only');
  await as(anna)('101', { user: anna.email.toUpperCase() }).expect(200);
  for (const [field, item, query] of [
    ['item', ' ', {}],
    ['item', 'x'.repeat(2_001), {}],
    ['user', '101', { user: 'nobody' }],
    ['user', '101', { user: 'nobody@example.com' }],
    ['connection', '101', { connection: 'x' }],
    ['usr', '101', { usr: 'x' }],
  ] as [string, string, Record<string, string>][]) {
    const { status, body } = await as(admin)(item, query);
    expect([status, Object.keys(body.error.details.fields)]).toEqual([422, [field]]);
  }
});

test('an administrator is told the layer that refuses, whom it admits, and what is in the way', async () => {
  const ask = as(admin);
  const about = async (item: string) => (await ask(item, { user: anna.email }).expect(200)).body;
  const codes = (body: { items: { obstacles: { code: string }[] }[] }) =>
    body.items.flatMap((item) => item.obstacles.map(({ code }) => code));
  const restricted = await about(unseen['is restricted'] ?? '');
  expect(restricted).toMatchObject({
    visible: false,
    reason: 'The view restriction of “Salary bands” does not admit this person.',
    items: [
      {
        accountId: 'anna',
        match: { code: 'matched' },
        promisedSeconds: 1100,
        placesReadAt: expect.stringMatching(/Z$/),
        layers: [
          { kind: 'product', admitted: true },
          { kind: 'space', name: 'TEAM space', admitted: true },
          {
            kind: 'content',
            name: 'Salary bands',
            admitted: false,
            admits: {
              principals: [
                { principal: 'group:leadership', name: null, known: false },
                { principal: 'user:cleo', known: true },
              ],
              more: 0,
            },
          },
        ],
      },
    ],
  });
  expect((await about(unseen['is a comment of a hidden page'] ?? '')).items[0].record.title).toBe(
    'Comment on Salary bands',
  );
  expect((await about(unseen['is an attachment of one'] ?? '')).items[0].layers[2].admitted).toBe(false);
  expect((await about(unseen['has an unknown restriction'] ?? '')).items[0].layers[2]).toMatchObject({
    state: 'unknown',
    reason: '403 from the restrictions of this page',
    admits: null,
  });
  expect(codes(await about(unseen['is pending'] ?? ''))).toEqual(['pending']);
  expect(codes(await about(unseen['has failed'] ?? ''))).toEqual(['failed']);
  expect(codes(await about(unseen['is filtered'] ?? ''))).toEqual(['filtered']);
  expect(codes(await about(unseen['is held'] ?? ''))).toEqual(['held']);
  expect(codes(await about(unseen['is not settled'] ?? ''))).toEqual(['restrictions_unread']);
});

test('an administrator is told why something is not stored, and lists every match of a title', async () => {
  const ask = as(admin);
  const absence = async (item: string) =>
    (await ask(item).expect(200)).body.absence.map(({ code }: { code: string }) => code);
  expect(await absence(unseen['failed before it was stored'] ?? '')).toEqual(['failed', 'never_complete']);
  expect(await absence('Never read')).toEqual(['failed', 'never_complete', 'never_complete']);
  expect(await absence(unseen['does not exist'] ?? '')).toEqual(['never_complete']);
  expect(await absence(unseen['is in a space that is not there'] ?? '')).toEqual(['space_not_stored']);
  expect(await absence(unseen['is of another site'] ?? '')).toEqual(['no_connection']);
  expect(await absence(`${wiki}/home`)).toEqual(['not_content', 'never_complete']);
  const { body } = await ask('Salary bands', { user: anna.email }).expect(200);
  expect(body).toMatchObject({ visible: false, reason: '2 items match; the person may see 1 of them.' });
  expect(body.items.map((item: { visible: boolean }) => item.visible)).toEqual([true, false]);
  const similar = await ask('salary').expect(200);
  expect(similar.body.items).toHaveLength(2);
  expect((await ask('alary ban', {}).expect(200)).body.items).toEqual([]);
});

test("through somebody's eyes, or with a key that may only search, an administrator is told no more than they", async () => {
  const own = await as(anna)('102').expect(200);
  const through = await as(admin, { viewer: anna, keyScopes: ['search', 'impersonate', 'administer'] })(
    '102',
  ).expect(200);
  expect(through.text).toBe(own.text);
  const searchAs = await as(admin, { viewer: anna })('102').expect(200);
  expect(searchAs.text).toBe(own.text);
  await as(admin, { viewer: anna })('102', { user: admin.email }).expect(403);
  const searching = await as(admin, { keyScopes: ['search'] })('102').expect(200);
  expect(searching.body).toMatchObject({ items: [], absence: [], user: { email: admin.email } });
  expect(searching.body.possibleReasons.length).toBeGreaterThan(3);
});
