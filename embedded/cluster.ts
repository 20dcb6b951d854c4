import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SluiceError } from '../errors.ts';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';

export interface Cluster {
  folder: string;
  password: string;
}

/** The superuser of an embedded cluster, and the database that Sluice uses. */
export const owner = 'sluice';

/**
 * PostgreSQL's own sorting, which does not change with the system's libraries; the character classes still come from
 * the C library, and full-text trigrams of CJK need a UTF-8 one. Not every system knows the same names.
 */
const locales = ['C.UTF-8', 'en_US.UTF-8', 'C'];

/**
 * The cluster in `home`, made when it is not there. It is made under another name and renamed when complete, so that
 * a first start that was killed half-way is simply done again.
 * @throws SluiceError `initdb_failed`, `postgres_version_changed`.
 */
export function openCluster(home: string, binaries: Binaries, account: Account | undefined): Cluster {
  const folder = join(home, 'cluster');
  if (!existsSync(folder)) makeCluster(folder, binaries, account);
  const made = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim();
  const running = run(binaries.postgres, ['--version'], account).stdout.match(/(\d+)/)?.[1];
  if (running !== made) {
    throw new SluiceError(
      'postgres_version_changed',
      `The data in ${folder} was made by PostgreSQL ${made}, and this version of Sluice brings PostgreSQL ${running}. Export it with the version of Sluice that made it (pg_dump), or delete the folder to start afresh.`,
    );
  }
  return { folder, password: readFileSync(join(folder, 'sluice.password'), 'utf8') };
}

/**
 * Flushes a new cluster to the disk, beside the server that runs on it already. Without this a power failure long
 * after could still find files half written.
 */
function flushCluster(folder: string, { initdb }: Binaries, account: Account | undefined): void {
  const flush = spawn(initdb, ['--sync-only', `--pgdata=${folder}`], {
    cwd: '/',
    stdio: 'ignore',
    detached: true,
    ...(account && { uid: account.uid, gid: account.gid }),
  });
  flush.on('error', () => {});
  flush.unref();
}

function makeCluster(folder: string, binaries: Binaries, account: Account | undefined): void {
  const half = `${folder}.new`;
  const passwordFile = `${folder}.password`;
  const password = randomBytes(24).toString('base64url');
  let failure = '';
  for (const locale of locales) {
    rmSync(half, { recursive: true, force: true });
    writeOwned(passwordFile, password, account);
    const args = [
      `--pgdata=${half}`,
      `--username=${owner}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      `--locale=${locale}`,
      '--no-instructions',
      // After an installation of packages the disk has minutes of writing before it: see flushCluster.
      '--no-sync',
    ];
    const { status, stderr } = run(binaries.initdb, args, account);
    rmSync(passwordFile, { force: true });
    if (status === 0) {
      writeOwned(join(half, 'sluice.password'), password, account);
      renameSync(half, folder);
      flushCluster(folder, binaries, account);
      return;
    }
    failure = stderr;
    if (!stderr.includes('locale')) break;
  }
  rmSync(half, { recursive: true, force: true });
  throw new SluiceError('initdb_failed', `PostgreSQL could not be set up in ${folder}. ${explain(failure)}`);
}

/** What PostgreSQL's own words mean for the reader, followed by the words themselves. */
export function explain(output: string): string {
  const words = output.trim().split('\n').slice(-6).join('\n');
  if (/No space left on device/.test(output))
    return `The disk is full: free some space and start again.\n${words}`;
  if (/Read-only file system/.test(output))
    return `The disk is read-only: set DATA_DIR to another place.\n${words}`;
  if (/error while loading shared libraries|not found \(required by/.test(output)) {
    return `The packaged PostgreSQL does not run on this system: set DATABASE_URL to a PostgreSQL of your own.\n${words}`;
  }
  if (/Permission denied/.test(output)) return `Its files are not accessible: check their owner.\n${words}`;
  return words;
}

function run(command: string, args: string[], account: Account | undefined) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: '/',
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', TZ: 'UTC' },
    ...(account && { uid: account.uid, gid: account.gid }),
  });
  return {
    status,
    stdout: stdout ?? '',
    stderr: (stderr ?? '') + (error === undefined ? '' : String(error)),
  };
}

function writeOwned(path: string, text: string, account: Account | undefined): void {
  writeFileSync(path, text, { mode: 0o600 });
  if (account !== undefined) chownSync(path, account.uid, account.gid);
}
