import type { LookupAddress } from 'node:dns';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { createLogger } from '../log.ts';
import { guardedLookup, isAtlassianHost, refusal } from './address.ts';
import { createAtlassianHttp } from './http.ts';

const rules = { siteHosts: ['wiki.example.com', '93.184.216.34'], allowedPrivateHosts: ['wiki.corp:8443'] };

test.each([
  'https://api.atlassian.com/x',
  'https://acme.atlassian.net/wiki',
  'https://ACME.atlassian.net/wiki',
  'https://wiki.example.com/rest',
  'https://wiki.corp:8443/rest',
  'https://93.184.216.34/rest',
])('%s may be requested', (url) => {
  expect(refusal(new URL(url), rules)).toBeNull();
});

test.each([
  ['http://acme.atlassian.net', /https/],
  ['https://user:pw@acme.atlassian.net', /user name/],
  ['https://acme.atlassian.net@evil.example', /user name/],
  ['https://acme.atlassian.net:8443', /port/],
  ['https://wiki.corp', /no host/],
  ['https://evil.example', /no host/],
  ['https://acme.atlassian.net.evil.example', /no host/],
  ['https://acme.atlassian.net.', /no host/],
  ['https://xn--tlassian-d5a.net', /no host/],
  ['https://atlassian.net', /no host/],
  ['https://localhost', /no host/],
  ['https://127.0.0.1', /private or special/],
  ['https://2130706433', /private or special/],
  ['https://0x7f.1', /private or special/],
  ['https://0177.0.0.1', /private or special/],
  ['https://10.0.0.1', /private or special/],
  ['https://169.254.169.254/latest/meta-data', /private or special/],
  ['https://[::1]', /private or special/],
  ['https://[::ffff:127.0.0.1]', /private or special/],
  ['https://[::ffff:7f00:1]', /private or special/],
  ['https://[fe80::1]', /private or special/],
  ['https://[fd00:ec2::254]', /private or special/],
  ['https://[64:ff9b::7f00:1]', /private or special/],
  ['https://8.8.8.8', /no Atlassian site/],
])('%s is refused', (url, reason) => {
  expect(refusal(new URL(url), rules)).toMatch(reason);
});

test('only names below atlassian.net count as sites', () => {
  expect(isAtlassianHost('acme.atlassian.net')).toBe(true);
  expect(isAtlassianHost('acme.atlassian.net.')).toBe(false);
  expect(isAtlassianHost('notatlassian.net')).toBe(false);
});

const lookUp = (addresses: LookupAddress[], hostname: string) =>
  new Promise((resolve) => {
    guardedLookup(rules, (_name, done) => done(null, addresses))(hostname, { all: true }, (error, found) =>
      resolve(error?.name ?? found),
    );
  });

test('a name is refused at the moment of connecting when any of its addresses is private', async () => {
  const outer = { address: '93.184.216.34', family: 4 };
  expect(await lookUp([outer], 'acme.atlassian.net')).toEqual([outer]);
  for (const address of ['127.0.0.1', '::ffff:10.0.0.1', '169.254.169.254', 'fd00::1', '0.0.0.0']) {
    const inner = { address, family: address.includes(':') ? 6 : 4 };
    expect(await lookUp([outer, inner], 'acme.atlassian.net')).toBe('AddressRefused');
  }
  const inner = { address: '10.0.0.1', family: 4 };
  expect(await lookUp([inner], 'wiki.corp')).toEqual([inner]);
});

test('a name that was public when checked and is private when connected reaches nobody', async () => {
  let connections = 0;
  const inside = createServer().on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => {
    inside.listen(0, '127.0.0.1', resolve);
  });
  const { port } = inside.address() as AddressInfo;
  const http = createAtlassianHttp({
    allowedPrivateHosts: [],
    siteHosts: [`rebound.example:${port}`],
    log: createLogger('silent'),
    env: {},
    resolver: (_name, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
  });
  const request = http.exchange({ url: `https://rebound.example:${port}/` });
  await expect(request).rejects.toMatchObject({ code: 'refused_url', retryable: false });
  expect(connections).toBe(0);
  await http.close();
  await new Promise((resolve) => {
    inside.close(resolve);
  });
});
