import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { startPostgres, type EmbeddedPostgres } from './postgres.ts';

let dataDir: string;
let server: EmbeddedPostgres;

/** One value from the server at `url`. */
async function ask(url: string, query: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(query);
    return Object.values(rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
}

const homeOf = (folder: string) =>
  (JSON.parse(readFileSync(join(folder, 'postgres.json'), 'utf8')) as { home: string }).home;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'sluice-postgres-'));
  // What a killed first start leaves: a cluster half made.
  mkdirSync(join(dataDir, 'postgres', 'cluster.new'), { recursive: true });
  writeFileSync(join(dataDir, 'postgres', 'cluster.new', 'PG_VERSION'), '18');
  server = await startPostgres({ dataDir, throwaway: true });
});
afterAll(async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true });
});

test('a first start that was killed half-way is done again', async () => {
  expect(await ask(server.url, 'select current_database()')).toBe('sluice');
  expect(existsSync(join(homeOf(dataDir), 'cluster.new'))).toBe(false);
});

test('the language of the machine does not matter: letters of all scripts are letters', async () => {
  await ask(server.url, 'create extension if not exists pg_trgm');
  expect(await ask(server.url, `select lower('ÄÖÜ ΣΑ')`)).toBe('äöü σα');
  expect(await ask(server.url, `select cardinality(show_trgm('日本語'))`)).toBe(4);
});

test('nobody enters without the password', async () => {
  const url = new URL(server.url);
  url.password = 'guess';
  await expect(ask(url.href, 'select 1')).rejects.toThrow(/password authentication failed/);
});

test('data and port stay over a restart, and a taken port gives way', async () => {
  await ask(server.url, 'create table kept as select 42 as answer');
  const before = server.port;
  await server.stop();
  server = await startPostgres({ dataDir, throwaway: true });
  expect(await ask(server.url, 'select answer from kept')).toBe(42);
  expect(server.port).toBe(before);
  await server.stop();
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(before, '127.0.0.1', resolve));
  server = await startPostgres({ dataDir, throwaway: true });
  expect(server.port).not.toBe((squatter.address() as AddressInfo).port);
  await new Promise((resolve) => squatter.close(resolve));
});

test('the server of a killed run, and the file that it left, are cleared away', async () => {
  const pidFile = join(homeOf(dataDir), 'cluster', 'postmaster.pid');
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  process.kill(pid, 'SIGKILL');
  await server.exited;
  expect(existsSync(pidFile)).toBe(true);
  server = await startPostgres({ dataDir, throwaway: true });
  const second = await startPostgres({ dataDir, throwaway: true });
  await server.exited;
  server = second;
  expect(await ask(server.url, 'select answer from kept')).toBe(42);
});

test('data of another version of PostgreSQL is left alone, in words', async () => {
  await server.stop();
  const version = join(homeOf(dataDir), 'cluster', 'PG_VERSION');
  const made = readFileSync(version, 'utf8');
  writeFileSync(version, '12\n');
  await expect(startPostgres({ dataDir })).rejects.toMatchObject({ code: 'postgres_version_changed' });
  writeFileSync(version, made);
  server = await startPostgres({ dataDir, throwaway: true });
});

test('a deleted data folder does not come back to life, even where root keeps its data elsewhere', async () => {
  const closed = mkdtempSync(join(tmpdir(), 'sluice-closed-'));
  const folder = join(closed, 'data');
  mkdirSync(folder);
  const old = await startPostgres({ dataDir: folder, throwaway: true });
  await ask(old.url, 'create table kept as select 42 as answer');
  await old.stop();
  const home = homeOf(folder);
  expect(home.startsWith('/var/lib/sluice/')).toBe(process.getuid?.() === 0);
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  const fresh = await startPostgres({ dataDir: folder, throwaway: true });
  expect(homeOf(folder)).toBe(home);
  await expect(ask(fresh.url, 'select answer from kept')).rejects.toThrow(/does not exist/);
  await fresh.stop();
  rmSync(closed, { recursive: true });
  rmSync(home, { recursive: true, force: true });
});
