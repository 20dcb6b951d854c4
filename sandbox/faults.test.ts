import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { FaultRuleInput } from './faults.ts';
import { startSandbox } from './main.ts';
import type { RunningSandbox } from './main.ts';
import { createSmallWorld, SMALL } from './world/small.ts';

let sandbox: RunningSandbox;
beforeEach(async () => {
  sandbox = await startSandbox({ port: 0, world: createSmallWorld() });
});
afterEach(() => sandbox.close());

const headers = {
  authorization: `Basic ${Buffer.from('admin@acme.example:sandbox-classic-token').toString('base64')}`,
};
const get = (path = '/wiki/api/v2/pages'): Promise<Response> => fetch(`${sandbox.url}${path}`, { headers });
const spoil = (rule: FaultRuleInput): string => sandbox.context.faults.add(rule).id;

test('a rule begins after so many matching requests and ends after so many hits', async () => {
  spoil({
    match: { path: '/pages' },
    after: 1,
    times: 2,
    action: { kind: 'status', status: 503, headers: { 'retry-after': '7' }, body: { message: 'down' } },
  });
  const statuses: number[] = [];
  for (let i = 0; i < 5; i += 1) statuses.push((await get()).status);
  expect(statuses).toEqual([200, 503, 503, 200, 200]);
  expect(sandbox.context.faults.rules()[0]).toMatchObject({ matched: 5, hits: 2 });
});

test.each<[string, FaultRuleInput['match'], boolean]>([
  ['method', { method: 'post' }, false],
  ['host', { host: 'api' }, false],
  ['host', { host: 'site' }, true],
  ['account', { accountId: SMALL.mia }, false],
  ['account', { accountId: SMALL.admin }, true],
  ['path and query', { path: 'pages\\?limit=2$' }, true],
])('a rule matches by %s (%o)', async (_what, match, hit) => {
  spoil({ match, action: { kind: 'status', status: 500 } });
  expect((await get('/wiki/api/v2/pages?limit=2')).status === 500).toBe(hit);
});

test('a dropped connection gives no answer, and dropped after the work, the work is done', async () => {
  spoil({ times: 1, action: { kind: 'drop' } });
  await expect(get()).rejects.toThrow('fetch failed');
  const { clientId, clientSecret } = sandbox.context.store.oauthApp('sandbox-client')!;
  const { refresh_token } = sandbox.context.grants.issue({
    clientId,
    accountId: SMALL.mia,
    scopes: ['offline_access'],
    cloudIds: [],
  });
  const before = sandbox.context.grants.save().refreshTokens.length;
  spoil({ match: { path: '/oauth/token' }, times: 1, action: { kind: 'drop', when: 'after' } });
  const body = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: clientId,
    client_secret: clientSecret,
    refresh_token: refresh_token ?? '',
  });
  const refresh = () => fetch(`${sandbox.url}/oauth/token`, { method: 'POST', body });
  await expect(refresh()).rejects.toThrow('fetch failed');
  expect(sandbox.context.grants.save().refreshTokens).toHaveLength(before + 1);
  expect((await refresh()).status).toBe(200);
});

test('a body is truncated with a right length, cut, or shorter than promised', async () => {
  const whole = await (await get()).text();
  spoil({ times: 1, action: { kind: 'truncate' } });
  const half = await get();
  const text = await half.text();
  expect(text).toBe(whole.slice(0, text.length));
  expect(text.length).toBeLessThan(whole.length);
  expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
  spoil({ times: 1, action: { kind: 'cut' } });
  await expect(get().then((answer) => answer.text())).rejects.toThrow('terminated');
  spoil({ times: 1, action: { kind: 'wrong-length' } });
  await expect(get().then((answer) => answer.text())).rejects.toThrow('terminated');
});

test('a login page comes with 200 and HTML', async () => {
  spoil({ action: { kind: 'login-page' } });
  const answer = await get();
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
});

test('a slow body arrives whole in pieces, an endless one never ends', async () => {
  const whole = await (await get()).text();
  spoil({ times: 1, action: { kind: 'slow-body', bytesPerSecond: 20_000 } });
  expect(await (await get()).text()).toBe(whole);
  spoil({ times: 1, action: { kind: 'endless-body', bytesPerSecond: 1_000_000 } });
  const reader = (await get()).body!.getReader();
  let bytes = 0;
  while (bytes < whole.length + 200_000) bytes += (await reader.read()).value?.length ?? 0;
  await reader.cancel();
  expect(bytes).toBeGreaterThan(whole.length);
});

test.each([
  [7, '7'],
  [0, '0'],
  [99_999, '99999'],
  [null, null],
  ['http-date' as const, 'Thu, 26 Mar 2026 15:30:30 GMT'],
])('429 with Retry-After %s', async (retryAfter, header) => {
  sandbox.context.clock.set(new Date('2026-03-26T15:30:00.500Z'));
  spoil({ action: { kind: 'rate-limit', retryAfter } });
  const answer = await get();
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, header]);
});

test('a delay answers all the same', async () => {
  spoil({ action: { kind: 'delay', ms: 5, when: 'after' } });
  expect((await get()).status).toBe(200);
});

test('text in the body is rewritten, with the length told anew', async () => {
  spoil({ action: { kind: 'rewrite', pattern: 'Middle', replacement: 'Élsewhere' } });
  expect(await (await get()).text()).toContain('Élsewhere');
});

test('a barrier holds requests until it is released', async () => {
  const { barriers } = sandbox.context.faults;
  spoil({ times: 2, action: { kind: 'barrier', name: 'both' } });
  let answered = 0;
  const count = (answer: Response): void => {
    answered += answer.status === 200 ? 1 : 0;
  };
  const both = Promise.all([get().then(count), get().then(count)]);
  await barriers.whenHeld('both', 2);
  expect(answered).toBe(0);
  expect(barriers.waiting()).toEqual({ both: 2 });
  expect(barriers.release('both')).toBe(2);
  await both;
  expect(answered).toBe(2);
});

test('the same seed spoils the same requests', async () => {
  const round = async (seed: number): Promise<number[]> => {
    sandbox.context.faults.clear(seed);
    spoil({ probability: 0.5, action: { kind: 'status', status: 500 } });
    const statuses: number[] = [];
    for (let i = 0; i < 20; i += 1) statuses.push((await get()).status);
    return statuses;
  };
  const first = await round(7);
  expect(new Set(first)).toEqual(new Set([200, 500]));
  expect(await round(7)).toEqual(first);
  expect(await round(8)).not.toEqual(first);
});

test('a mistaken rule is refused with the field', () => {
  expect(() => spoil({ match: { path: '(' }, action: { kind: 'drop' } })).toThrow('regular expression');
  expect(() => spoil({ action: { kind: 'nonsense' } as never })).toThrow('kind');
});
