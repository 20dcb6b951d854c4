import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startSandbox } from '../main.ts';
import type { RunningSandbox } from '../main.ts';
import { createSmallWorld, SMALL } from '../world/small.ts';

let sandbox: RunningSandbox;
beforeEach(async () => {
  sandbox = await startSandbox({ port: 0, world: createSmallWorld() });
});
afterEach(() => sandbox.close());

async function control(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> {
  const answer = await fetch(`${sandbox.url}/__sandbox${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  return { status: answer.status, body: await answer.json() };
}

test('a world that was read can be changed and put back', async () => {
  const { body: world } = await control('GET', '/world');
  world.content[0].title = 'Renamed';
  expect((await control('PUT', '/world', world)).body).toMatchObject({ content: 3, people: 5 });
  expect(sandbox.context.store.content('2001')?.title).toBe('Renamed');
  expect(await control('PUT', '/world', { people: [] })).toMatchObject({
    status: 400,
    body: { error: { message: expect.stringContaining('groups') } },
  });
});

test('a world is generated in place, and the demonstration comes back, for the same callback', async () => {
  expect((await control('POST', '/world/generate', { spaces: 2, pagesPerSpace: 3 })).body).toMatchObject({
    spaces: 2,
    content: 6,
  });
  expect((await control('POST', '/world/demonstration')).body).toMatchObject({ spaces: 5, people: 14 });
  expect(sandbox.context.store.oauthApp('sandbox-client')?.redirectUri).toBe('https://app.example/callback');
});

test('changes are made by name, one or several at once', async () => {
  const made = await control('POST', '/world/change', [
    { change: 'addContent', args: [{ spaceId: SMALL.space, title: 'New', parentId: '2001' }] },
    { change: 'setRestriction', args: ['2002', 'read', { users: [SMALL.mia] }] },
    { change: 'removeMember', args: [SMALL.team, SMALL.mia] },
  ]);
  expect(made.body.results[0]).toMatchObject({ title: 'New', parentId: '2001' });
  expect(sandbox.context.store.content('2002')?.restrictions.read.users).toEqual([SMALL.mia]);
});

test.each([
  ['/world/change', { change: 'explode', args: [] }, 'change'],
  ['/world/change', { change: 'trash', args: ['404'] }, '404'],
  ['/world/generate', { spaces: -1 }, 'spaces'],
  ['/faults', { action: { kind: 'status', status: 9 } }, 'status'],
  ['/clock/advance', { hours: 'two' }, 'hours'],
])('POST %s with %o is refused in words', async (path, body, words) => {
  const answer = await control('POST', path, body);
  expect(answer.status).toBe(400);
  expect(answer.body.error.message).toContain(words);
});

test('faults are added, listed and removed', async () => {
  const { body } = await control('POST', '/faults', { match: { path: '/pages' }, action: { kind: 'drop' } });
  const [{ id }] = body.rules;
  expect((await control('GET', '/faults')).body.rules).toHaveLength(1);
  expect((await control('DELETE', `/faults/${id}`)).body.rules).toEqual([]);
  expect((await control('DELETE', `/faults/${id}`)).status).toBe(404);
});

test('the clock is set, moved and let run', async () => {
  await control('PUT', '/clock', { now: '2030-01-01T00:00:00Z' });
  const { body } = await control('POST', '/clock/advance', { days: 1, hours: 2 });
  expect(body.now).toMatch(/^2030-01-02T02:00/);
  await control('DELETE', '/clock');
  expect(Math.abs(sandbox.context.clock.now().getTime() - Date.now())).toBeLessThan(60_000);
});

test('tokens are issued, expired and revoked; points are set; options are changed', async () => {
  const who = { clientId: 'sandbox-client', accountId: SMALL.mia };
  const { body: pair } = await control('POST', '/tokens/issue', who);
  const me = async () =>
    (await fetch(`${sandbox.url}/me`, { headers: { authorization: `Bearer ${pair.access_token}` } })).status;
  expect(await me()).toBe(200);
  expect((await control('POST', '/tokens/expire', {})).body).toEqual({ expired: 1 });
  expect(await me()).toBe(401);
  expect((await control('GET', '/tokens')).body.grants).toHaveLength(1);
  expect((await control('POST', '/tokens/revoke', who)).body).toEqual({ revoked: true });
  expect((await control('PUT', '/points', { clientId: who.clientId, points: 64_000 })).body).toEqual({
    used: 64_000,
  });
  expect((await control('PATCH', '/options', { quotaPoints: 10 })).body.quotaPoints).toBe(10);
  expect((await control('PATCH', '/options', { quota: 10 })).status).toBe(400);
});

test('pages of other origins and unknown calls get nothing', async () => {
  const foreign = await fetch(`${sandbox.url}/__sandbox/world`, {
    headers: { 'sec-fetch-site': 'cross-site' },
  });
  expect(foreign.status).toBe(403);
  expect((await control('GET', '/nothing')).status).toBe(404);
});
