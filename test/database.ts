import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { openDatabase, type DatabaseHandle } from '../store/database.ts';

const migrations = new URL('../migrations/', import.meta.url);

/**
 * Name of the migrated database that every test's own database is cloned from. It carries a hash of the migrations:
 * test runs of several checkouts share a server without taking the template from under each other.
 */
export const templateName = `sluice_template_${hashOfMigrations()}`;

/** URL of the test server, set by global-setup.ts. */
export function testServerUrl(): string {
  const url = process.env['TEST_DATABASE_URL'];
  if (url === undefined) throw new Error('TEST_DATABASE_URL is not set: run tests by `npm test`.');
  return url;
}

export interface TestDatabase extends DatabaseHandle {
  url: string;
}

/** A fresh, migrated, empty database (0.1 s: cloned from the template). `close` drops it. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onServer(`create database ${name} template ${templateName}`);
  const url = new URL(testServerUrl());
  url.pathname = `/${name}`;
  const handle = openDatabase(url.href, { poolSize: 8 });
  return {
    ...handle,
    url: url.href,
    close: async () => {
      await handle.close();
      await onServer(`drop database if exists ${name} with (force)`);
    },
  };
}

/** One statement on the server's maintenance database. */
export async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: testServerUrl() });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function hashOfMigrations(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(migrations).sort()) {
    hash.update(name).update(readFileSync(new URL(name, migrations)));
  }
  return hash.digest('hex').slice(0, 12);
}
