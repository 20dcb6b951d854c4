import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import pg from 'pg';
import { startPostgres } from '../embedded/postgres.ts';
import { migrate, openDatabase } from '../store/database.ts';
import type { Db } from '../store/schema.ts';

/** As docs/operating.md advises for a site of this size; the rest as PostgreSQL comes. */
const settings = {
  shared_buffers: '2GB',
  effective_cache_size: '4GB',
  random_page_cost: '1.1',
  maintenance_work_mem: '512MB',
  max_wal_size: '8GB',
  jit: 'off',
};

/** Runs something with a migrated, empty database in a PostgreSQL of its own, and removes the database afterwards. */
export async function withDatabase<T>(say: (line: string) => void, run: (db: Db) => Promise<T>): Promise<T> {
  const dataDir = resolve('.sluice/bench-search');
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const postgres = await startPostgres({ dataDir, progress: say, settings });
  try {
    const url = new URL(postgres.url);
    url.pathname = '/measured';
    await onServer(postgres.url, 'drop database if exists measured with (force)', 'create database measured');
    const handle = openDatabase(url.href);
    try {
      await migrate(handle.db);
      return await run(handle.db);
    } finally {
      await handle.close();
      await onServer(postgres.url, 'drop database measured with (force)');
    }
  } finally {
    await postgres.stop();
  }
}

async function onServer(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}
