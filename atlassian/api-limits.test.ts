import { afterEach, expect, test } from '@jest/globals';
import { createLogger } from '../log.ts';
import { closeServers, ok, setUp, status, type Answer } from './api.fixture.ts';
import { unlimitedBudget } from './budget.ts';
import { createGate } from './gate.ts';
import { createAtlassianHttp } from './http.ts';

afterEach(closeServers);

test('however an exchange ends, its place among those under way is free again', async () => {
  const endings: Answer[] = [
    ok,
    status(429, {}, { 'retry-after': '600' }),
    status(500),
    status(404),
    (response) => void response.destroy(),
    (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"resu'),
    // A byte now and then.
    (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    },
    () => {},
  ];
  for (const ending of endings) {
    const gate = createGate({ most: 2 });
    const { call, server } = await setUp([ending], { gate });
    const timely = createAtlassianHttp({
      gatewayUrl: server.url,
      allowedPrivateHosts: [],
      log: createLogger('silent'),
      env: {},
      timeouts: { headersMs: 150, bodyMs: 150, totalMs: 150 },
    });
    const { call: timed } = await setUp([ending], { gate, http: timely });
    const hangs = ending === endings[7] || ending === endings[8];
    await Promise.allSettled([...(hangs ? [] : [call()]), timed(), timed()]);
    expect(gate.underWay).toBe(0);
    await timely.close();
  }
});

test('what comes up while a request waits for its place keeps it from being sent', async () => {
  const gate = createGate({ most: 1 });
  const blocked: string[] = [];
  let isBlocked = false;
  const budget = {
    ...unlimitedBudget(),
    isBlocked: () => isBlocked,
    admit: async () => {
      if (isBlocked) throw new Error('blocked');
    },
    blockUntil: async (_date: Date, _reason: string, of?: { scope: string; endpoint: string }) => {
      isBlocked = true;
      blocked.push(`${of?.scope} ${of?.endpoint}`);
    },
  };
  const limit = status(429, {}, { 'retry-after': '600', 'ratelimit-reason': 'confluence-burst-based' });
  const { call, server } = await setUp([limit, ok], { gate, budget });
  const outcomes = await Promise.allSettled([call(), call('/wiki/api/v2/things'), call()]);
  expect(outcomes.map((each) => each.status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(server.seen).toHaveLength(1);
  expect(blocked).toEqual(['endpoint GET /wiki/api/v2/things']);
});

test('a site in trouble is told to the budget by endpoint, and that it answers again', async () => {
  const told: [string, string | null][] = [];
  const outcome = async (endpoint: string, failure: string | null) => void told.push([endpoint, failure]);
  const { call } = await setUp([status(500), (response) => void response.destroy(), status(404)], {
    budget: { ...unlimitedBudget(), outcome },
  });
  await expect(call('/wiki/api/v2/spaces/98/permissions')).rejects.toMatchObject({ code: 'not_found' });
  const endpoint = 'GET /wiki/api/v2/spaces/{id}/permissions';
  expect(told).toEqual([
    [endpoint, 'server_error'],
    [endpoint, 'network'],
    [endpoint, null],
  ]);
});
