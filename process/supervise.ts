import type { Running } from './service.ts';

export interface Supervised {
  /** Stops the process for good. */
  stop(): Promise<void>;
}

const longestWait = 30_000;
const settledAfter = 60_000;

/** Milliseconds before the next start, after `failures` ends in a row: half a second, doubling, at most 30 s. */
export function restartDelay(failures: number): number {
  return Math.min(longestWait, 500 * 2 ** Math.max(0, failures - 1));
}

/**
 * Starts a process and keeps it going: when it ends unasked it is started again, after a wait that doubles while it
 * keeps ending. Rejects when the very first start fails.
 */
export async function supervise(options: {
  name: string;
  start: () => Promise<Running>;
  say: (line: string) => void;
}): Promise<Supervised> {
  const { name, start, say } = options;
  let current: Running | undefined = await start();
  let wake = () => {};
  const state = { stopping: false };
  const watch = async () => {
    let failures = 0;
    while (!state.stopping) {
      const since = Date.now();
      await current?.exited;
      if (state.stopping) return;
      if (current !== undefined && Date.now() - since > settledAfter) failures = 0;
      failures += 1;
      const delay = restartDelay(failures);
      if (current !== undefined)
        say(`${name} has ended unexpectedly: starting it again in ${delay / 1000} s`);
      current = undefined;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, delay);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      if (state.stopping) return;
      try {
        current = await start();
        say(`${name} runs again`);
      } catch (error) {
        say(`${name} did not start: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };
  const watching = watch();
  return {
    stop: async () => {
      state.stopping = true;
      wake();
      await current?.stop();
      await watching;
      // A start that was under way when we were asked to stop has a process by now.
      await current?.stop();
    },
  };
}
