import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startSandbox } from './main.ts';
import { createSmallWorld, SMALL } from './world/small.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('a restarted sandbox knows the tokens that it issued', async () => {
  const stateFile = join(folder, 'deep', 'state.json');
  const start = () => startSandbox({ port: 0, world: createSmallWorld(), stateFile });
  const first = await start();
  const pair = first.context.grants.issue({
    clientId: 'sandbox-client',
    accountId: SMALL.mia,
    scopes: ['read:me', 'offline_access'],
    cloudIds: [],
  });
  await first.close();
  expect((await stat(stateFile)).mode & 0o777).toBe(0o600);
  const second = await start();
  const me = await fetch(`${second.url}/me`, { headers: { authorization: `Bearer ${pair.access_token}` } });
  expect(me.status).toBe(200);
  expect(second.context.grants.refresh(pair.refresh_token ?? '', 'sandbox-client')).not.toBeNull();
  await second.close();
});

test('a damaged state file costs the consents and nothing else', async () => {
  const stateFile = join(folder, 'damaged.json');
  await writeFile(stateFile, '{"grants": [');
  const sandbox = await startSandbox({ port: 0, world: createSmallWorld(), stateFile });
  expect(sandbox.context.grants.list()).toEqual([]);
  await sandbox.close();
});

test('a port that is taken is told', async () => {
  const first = await startSandbox({ port: 0, world: createSmallWorld() });
  await expect(startSandbox({ port: first.port, world: createSmallWorld() })).rejects.toThrow('EADDRINUSE');
  await first.close();
});
