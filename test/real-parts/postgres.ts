import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { startPostgres } from '../../embedded/postgres.ts';
import { migrate, openDatabase } from '../../store/database.ts';
import type { TestDatabase } from '../database.ts';

/** A PostgreSQL server that nobody else uses, and may be killed: the same program that tests share. */
export interface PrivatePostgres {
  /** Its migrated database, open through the product's own pool. */
  database: TestDatabase;
  /**
   * What `pg_ctl restart -m immediate` does: every process of the server is gone at once, nothing is written any more,
   * and a new server on the same port recovers from what was committed.
   */
  restart(): Promise<void>;
  /** The first half alone; `start` is the second. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Stops the server and deletes its data. */
  close(): Promise<void>;
}

/**
 * What is committed must outlive the processes; the disk's cache does so here, as the machine itself goes on. So
 * nothing need be flushed, but each commit is written.
 */
const settings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'on' };

export async function startPrivatePostgres(): Promise<PrivatePostgres> {
  const dataDir = mkdtempSync(join(tmpdir(), 'sluice-private-postgres-'));
  let server = await startPostgres({ dataDir, settings });
  const { url, port } = server;
  const handle = openDatabase(url, { poolSize: 8 });
  await migrate(handle.db);

  async function kill(): Promise<void> {
    process.kill(postmaster(dataDir), 'SIGQUIT');
    await server.exited;
  }
  async function start(): Promise<void> {
    server = await startPostgres({ dataDir, settings });
    if (server.port !== port) throw new Error('Another program has taken the port of the server meanwhile.');
  }
  return {
    database: { ...handle, url },
    kill,
    start,
    async restart() {
      await kill();
      await start();
    },
    async close() {
      await handle.close();
      await server.stop();
      const { home } = recordOf(dataDir);
      for (const folder of [dataDir, home]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function postmaster(dataDir: string): number {
  const pidFile = join(recordOf(dataDir).home, 'cluster', 'postmaster.pid');
  return Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
}

/** Where the server of this folder keeps its data: for root's tests elsewhere, as another account writes there. */
function recordOf(dataDir: string): { home: string } {
  return JSON.parse(readFileSync(join(dataDir, 'postgres.json'), 'utf8')) as { home: string };
}
