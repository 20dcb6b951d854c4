import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { serviceEnded } from './ended.ts';

export interface Running {
  /** Ends when the process ends, asked or not. */
  exited: Promise<unknown>;
  stop(): Promise<void>;
}

const tether = fileURLToPath(new URL('./tether.mjs', import.meta.url));

/**
 * Starts one of our own programs as a process that ends with this one. Its output goes to `logFile`; `onLine` sees
 * each line. Resolves once `ready` does; rejects when the process ends before that.
 * @throws SluiceError `service_ended` with what it said last.
 */
export async function startService(options: {
  script: string;
  /** Arguments of Node itself. */
  nodeArgs?: readonly string[];
  env: Record<string, string | undefined>;
  logFile: string;
  onLine?: (line: string) => void;
  ready: () => Promise<boolean>;
  /** Milliseconds between the request to stop and the kill. */
  patience?: number;
}): Promise<Running & { pid: number }> {
  const child = spawn(process.execPath, [...(options.nodeArgs ?? []), '--import', tether, options.script], {
    env: options.env as NodeJS.ProcessEnv,
    // A session of its own: Ctrl-C in the terminal reaches us only, and we stop things in order.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  }) as ChildProcessByStdio<null, Readable, Readable>;
  const log = createWriteStream(options.logFile, { flags: 'a', mode: 0o600 });
  const tail: string[] = [];
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => {
      log.write(`${line}\n`);
      tail.push(line);
      if (tail.length > 12) tail.shift();
      options.onLine?.(line);
    });
  }
  const state = { running: true };
  const exited = new Promise<number>((resolve) => {
    child.once('error', () => resolve(127));
    child.once('close', (code) => resolve(code ?? 1));
  }).then(async (code) => {
    state.running = false;
    await new Promise((resolve) => log.end(resolve));
    return code;
  });
  const stop = async () => {
    if (!state.running) return;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), options.patience ?? 15_000);
    await exited;
    clearTimeout(timer);
  };
  while (state.running && !(await options.ready())) {
    await Promise.race([exited, new Promise((resolve) => setTimeout(resolve, 60))]);
  }
  if (!state.running) throw serviceEnded(tail, await exited);
  return { pid: child.pid ?? 0, exited, stop };
}

/** True when `url` answers with success. */
export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
