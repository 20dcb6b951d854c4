import { spawnSync } from 'node:child_process';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

// Plain JavaScript, because the bootstrap runs it before anything that reads TypeScript is installed.

/**
 * What tells this process from a later one with the same number: its start time. Empty when no such process lives.
 * Linux: field 22 of /proc/PID/stat (proc_pid_stat(5)); elsewhere `ps -o lstart=`.
 */
export function processIdentity(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? '' : (fields[19] ?? '');
  } catch (error) {
    if (process.platform === 'linux' && error.code !== 'EACCES') return '';
    return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? '';
  }
}

/** Who holds the lock, or undefined when nobody alive does. */
export function lockHolder(path) {
  let holder;
  try {
    holder = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
  const identity = processIdentity(holder.pid);
  return identity !== '' && identity === holder.identity ? holder : undefined;
}

/**
 * Takes the lock file at `path`, or returns who holds it. A lock whose process is gone is taken over.
 * `note` is any JSON that the holder wants others to read.
 */
export function acquireLock(path, note = {}) {
  const mine = `${path}.${process.pid}`;
  const content = (more) =>
    JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid), ...note, ...more });
  writeFileSync(mine, content({}), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      try {
        // A link appears whole or not at all, and only once.
        linkSync(mine, path);
        return {
          acquired: true,
          release: () => releaseLock(path),
          describe: (more) => {
            writeFileSync(mine, content(more), { mode: 0o600 });
            renameSync(mine, path);
          },
        };
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      const holder = lockHolder(path);
      if (holder !== undefined) return { acquired: false, holder };
      setAside(path, `${mine}.stale`);
    }
    throw new Error(`The lock ${path} changes hands all the time: delete it and try again.`);
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Moves a stale lock away; gives it back when another process took it over in between. */
function setAside(path, aside) {
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (lockHolder(aside) !== undefined) {
    try {
      linkSync(aside, path);
    } catch {
      // A third process has it by now: it goes on, and the one in between finds out by its own holder check.
    }
  }
  rmSync(aside, { force: true });
}

function releaseLock(path) {
  if (lockHolder(path)?.pid === process.pid) rmSync(path, { force: true });
}
