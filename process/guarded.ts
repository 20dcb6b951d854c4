import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * The program runs below a shell that waits for its standard input to close: that happens when we ask for it, and
 * also when our process dies in any way, `kill -9` included. So nothing is left running behind a dead parent.
 */
const guard = `
umask 077
exec 3<&0 </dev/null
"$@" 3<&- &
child=$!
if [ -n "$PID_FILE" ]; then echo $child > "$PID_FILE"; fi
(
  read -r line <&3
  kill -s "$STOP_SIGNAL" $child
  left=$PATIENCE
  while [ $left -gt 0 ] && kill -0 $child; do sleep 1; left=$((left - 1)); done
  kill -s KILL $child
) >/dev/null 2>&1 &
watch=$!
exec 3<&-
wait $child
code=$?
kill $watch 2>/dev/null
exit $code`;

export interface Guarded {
  /** Ends with the program's exit code. */
  exited: Promise<number>;
  isRunning(): boolean;
  /** Asks the program to stop and waits until it has; kills it when it takes too long. */
  stop(): Promise<void>;
}

/** Starts a foreign program that ends when this process does. Its output goes to `logFile`. */
export function spawnGuarded(options: {
  command: string;
  args: string[];
  stopSignal: 'INT' | 'TERM' | 'KILL';
  logFile: string;
  pidFile?: string;
  /** Seconds between the request to stop and the kill. */
  patience?: number;
  env?: Record<string, string>;
  account?: { uid: number; gid: number } | undefined;
}): Guarded {
  keepShort(options.logFile);
  const output = openSync(options.logFile, 'a', 0o600);
  const child = spawn('/bin/sh', ['-c', guard, 'sh', options.command, ...options.args], {
    cwd: '/',
    // A session of its own: Ctrl-C in the terminal reaches us only, and we stop things in order.
    detached: true,
    stdio: ['pipe', output, output],
    env: {
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
      HOME: process.env['HOME'] ?? '/',
      ...options.env,
      STOP_SIGNAL: options.stopSignal,
      PATIENCE: String(options.patience ?? 20),
      PID_FILE: options.pidFile ?? '',
    },
    ...options.account,
  });
  closeSync(output);
  child.stdin?.on('error', () => {});
  let running = true;
  const exited = new Promise<number>((resolve) => {
    child.once('error', () => resolve(127));
    child.once('exit', (code) => resolve(code ?? 1));
  }).then((code) => {
    running = false;
    return code;
  });
  // What runs below us must not keep us alive once everything else is done.
  child.unref();
  return {
    exited,
    isRunning: () => running,
    stop: async () => {
      child.ref();
      child.stdin?.end();
      await exited;
    },
  };
}

/** Command line of a living process, or undefined. From /proc where there is one, else from `ps`. */
export function commandLine(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() || undefined;
  } catch {
    if (process.platform === 'linux') return undefined;
    const { stdout } = spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return stdout.trim() || undefined;
  }
}

/**
 * Stops what a killed earlier run left behind: the process with the number in `pidFile`, if its command line still
 * contains `mark`. Waits `grace` milliseconds first, because its guard may be stopping it already.
 */
export async function stopLeftover(options: {
  pidFile: string;
  mark: string;
  signal: 'SIGINT' | 'SIGTERM';
  grace?: number;
}): Promise<boolean> {
  const pid = readPid(options.pidFile);
  const alive = () => pid !== undefined && (commandLine(pid)?.includes(options.mark) ?? false);
  if (pid === undefined || !alive()) return false;
  const steps = [
    { wait: options.grace ?? 2000 },
    { wait: 15_000, signal: options.signal },
    { wait: 5000, signal: 'SIGKILL' as const },
  ];
  for (const step of steps) {
    if (step.signal !== undefined) process.kill(pid, step.signal);
    for (let waited = 0; waited < step.wait; waited += 50) {
      if (!alive()) return true;
      await delay(50);
    }
  }
  throw new Error(
    `Process ${pid} of an earlier run does not stop. Stop it (kill -9 ${pid}) and start again.`,
  );
}

function readPid(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, 'utf8').split('\n')[0]);
    return Number.isInteger(pid) && pid > 1 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** The last lines of a program's log, for a message that says why it did not start. */
export function lastLines(path: string, count = 8): string {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    return '';
  }
}

function keepShort(path: string): void {
  try {
    if (statSync(path).size > 5_000_000) truncateSync(path);
  } catch {
    // The first start has no log yet.
  }
}
