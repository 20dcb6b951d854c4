import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SluiceError } from '../errors.ts';
import { acquireLock } from '../process/lock.mjs';
import { buildWithGo } from './build.ts';
import { downloadServer } from './download.ts';

/** The version that is fetched when the machine has none. Later tags cannot be built by `go install`. */
export const temporalVersion = '1.5.1';

/** Where a fetched server is kept: outside the checkout, so that every clone has it. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache'), 'sluice');
}

/**
 * Path of a Temporal development server: `temporal` on the PATH, else the cached one, else the official download, else
 * a build by the Go toolchain. What was fetched is cached.
 * @throws SluiceError `no_temporal_server` that names the remedies.
 */
export async function temporalBinary(options: {
  progress: (line: string) => void;
  env?: NodeJS.ProcessEnv;
  downloadOrigin?: string;
}): Promise<string> {
  const env = options.env ?? process.env;
  const installed = onPath(env['PATH'] ?? '');
  if (installed !== undefined) return installed;
  const folder = cacheFolder(env);
  const cached = join(folder, `temporal-${temporalVersion}`);
  if (isExecutable(cached)) return cached;
  mkdirSync(folder, { recursive: true });
  const lock = await takeTurn(`${cached}.lock`, cached, options.progress);
  try {
    if (isExecutable(cached)) return cached;
    // With the lock ours, whatever is half fetched was left by a process that was killed.
    for (const name of readdirSync(folder)) {
      if (/^(build|download)-|\.part$/.test(name)) rmSync(join(folder, name), { recursive: true });
    }
    return await fetchServer(cached, { ...options, env });
  } finally {
    lock.release();
  }
}

async function fetchServer(
  target: string,
  options: { progress: (line: string) => void; env: NodeJS.ProcessEnv; downloadOrigin?: string },
): Promise<string> {
  const { progress, env } = options;
  const failures: string[] = [];
  const ways = [
    () => downloadServer({ target, version: temporalVersion, progress, origin: options.downloadOrigin }),
    () => buildWithGo({ target, version: temporalVersion, progress, env }),
  ];
  for (const way of ways) {
    try {
      await way();
      return target;
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new SluiceError(
    'no_temporal_server',
    [
      'Sluice needs a Temporal server, and could neither find nor fetch one:',
      ...failures.map((failure) => `  - ${failure}`),
      'Do one of these, then start again:',
      '  - set TEMPORAL_ADDRESS to a Temporal server of yours (host:port);',
      '  - install the Temporal CLI so that `temporal` is on the PATH (https://docs.temporal.io/cli);',
      `  - allow access to https://temporal.download, or install Go (https://go.dev/dl), from which Sluice builds the server once (${temporalVersion}).`,
    ].join('\n'),
  );
}

/** Waits while another process fetches the server; the lock of a dead process is taken over. */
async function takeTurn(path: string, wanted: string, progress: (line: string) => void) {
  for (let waited = 0; ; waited += 1) {
    const lock = acquireLock(path);
    if (lock.acquired) return lock;
    if (isExecutable(wanted)) return { release: () => {} };
    if (waited % 20 === 2)
      progress(`Waiting for process ${lock.holder.pid}, which fetches the Temporal server`);
    await delay(500);
  }
}

function onPath(path: string): string | undefined {
  const candidates = path
    .split(delimiter)
    .filter((folder) => folder !== '' && !folder.includes('node_modules'));
  // A program of that name that is something else, or broken, is passed over.
  return candidates
    .map((folder) => join(folder, 'temporal'))
    .find((file) => isExecutable(file) && spawnSync(file, ['--version'], { timeout: 10_000 }).status === 0);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
