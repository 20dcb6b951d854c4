import { watchStarter } from '../process/starter.ts';

/** Things to stop, last started first. */
export interface Stack {
  add(name: string, stop: () => Promise<void>): void;
  stopAll(): Promise<void>;
}

/** Keeps what was started, to stop it in the opposite order; what fails to stop is said and passed over. */
export function createStack(say: (line: string) => void): Stack {
  const entries: { name: string; stop: () => Promise<void> }[] = [];
  return {
    add: (name, stop) => void entries.push({ name, stop }),
    stopAll: async () => {
      for (let entry = entries.pop(); entry !== undefined; entry = entries.pop()) {
        try {
          await entry.stop();
        } catch (error) {
          say(`${entry.name} did not stop: ${error instanceof Error ? error.message : String(error)}`);
        }
      }
    },
  };
}

/**
 * Calls `first` at the first SIGINT, SIGTERM or SIGHUP, or when npm, which has started us, is gone, and `second` at the
 * next signal. npm passes on the SIGINT that the terminal has sent to us already: signals within a second are one.
 */
export function onStopRequest(first: () => void, second: () => void): void {
  let asked = 0;
  const request = () => {
    const now = Date.now();
    if (asked === 0) {
      asked = now;
      first();
    } else if (now - asked > 1000) second();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, request);
  const starterLives = watchStarter();
  setInterval(() => {
    if (asked === 0 && !starterLives()) request();
  }, 1000).unref();
}
