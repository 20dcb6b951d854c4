import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { SluiceError } from '../errors.ts';
import { lastLines, spawnGuarded, stopLeftover, type Guarded } from '../process/guarded.ts';
import { freePort } from '../process/ports.ts';
import { databaseAccount, folderFor, type Account } from './account.ts';
import { postgresBinaries } from './binaries.ts';
import { explain, openCluster, owner, type Cluster } from './cluster.ts';

export interface EmbeddedPostgres {
  /** postgres:// URL of the database `sluice`, as its superuser, password inside. */
  url: string;
  port: number;
  /** Ends when the server ends, asked or not. */
  exited: Promise<number>;
  /** A fast shutdown: open transactions are rolled back, nothing committed is lost. */
  stop(): Promise<void>;
}

/** Nothing of a test's data is worth a flush to disk. */
const throwaway = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/**
 * Starts the PostgreSQL that comes with the npm package, with its data below `dataDir`/postgres, on a free port of
 * the loopback interface. A server that a killed earlier run left behind is stopped first. The server ends with this
 * process. The caller holds the lock of `dataDir`.
 * @throws SluiceError with what was seen and what to do.
 */
export async function startPostgres(options: {
  dataDir: string;
  progress?: (line: string) => void;
  /** True: quick and not durable. */
  throwaway?: boolean;
  settings?: Record<string, string>;
}): Promise<EmbeddedPostgres> {
  const account = databaseAccount();
  const record = join(options.dataDir, 'postgres.json');
  const known = readRecord(record);
  const home = folderFor(account, known?.home ?? join(options.dataDir, 'postgres'));
  if (known === undefined) await setAside(home, options.dataDir);
  writeFileSync(record, JSON.stringify({ ...known, home }), { mode: 0o600 });
  const binaries = postgresBinaries(account);
  const cluster = openCluster(home, binaries, account);
  const pidFile = join(cluster.folder, 'postmaster.pid');
  await stopLeftover({ pidFile, mark: cluster.folder, signal: 'SIGINT' });
  const settings = {
    max_connections: '200',
    ...(options.throwaway === true ? throwaway : {}),
    ...options.settings,
  };
  const logFile = join(options.dataDir, 'postgres.log');
  let wished = known?.port;
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort(wished);
    const server = launch(binaries.postgres, cluster, account, port, settings, logFile);
    const url = `postgres://${owner}:${encodeURIComponent(cluster.password)}@127.0.0.1:${port}/${owner}`;
    if (await ready(server, url, options.progress ?? (() => {}))) {
      writeFileSync(record, JSON.stringify({ home, port }), { mode: 0o600 });
      return { url, port, exited: server.exited, stop: server.stop };
    }
    await server.stop();
    const output = lastLines(logFile, 12);
    // Between the look and the launch another program may have taken the port.
    if (attempt < 4 && /could not bind|Address already in use/.test(output)) {
      wished = undefined;
      continue;
    }
    throw new SluiceError(
      'postgres_did_not_start',
      `The embedded PostgreSQL did not start; its log is ${logFile}. ${explain(output)}`,
    );
  }
}

/**
 * A folder outside `dataDir` may hold the cluster of a data folder that stood here before and was deleted: its secrets
 * are gone with it. It is moved aside, not deleted, and the new data folder gets a cluster of its own.
 */
async function setAside(home: string, dataDir: string): Promise<void> {
  const cluster = join(home, 'cluster');
  if (home === join(dataDir, 'postgres') || !existsSync(cluster)) return;
  await stopLeftover({ pidFile: join(cluster, 'postmaster.pid'), mark: cluster, signal: 'SIGINT' });
  renameSync(cluster, `${cluster}.before-${new Date().toISOString().replaceAll(':', '')}`);
}

function launch(
  command: string,
  cluster: Cluster,
  account: Account | undefined,
  port: number,
  settings: Record<string, string>,
  logFile: string,
): Guarded {
  const fixed = { listen_addresses: '127.0.0.1', unix_socket_directories: '', ...settings };
  const flags = Object.entries(fixed).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return spawnGuarded({
    command,
    args: ['-D', cluster.folder, '-p', String(port), ...flags],
    stopSignal: 'INT',
    logFile,
    patience: 60,
    env: { TZ: 'UTC' },
    ...(account && { account: { uid: account.uid, gid: account.gid } }),
  });
}

/** Waits until the server answers and has our database: recovery after a crash may take a while. */
async function ready(server: Guarded, url: string, progress: (line: string) => void): Promise<boolean> {
  const admin = new URL(url);
  admin.pathname = '/postgres';
  const started = Date.now();
  let said = started;
  while (server.isRunning() && Date.now() - started < 300_000) {
    try {
      const client = new pg.Client({ connectionString: admin.href, connectionTimeoutMillis: 5000 });
      client.on('error', () => {});
      await client.connect();
      const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [owner]);
      if (rowCount === 0) await client.query(`create database ${owner}`);
      await client.end();
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === '53100') return false;
      if (Date.now() - said > 5000) {
        said = Date.now();
        progress(`PostgreSQL is still starting (${Math.round((said - started) / 1000)} s)`);
      }
      await delay(40);
    }
  }
  return false;
}

function readRecord(path: string): { home: string; port?: number } | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as { home: string; port?: number };
  } catch {
    return undefined;
  }
}
