import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ConfigError, parseConfig, parseServiceConfig } from './config.ts';

const key = Buffer.alloc(32, 7).toString('base64');
const database = 'postgres://user:secret@db.example.com/sluice';

function faultsOf(
  env: Record<string, string>,
  parse: (env: Record<string, string>) => unknown = parseConfig,
): string[] {
  try {
    parse(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

test('an empty environment is the demonstration: everything embedded, the sandbox on', () => {
  const config = parseConfig({});
  expect(config).toMatchObject({
    port: 3000,
    portIsChosen: false,
    publicUrl: 'http://localhost:3000',
    databaseUrl: undefined,
    encryptionKey: undefined,
    sandbox: true,
    sandboxPort: 4000,
    logLevel: 'info',
    metricsPort: 9464,
    allowedPrivateHosts: [],
  });
  expect(config.temporal).toEqual({
    address: undefined,
    namespace: 'default',
    apiKey: undefined,
    tls: undefined,
  });
  expect(config.dataDir).toMatch(/^\/.*\.sluice$/);
});

test("a database of one's own turns the sandbox off, unless it is asked for", () => {
  expect(parseConfig({ DATABASE_URL: database, ENCRYPTION_KEY: key }).sandbox).toBe(false);
  expect(parseConfig({ DATABASE_URL: database, ENCRYPTION_KEY: key, SANDBOX: 'on' }).sandbox).toBe(true);
  expect(parseConfig({ SANDBOX: 'off' }).sandbox).toBe(false);
});

test("a database of one's own needs an encryption key", () => {
  expect(faultsOf({ DATABASE_URL: database })).toEqual([
    expect.stringContaining('ENCRYPTION_KEY is missing'),
  ]);
});

test('every fault is told at once, with its variable', () => {
  const faults = faultsOf({
    PORT: '70000',
    PUBLIC_URL: 'sluice.example.com/path',
    DATABASE_URL: 'mysql://host/db',
    TEMPORAL_ADDRESS: 'https://temporal.example.com',
    ENCRYPTION_KEY: 'c2hvcnQ=',
    ADMIN_EMAIL: 'nobody',
    ADMIN_PASSWORD: 'short',
    ADMIN_API_KEY: 'short',
    SANDBOX: 'maybe',
    LOG_LEVEL: 'loud',
    ALLOWED_PRIVATE_HOSTS: 'https://wiki.local/',
    TEMPORAL_TLS_CERT_FILE: '/nonexistent/cert.pem',
  });
  for (const name of [
    'PORT',
    'PUBLIC_URL',
    'DATABASE_URL',
    'TEMPORAL_ADDRESS',
    'ENCRYPTION_KEY',
    'ADMIN_EMAIL',
    'ADMIN_PASSWORD',
    'ADMIN_API_KEY',
    'SANDBOX',
    'LOG_LEVEL',
    'ALLOWED_PRIVATE_HOSTS',
    'TEMPORAL_TLS_CERT_FILE',
  ]) {
    expect(faults.filter((fault) => fault.startsWith(`${name} `))).not.toEqual([]);
  }
});

test('no fault repeats a secret value', () => {
  const faults = faultsOf({
    DATABASE_URL: 'mysql://u:hunter2@host/db',
    ENCRYPTION_KEY: 'hunter2',
    ADMIN_PASSWORD: 'hunter2',
  });
  expect(faults.join(' ')).not.toContain('hunter2');
});

test('a secret may stand in a file; a missing, empty or doubled one is told', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-config-'));
  writeFileSync(join(folder, 'key'), `${key}\n`);
  writeFileSync(join(folder, 'empty'), '\n');
  expect(parseConfig({ ENCRYPTION_KEY_FILE: join(folder, 'key') }).encryptionKey).toEqual(
    Buffer.alloc(32, 7),
  );
  expect(faultsOf({ ENCRYPTION_KEY_FILE: join(folder, 'none') })[0]).toMatch(
    /ENCRYPTION_KEY_FILE names .*ENOENT/,
  );
  expect(faultsOf({ ADMIN_EMAIL: 'a@example.com', ADMIN_PASSWORD_FILE: join(folder, 'empty') })[0]).toMatch(
    /is empty/,
  );
  expect(faultsOf({ ENCRYPTION_KEY: key, ENCRYPTION_KEY_FILE: join(folder, 'key') })[0]).toMatch(/both set/);
});

test('an empty variable counts as absent', () => {
  expect(parseConfig({ DATABASE_URL: '', PORT: ' ', TEMPORAL_ADDRESS: '' })).toMatchObject({
    port: 3000,
    sandbox: true,
  });
});

test('an API key for Temporal brings TLS with it', () => {
  expect(parseConfig({ TEMPORAL_API_KEY: 'key' }).temporal.tls).toEqual({});
});

test('the public address loses its trailing slash, and private hosts their spaces', () => {
  const config = parseConfig({
    PUBLIC_URL: 'https://sluice.example.com/',
    ALLOWED_PRIVATE_HOSTS: ' Wiki.local, jira.local,',
  });
  expect(config.publicUrl).toBe('https://sluice.example.com');
  expect(config.allowedPrivateHosts).toEqual(['wiki.local', 'jira.local']);
});

test('a server or worker alone needs the address of everything', () => {
  const env = { DATABASE_URL: database, ENCRYPTION_KEY: key, TEMPORAL_ADDRESS: 'temporal:7233' };
  expect(parseServiceConfig(env)).toMatchObject({
    databaseUrl: database,
    temporal: { address: 'temporal:7233' },
  });
  expect(faultsOf({}, parseServiceConfig)).toHaveLength(3);
});
