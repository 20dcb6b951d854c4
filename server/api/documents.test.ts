import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import request from 'supertest';
import { createDocumentChecker, escaped } from '../../test/api/document.ts';
import { noteCalls } from '../../test/api/watch-answers.ts';
import { routesOf } from '../../test/routes.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';
import { operationIdOf } from './describe-endpoint.ts';
import { operationsOf, type OpenApiDocument } from './openapi.ts';

let server: TestServer;
let document: OpenApiDocument;

beforeAll(async () => {
  server = await createTestServer();
  document = (await request(server.app).get('/api/openapi.json').expect(200)).body as OpenApiDocument;
  const calls = operationsOf(document).filter(({ path }) => path.startsWith('/api/v1/'));
  noteCalls(
    'described',
    calls.map(({ operation }) => operation.operationId),
  );
});
afterAll(() => server.close());

test('the document is valid OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate({ ...structuredClone(document) });
  expect([valid, errors]).toEqual([true, undefined]);
  expect(document.openapi).toBe('3.1.0');
});

test('every route of the API is described, and nothing else', () => {
  const filled = (path: string) => path.replaceAll(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000');
  const described = operationsOf(document).map(
    ({ method, path }) => `${method.toUpperCase()} ${filled(path)}`,
  );
  const routes = routesOf(server.app).map(({ method, path }) => `${method} ${path}`);
  expect(routes.filter((route) => route.includes(' /api/v1/')).toSorted()).toEqual(
    described.filter((route) => route.includes(' /api/v1/')).toSorted(),
  );
  expect(described.filter((route) => !routes.includes(route))).toEqual([]);
  expect(described.length).toBeGreaterThan(60);
});

test('each call has an id of its own, a summary, a part that it belongs to, and an example of what it takes and gives', () => {
  const calls = operationsOf(document);
  const ids = calls.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  const bare = calls.filter(({ operation }) => {
    const { requestBody, responses, parameters = [], summary = '', tags = [] } = operation;
    const media = [
      ...Object.values(requestBody?.content ?? {}),
      ...Object.values(responses).flatMap(({ content }) => content?.['application/json'] ?? []),
    ];
    const examples = [...parameters, ...media].every(({ example }) => example !== undefined);
    return summary === '' || tags.length !== 1 || !examples;
  });
  expect(bare.map(({ path, method }) => `${method} ${path}`)).toEqual([]);
  expect(
    calls.filter(({ operation, path }) => path.startsWith('/api/') && operation.security === undefined),
  ).toEqual([]);
});

test('each example is what its schema says, no field more', () => {
  const checker = createDocumentChecker(document);
  const wrong: string[] = [];
  let checked = 0;
  for (const { method, path, operation } of operationsOf(document)) {
    const at = ['', 'paths', path, method];
    const hold = (rest: (string | number)[], example: unknown) => {
      checked += 1;
      const pointer = [...at, ...rest, 'schema'].map(escaped).join('/');
      wrong.push(
        ...checker.faultsOf(pointer, example).map((fault) => `${method} ${path} ${rest.join(' ')}: ${fault}`),
      );
    };
    for (const [index, { example }] of (operation.parameters ?? []).entries())
      hold(['parameters', index], example);
    for (const [type, { example }] of Object.entries(operation.requestBody?.content ?? {}))
      hold(['requestBody', 'content', type], example);
    for (const [status, { content = {} }] of Object.entries(operation.responses)) {
      for (const [type, { example }] of Object.entries(content))
        if (type === 'application/json') hold(['responses', status, 'content', type], example);
    }
  }
  // A schema of which no example can be made says one itself: `.meta({ examples: ['…'] })`.
  expect(wrong).toEqual([]);
  expect(checked).toBeGreaterThan(200);
});

test('a component is never null itself: where it may be absent, the place says so', () => {
  const nullable = Object.entries(document.components.schemas).filter(([, { type }]) =>
    [type].flat().includes('null'),
  );
  expect(nullable.map(([name]) => name)).toEqual([]);
  expect(document.components.schemas['Connection']?.properties?.['currentRun']).toEqual({
    anyOf: [{ $ref: '#/components/schemas/Sync' }, { type: 'null' }],
  });
});

test('ids of calls are made of method and path, with the singular before an id', () => {
  expect(operationIdOf('get', '/connections/{id}/audit-records.csv')).toBe('getConnectionAuditRecordsCsv');
  expect(operationIdOf('delete', '/users/{id}/accounts/{accountId}')).toBe('deleteUserAccount');
  expect(operationIdOf('get', '/records/{id}/access')).toBe('getRecordAccess');
});

test('an answer that is not described is told: its address, status, content type, or field', () => {
  const checker = createDocumentChecker(document);
  const json = { method: 'get', status: 200, contentType: 'application/json' };
  const list = { items: [], nextCursor: null };
  const faults = (answer: object) =>
    checker.check({ ...json, path: '/api/v1/connections', body: list, ...answer })?.faults ?? 'no call';
  expect(faults({})).toEqual([]);
  expect(faults({ path: '/api/v1/nothing' })).toBe('no call');
  expect(faults({ status: 418 })).toEqual(['GET /api/v1/connections 418: the status is not described']);
  expect(faults({ contentType: 'text/html' })).toHaveLength(1);
  expect(faults({ body: { ...list, more: 1 } })).toEqual([expect.stringMatching(/more$/)]);
  expect(faults({ body: { items: [] } })).toEqual([expect.stringMatching(/nextCursor/)]);
  expect(faults({ body: { ...list, items: [{}] } })).not.toEqual([]);
  const user = document.components.schemas['User']?.properties ?? {};
  expect(Object.keys(user)).toContain('email');
  const me = { path: '/api/v1/users/me', body: { nothing: true } };
  expect(checker.check({ ...json, ...me })?.operationId).toBe('getUsersMe');
});

test('the page for people shows every call', async () => {
  const { text } = await request(server.app).get('/api/docs').expect(200);
  const missing = operationsOf(document).filter(
    ({ operation, path }) => !text.includes(`id="${operation.operationId}"`) || !text.includes(path),
  );
  expect(missing.map(({ path }) => path)).toEqual([]);
});
