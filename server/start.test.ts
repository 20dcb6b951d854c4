import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { parseServiceConfig, type ServiceConfig } from '../config.ts';
import { createLogger } from '../log.ts';
import { onServer, testServerUrl } from '../test/database.ts';
import { startServer } from './start.ts';

let name: string;
let logged: string[];
const running: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  name = `test_${randomUUID().replaceAll('-', '')}`;
  await onServer(`create database ${name}`);
  logged = [];
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
  await onServer(`drop database if exists ${name} with (force)`);
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const encryptionKey = randomBytes(32).toString('base64');

async function configure(change: Record<string, string> = {}): Promise<ServiceConfig> {
  const url = new URL(testServerUrl());
  url.pathname = `/${name}`;
  return parseServiceConfig({
    DATABASE_URL: url.href,
    ENCRYPTION_KEY: encryptionKey,
    TEMPORAL_ADDRESS: '127.0.0.1:1',
    PORT: String(await freePort()),
    METRICS_PORT: String(await freePort()),
    ...change,
  });
}

async function start(config: ServiceConfig) {
  const server = await startServer(
    config,
    createLogger('info', { write: (line: string) => void logged.push(line) }),
  );
  running.push(server);
  return server;
}

test('two servers start at once on an empty database: one migrates, both serve', async () => {
  const administrator = {
    ADMIN_EMAIL: 'ada@example.com',
    ADMIN_API_KEY: 'a-key-of-the-operator-that-is-long-enough',
  };
  const configs = [await configure(administrator), await configure(administrator)];
  await Promise.all(configs.map(start));
  for (const { port, metricsPort } of configs) {
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ checks: { engine: { ok: false } } });
    const me = await fetch(`http://127.0.0.1:${port}/api/v1/users/me`, {
      headers: { authorization: `Bearer ${administrator.ADMIN_API_KEY}` },
    });
    expect(await me.json()).toMatchObject({ email: 'ada@example.com', role: 'administrator' });
    const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    expect(metrics).toContain('route="/api/v1/users/me",status="2xx"');
    expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(404);
  }
  expect(logged.join('')).not.toContain('/setup?token=');
});

test('without an administrator the log has the link that makes one', async () => {
  const config = await configure();
  await start(config);
  const link = /http:\S+\/setup\?token=[\w-]+/.exec(logged.join(''))?.[0] ?? '';
  expect((await fetch(link)).status).toBe(200);
});

test('a taken port and an absent database are told in words', async () => {
  const config = await configure();
  await start(config);
  await expect(startServer(config, createLogger('silent'))).rejects.toMatchObject({
    code: 'port_unavailable',
    message: expect.stringContaining(String(config.port)),
  });
  const absent = await configure({ DATABASE_URL: 'postgres://postgres@127.0.0.1:1/none' });
  await expect(startServer(absent, createLogger('silent'))).rejects.toMatchObject({
    code: 'database_unreachable',
  });
});

test('it stops with clients that keep their connections open', async () => {
  const config = await configure();
  const server = await start(config);
  const response = await fetch(`http://127.0.0.1:${config.port}/healthz`, { keepalive: true });
  expect(response.status).toBe(200);
  running.length = 0;
  await server.close();
  await expect(fetch(`http://127.0.0.1:${config.port}/healthz`)).rejects.toThrow('fetch failed');
});
