import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseServiceConfig } from '../config.ts';
import { serviceEnvironment } from './environment.ts';

test('the server and the worker read back the very configuration that a start has settled', () => {
  const secret = join(mkdtempSync(join(tmpdir(), 'sluice-environment-')), 'key');
  writeFileSync(secret, Buffer.alloc(32, 1).toString('base64'));
  const env = {
    PATH: '/usr/bin',
    ENCRYPTION_KEY_FILE: secret,
    DATABASE_URL: 'postgres://u:p@db/sluice',
    TEMPORAL_ADDRESS: 'temporal:7233',
    ALLOWED_PRIVATE_HOSTS: 'wiki.local',
    ADMIN_EMAIL: 'a@example.com',
    SANDBOX: 'on',
    LOG_LEVEL: 'warn',
  };
  const config = {
    ...parseServiceConfig(env),
    port: 3005,
    publicUrl: 'http://localhost:3005',
    atlassianGatewayUrl: 'http://localhost:4000',
  };
  const given = serviceEnvironment(env, config);
  expect(given['PATH']).toBe('/usr/bin');
  const chosen = {
    portIsChosen: true,
    publicUrlIsChosen: true,
    metricsPortIsChosen: true,
    sandboxPortIsChosen: true,
  };
  expect(parseServiceConfig(given)).toEqual({ ...config, ...chosen });
});
