import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { SluiceError } from '../errors.ts';

export interface Account {
  name: string;
  uid: number;
  gid: number;
}

/** Where root keeps what the unprivileged account must reach when the checkout is out of its reach. */
export const systemFolder = '/var/lib/sluice';

/**
 * The account that PostgreSQL runs as: undefined for our own. PostgreSQL refuses to run as root, so root lends it the
 * machine's `postgres` account, or `nobody`, which every system has; no account is created.
 * @throws SluiceError `no_unprivileged_account`.
 */
export function databaseAccount(passwd = readPasswd()): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = passwd.split('\n').map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const found = accounts.find((fields) => fields[0] === name);
    if (found !== undefined) return { name, uid: Number(found[2]), gid: Number(found[3]) };
  }
  throw new SluiceError(
    'no_unprivileged_account',
    'PostgreSQL does not run as root, and this machine has neither an account "postgres" nor "nobody". Run Sluice as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
  );
}

/** True when `account` can enter `folder` (or read a file there): asked of the system itself, as that account. */
export function canReach(account: Account | undefined, path: string): boolean {
  if (account === undefined) return true;
  const { uid, gid } = account;
  const tried = spawnSync('/bin/sh', ['-c', '[ -r "$1" ] && [ -x "$1" ]', 'sh', path], {
    uid,
    gid,
    cwd: '/',
  });
  return tried.status === 0;
}

/**
 * A folder for `account`'s data that belongs to it alone: `wished` when the account can reach it, else one below
 * /var/lib/sluice, named after `wished` (root's own folders, such as /root, let nobody else through).
 */
export function folderFor(account: Account | undefined, wished: string): string {
  makeOwned(wished, account);
  if (account === undefined || canReach(account, wished)) return wished;
  const name = createHash('sha256').update(realpathSync(wished)).digest('hex').slice(0, 12);
  const folder = join(systemFolder, name);
  mkdirSync(systemFolder, { recursive: true, mode: 0o755 });
  chmodSync(systemFolder, 0o755);
  makeOwned(folder, account);
  if (canReach(account, folder)) return folder;
  throw new SluiceError(
    'database_folder_unreachable',
    `PostgreSQL runs as "${account.name}", which can enter neither ${wished} nor ${folder}. Set DATA_DIR to a folder that it can enter, run Sluice as an ordinary user, or set DATABASE_URL.`,
  );
}

function makeOwned(folder: string, account: Account | undefined): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (account !== undefined) chownSync(folder, account.uid, account.gid);
}

function readPasswd(): string {
  try {
    return readFileSync('/etc/passwd', 'utf8');
  } catch {
    return '';
  }
}
