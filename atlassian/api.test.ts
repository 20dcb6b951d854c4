import { afterEach, expect, test } from '@jest/globals';
import { closeServers, ok, setUp, status, type Answer } from './api.fixture.ts';
import type { Credential } from './credential.ts';
import { everythingOf } from './server.fixture.ts';

afterEach(closeServers);

test('a call bills a point for the request and what the answer holds', async () => {
  const { call, budget, server } = await setUp([ok]);
  expect((await call()).value.results).toHaveLength(2);
  expect(budget.takeSpent()).toEqual({ requests: 1, points: 3 });
  expect(budget.takeSpent()).toEqual({ requests: 0, points: 0 });
  expect(server.seen[0]?.url).toBe('/wiki/api/v2/things?limit=250&cursor=canary-cursor&id=1&id=2');
});

test.each([500, 502, 503, 504])('%i is tried four times with growing waits, then told', async (code) => {
  const { call, waits, server, budget } = await setUp([status(code, {}, { 'atl-traceid': 'trace-7' })]);
  await expect(call()).rejects.toMatchObject({
    code: 'server_error',
    retryable: true,
    evidence: { method: 'GET', path: '/wiki/api/v2/things', status: code, traceId: 'trace-7' },
  });
  expect(server.seen).toHaveLength(4);
  expect(waits).toEqual([2_000, 4_000, 8_000]);
  expect(budget.takeSpent()).toEqual({ requests: 4, points: 4 });
});

test('a broken answer is asked for again', async () => {
  const broken: Answer = (response) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end('{"resu');
  const dropped: Answer = (response) => void response.destroy();
  const { call, server, budget } = await setUp([broken, dropped, ok]);
  await call();
  expect(server.seen).toHaveLength(3);
  expect(budget.takeSpent()).toEqual({ requests: 3, points: 1 + 1 + 3 });
});

test('a short limit is waited out, and everybody is told of it', async () => {
  const { call, waits, blocks } = await setUp([status(429, {}, { 'retry-after': '3' }), ok]);
  await call();
  expect(waits).toHaveLength(1);
  expect(waits[0]).toBeGreaterThan(2_000);
  expect(waits[0]).toBeLessThanOrEqual(3_000);
  expect(blocks).toHaveLength(1);
});

test('a long limit is not slept but thrown with its time', async () => {
  const { call, waits, blocks, server } = await setUp([
    status(429, {}, { 'retry-after': '600', 'ratelimit-reason': 'confluence-quota-global-based' }),
  ]);
  const before = Date.now();
  const error = await call().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: 'rate_limited',
    quota: true,
    reason: 'confluence-quota-global-based',
    retryable: true,
  });
  const wait = (error as { retryAt: Date }).retryAt.getTime() - before;
  expect(wait).toBeGreaterThanOrEqual(600_000);
  expect(wait).toBeLessThan(660_000);
  expect(waits).toEqual([]);
  expect(blocks[0]).toMatchObject({ reason: 'confluence-quota-global-based' });
  expect(server.seen).toHaveLength(1);
});

test('an absurd limit is cut to an hour and a minute, and the error says so', async () => {
  const { call } = await setUp([status(429, {}, { 'retry-after': '99999' })]);
  await expect(call()).rejects.toThrow(/cut to 61 minutes/);
});

test('"retry now" is obeyed once, and does not become a hot loop', async () => {
  const { call, waits, server } = await setUp([status(429, {}, { 'retry-after': '0' })]);
  await expect(call()).rejects.toMatchObject({ code: 'rate_limited' });
  expect(server.seen).toHaveLength(4 - 1);
  expect(waits[0]).toBe(0);
  expect(waits[1]).toBeGreaterThan(3_000);
});

test('a limit without a time is backed off from; 503 with Retry-After is a limit too', async () => {
  const { call, waits } = await setUp([status(429), status(503, {}, { 'retry-after': '1' }), ok]);
  await call();
  expect(waits[0]).toBeGreaterThan(1_900);
  expect(waits[1]).toBeLessThanOrEqual(1_000);
});

test.each([
  ['a login page', 200, 'text/html', '<html>Log in', 'unexpected_content'],
  ['nothing', 200, 'application/json', '', 'unexpected_content'],
  ['a redirect', 302, 'text/html', '', 'unexpected_content'],
  [
    'a missing scope',
    401,
    'application/json',
    '{"code":401,"message":"Unauthorized; scope does not match"}',
    'scope_mismatch',
  ],
  ['a bad token', 401, 'application/json', '{"code":401,"message":"Unauthorized"}', 'unauthorized'],
  ['a refusal', 403, 'application/json', '{"errors":[{"status":403,"title":"No"}]}', 'forbidden'],
  ['nothing there', 404, 'application/json', '{"errors":[{"title":"Not Found"}]}', 'not_found'],
  [
    'a removed endpoint',
    410,
    'application/json',
    '{"message":"This deprecated endpoint has been removed."}',
    'gone',
  ],
  ['a stale cursor', 400, 'application/json', '{"errors":[{"title":"Invalid cursor"}]}', 'cursor_invalid'],
  ['a bad request', 400, 'application/json', '{"message":"Could not parse cql"}', 'bad_request'],
])('%s is told at once as %4$s', async (_name, code, type, body, expected) => {
  const { call, server } = await setUp([
    (response) => void response.writeHead(code, { 'content-type': type }).end(body),
  ]);
  await expect(call()).rejects.toMatchObject({ code: expected, evidence: { status: code } });
  expect(server.seen).toHaveLength(1);
});

test('a field that is missing is named by the path of the request and its place in the document', async () => {
  const { call } = await setUp([status(200, { results: [{ id: '1' }, { name: 'no id' }] })]);
  await expect(call()).rejects.toMatchObject({
    code: 'invalid_answer',
    documentPath: 'results[1].id',
    message: expect.stringMatching(/results\[1\]\.id.*GET \/wiki\/api\/v2\/things/s),
  });
});

test('an expired token is renewed once for the call; a missing scope never renews', async () => {
  const renewals: string[] = [];
  let current = 'Bearer one';
  const credential: Credential = {
    siteUrl: 'https://acme.atlassian.net',
    baseUrl: async () => 'https://acme.atlassian.net',
    authorization: async () => current,
    renew: async (stale) => {
      renewals.push(stale);
      current = 'Bearer two';
      return true;
    },
  };
  const first = await setUp([status(401, { message: 'Unauthorized' }), ok], { credential });
  await first.call();
  expect(renewals).toEqual(['Bearer one']);
  expect(first.server.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer one', 'Bearer two']);

  const second = await setUp([status(401, { message: 'Unauthorized' })], { credential });
  await expect(second.call()).rejects.toMatchObject({ code: 'unauthorized' });
  expect(second.server.seen).toHaveLength(2);

  renewals.length = 0;
  const third = await setUp([status(401, { message: 'Unauthorized; scope does not match' })], { credential });
  await expect(third.call()).rejects.toMatchObject({ code: 'scope_mismatch' });
  expect(renewals).toEqual([]);
});

test('no error and no log line holds the credential or the query, even where the answer echoes them', async () => {
  const pair = Buffer.from('ada@acme.example:canary-api-token').toString('base64');
  const echo = { message: `You sent ${pair}, that is canary-api-token` };
  for (const code of [200, 301, 400, 401, 403, 404, 410, 429, 500]) {
    const { call, server } = await setUp([status(code, echo)]);
    const error = await call().catch((thrown: unknown) => thrown);
    for (const text of [everythingOf(error), server.logged()]) {
      expect(text).not.toContain('canary');
      expect(text).not.toContain(pair);
      expect(text).toContain('/wiki/api/v2/things');
    }
  }
});

test('an aborted wait ends with the reason', async () => {
  const controller = new AbortController();
  const { call } = await setUp([status(500)], {
    signal: controller.signal,
    pause: async () => controller.abort(new Error('the run was cancelled')),
  });
  await expect(call()).rejects.toThrow('the run was cancelled');
});
