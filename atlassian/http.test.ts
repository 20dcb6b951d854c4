import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from '@jest/globals';
import type { AtlassianHttpOptions } from './http.ts';
import { everythingOf, sendJson, startServer, type TestServer } from './server.fixture.ts';

const open: TestServer[] = [];
const start = async (...given: Parameters<typeof startServer>) => {
  const server = await startServer(...given);
  open.push(server);
  return server;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});
const url = 'https://api.atlassian.com/ex/confluence/c1/wiki/api/v2/pages?limit=250&cursor=secret';
const short: Partial<AtlassianHttpOptions> = { timeouts: { headersMs: 300, bodyMs: 300, totalMs: 400 } };

test('with a gateway, path and query stay and the host is told', async () => {
  const server = await start((_request, response) =>
    sendJson(response, 200, { ok: true }, { 'atl-traceid': 't1', date: 'Thu, 26 Mar 2026 15:40:00 GMT' }),
  );
  const answer = await server.http.exchange({ url, headers: { authorization: 'Bearer abc' } });
  expect(answer).toMatchObject({ status: 200, kind: 'json', body: { ok: true } });
  expect(answer.serverTime).toEqual(new Date('2026-03-26T15:40:00Z'));
  expect(answer.evidence).toEqual({
    method: 'GET',
    path: '/ex/confluence/c1/wiki/api/v2/pages',
    status: 200,
    traceId: 't1',
  });
  expect(server.seen[0]).toMatchObject({
    url: '/ex/confluence/c1/wiki/api/v2/pages?limit=250&cursor=secret',
    headers: { 'x-forwarded-host': 'api.atlassian.com', authorization: 'Bearer abc' },
  });
});

test.each(['https://auth.atlassian.com/x', 'https://id.atlassian.com/x', 'https://acme.atlassian.net/x'])(
  'the gateway stands in for %s',
  async (address) => {
    const server = await start((_request, response) => sendJson(response, 200, {}));
    await server.http.exchange({ url: address });
    expect(server.seen[0]?.headers['x-forwarded-host']).toBe(new URL(address).host);
  },
);

test('a path of two slashes stays a path', async () => {
  const server = await start((_request, response) => sendJson(response, 200, {}));
  await server.http.exchange({ url: 'https://acme.atlassian.net//evil.example/x?y' });
  expect(server.seen[0]?.url).toBe('//evil.example/x?y');
  expect(server.http.browserUrl('https://acme.atlassian.net//evil.example/x')).toContain(server.url);
});

test('the gateway stands in for nobody else', async () => {
  const server = await start((_request, response) => sendJson(response, 200, {}));
  const foreign = server.http.exchange({ url: 'https://atlassian.net.evil.example/x' });
  await expect(foreign).rejects.toMatchObject({ code: 'refused_url' });
  expect(server.seen).toEqual([]);
});

test('a browser is sent to the gateway with the host in the query', async () => {
  const server = await start(() => {});
  expect(server.http.browserUrl('https://auth.atlassian.com/authorize?a=b')).toBe(
    `${server.url}/authorize?a=b&__host=auth.atlassian.com`,
  );
});

test('compressed answers are unpacked', async () => {
  const server = await start((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    response.end(gzipSync('{"packed":true}'));
  });
  expect((await server.http.exchange({ url })).body).toEqual({ packed: true });
});

test.each<[string, string, Parameters<typeof startServer>[0], Partial<AtlassianHttpOptions>]>([
  ['half a JSON', 'truncated', (_q, res) => void res.writeHead(200, json).end('{"results":[1,2'), {}],
  [
    'a longer length than the body',
    'truncated',
    (_q, res) => {
      res.writeHead(200, { ...json, 'content-length': '100' });
      res.write('{"results":[]}', () => res.destroy());
    },
    {},
  ],
  [
    'half a gzip',
    'truncated',
    (_q, res) => {
      const packed = gzipSync(JSON.stringify({ results: [1, 2, 3] }));
      res.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(packed.subarray(0, 20));
    },
    {},
  ],
  ['a dropped connection', 'network', (_q, res) => void res.destroy(), {}],
  ['no answer', 'timeout', () => {}, short],
  [
    'an answer that stops',
    'timeout',
    (_q, res) => void res.writeHead(200, json).write('{'),
    { timeouts: { headersMs: 5_000, bodyMs: 200, totalMs: 5_000 } },
  ],
  [
    'an answer that drips for ever',
    'timeout',
    (_q, res) => {
      res.writeHead(200, json);
      const drip = setInterval(() => res.write(' '), 20);
      res.on('close', () => clearInterval(drip));
    },
    short,
  ],
  [
    'an answer that is too long',
    'too_large',
    (_q, res) => void res.writeHead(200, json).end(JSON.stringify('x'.repeat(5_000))),
    { sizeCap: 1_000 },
  ],
  [
    'a small answer that unpacks to a huge one',
    'too_large',
    (_q, res) => {
      res
        .writeHead(200, { ...json, 'content-encoding': 'gzip' })
        .end(gzipSync(JSON.stringify('x'.repeat(100_000))));
    },
    { sizeCap: 10_000 },
  ],
])('%s is the typed error %s', async (_name, code, answer, options) => {
  const server = await start(answer, options);
  const headers = { authorization: 'Bearer canary-token' };
  const error = await server.http.exchange({ url, headers }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code,
    retryable: code !== 'too_large',
    evidence: { method: 'GET', path: '/ex/confluence/c1/wiki/api/v2/pages' },
  });
  for (const told of [everythingOf(error), server.logged()]) expect(told).not.toMatch(/canary|cursor=secret/);
});

test('aborting gives the reason of the signal', async () => {
  const server = await start(() => {});
  const controller = new AbortController();
  const pending = server.http.exchange({ url, signal: controller.signal });
  controller.abort(new Error('cancelled by the run'));
  await expect(pending).rejects.toThrow('cancelled by the run');
});

test('a redirect is not followed', async () => {
  const server = await start(
    (_request, response) => void response.writeHead(302, { location: '/elsewhere' }).end(),
  );
  expect((await server.http.exchange({ url })).status).toBe(302);
  expect(server.seen).toHaveLength(1);
});

const json = { 'content-type': 'application/json' };
