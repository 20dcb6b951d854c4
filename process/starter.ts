import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { processIdentity } from './lock.mjs';
import { commandLine } from './guarded.ts';

/**
 * Tells whether the npm that runs this script still lives. npm starts a script through a shell, and a shell outlives
 * an npm that was killed: so it is the shell's parent that counts. Always true when npm has not started us.
 */
export function watchStarter(env: NodeJS.ProcessEnv = process.env): () => boolean {
  if (env['npm_lifecycle_event'] === undefined) return () => true;
  const parent = process.ppid;
  const shell = /^(\S*\/)?(sh|dash|bash|zsh) -c /.test(commandLine(parent) ?? '');
  const starter = shell ? parentOf(parent) : parent;
  const identity = processIdentity(starter);
  return () => processIdentity(starter) === identity;
}

function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return Number(spawnSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }).stdout) || pid;
  }
}
