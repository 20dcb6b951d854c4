import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createLogger } from '../log.ts';
import { createAtlassianHttp } from './http.ts';

const asked: string[] = [];
const proxy = createServer().on('connect', (request, socket) => {
  asked.push(request.url ?? '');
  socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
});
let proxyUrl = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve);
  });
  proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await new Promise((resolve) => {
    proxy.close(resolve);
  });
});
beforeEach(() => {
  asked.length = 0;
});

/** Nothing here may leave the machine: whatever is looked up has an address that the guard refuses. */
async function codeOf(url: string, env: Record<string, string>): Promise<string> {
  const http = createAtlassianHttp({
    allowedPrivateHosts: [],
    log: createLogger('silent'),
    env,
    resolver: (_name, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
  });
  const error = await http.exchange({ url }).catch((thrown: unknown) => thrown);
  await http.close();
  return (error as { code: string }).code;
}

test('a proxy is asked for a tunnel, and its refusal is a failure of the network', async () => {
  expect(await codeOf('https://acme.atlassian.net/x', { HTTPS_PROXY: proxyUrl })).toBe('network');
  expect(asked).toEqual(['acme.atlassian.net:443']);
});

test('hosts that need no proxy are reached directly, through the same guard', async () => {
  const env = { HTTPS_PROXY: proxyUrl, NO_PROXY: '.atlassian.net' };
  expect(await codeOf('https://acme.atlassian.net/x', env)).toBe('refused_url');
  expect(asked).toEqual([]);
});

test('a proxy does not open addresses that are refused', async () => {
  for (const url of ['https://169.254.169.254/', 'https://evil.example/', 'http://acme.atlassian.net/']) {
    expect(await codeOf(url, { HTTPS_PROXY: proxyUrl })).toBe('refused_url');
  }
  expect(asked).toEqual([]);
});
