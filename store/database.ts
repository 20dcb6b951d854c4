import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';
import pg from 'pg';
import { SluiceError } from '../errors.ts';
import type { Database } from './schema.ts';

const migrationsFolder = fileURLToPath(new URL('../migrations/', import.meta.url));

export interface DatabaseHandle {
  db: Kysely<Database>;
  /** The pool below Kysely, for what needs a plain connection: sessions, LISTEN. */
  pool: pg.Pool;
  close(): Promise<void>;
}

/** Opens a pool on `url` (a postgres:// URL); nothing is sent before the first query. */
export function openDatabase(url: string, options: { poolSize?: number } = {}): DatabaseHandle {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.poolSize ?? 10,
    application_name: 'sluice',
  });
  // An idle connection that breaks (PostgreSQL restarts) must not end the process: the pool opens another.
  pool.on('error', () => {});
  // Nor one that breaks while it is lent out and between two statements: the next statement fails, and says so.
  pool.on('connect', (client) => client.on('error', () => {}));
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  return { db, pool, close: () => db.destroy() };
}

/**
 * Brings the schema to the newest numbered file of migrations/. Forward only; safe to call from several processes
 * at once (Kysely takes an advisory lock).
 * @throws SluiceError `migration_failed` naming the file; `database_is_newer` when it knows migrations that we do not.
 */
export async function migrate(db: Kysely<Database>): Promise<string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations: readMigrations } });
  const { error, results } = await migrator.migrateToLatest();
  const failed = results?.find((result) => result.status === 'Error');
  if (error !== undefined) {
    const unknown = /previously executed migration (\S+) is missing/.exec(String(error))?.[1];
    if (unknown !== undefined) {
      throw new SluiceError(
        'database_is_newer',
        `The database was changed by a newer version of Sluice (migration ${unknown}). Run that version, or one after it.`,
        { cause: error },
      );
    }
    throw new SluiceError(
      'migration_failed',
      `Migration ${failed?.migrationName ?? ''} failed: ${String(error)}`,
      {
        cause: error,
      },
    );
  }
  return (results ?? []).map((result) => result.migrationName);
}

/** Names of the migrations that this version has and the database lacks, in order. */
export async function missingMigrations(db: Kysely<Database>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
  const applied = new Set(rows.map(({ name }) => name));
  return (await migrationNames()).filter((name) => !applied.has(name));
}

let names: Promise<string[]> | null = null;

/** Read once: a process keeps the version with which it started. */
function migrationNames(): Promise<string[]> {
  names ??= readdir(migrationsFolder).then((files) =>
    files
      .filter((file) => file.endsWith('.sql'))
      .map((file) => file.replace(/\.sql$/, ''))
      .toSorted(),
  );
  return names;
}

async function readMigrations(): Promise<Record<string, Migration>> {
  const names = (await readdir(migrationsFolder)).filter((name) => name.endsWith('.sql')).sort();
  const entries = names.map(async (name): Promise<[string, Migration]> => {
    const text = await readFile(new URL(name, `file://${migrationsFolder}`), 'utf8');
    return [name.replace(/\.sql$/, ''), { up: async (db) => void (await sql.raw(text).execute(db)) }];
  });
  return Object.fromEntries(await Promise.all(entries));
}
