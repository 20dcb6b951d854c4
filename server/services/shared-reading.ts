/**
 * One thing that is read again and again for everybody who listens: the reading starts with the first listener and ends
 * with the last. One that takes long is done less often, so that it takes a twentieth of the time at most. `read`
 * failing now and then (PostgreSQL restarts) costs a turn, not the listeners.
 */
export function createSharedReading<T>(
  read: () => Promise<T>,
  options: { everyMs: number; onError: (error: unknown) => void },
) {
  const listeners = new Set<(value: T) => void>();
  let timer: NodeJS.Timeout | undefined;
  let reading = false;

  const wait = (ms: number) => {
    timer = setTimeout(() => void turn(), ms).unref();
  };
  const turn = async () => {
    reading = true;
    timer = undefined;
    const began = performance.now();
    try {
      const value = await read();
      for (const listener of listeners) listener(value);
    } catch (error) {
      options.onError(error);
    }
    reading = false;
    if (listeners.size > 0) wait(Math.max(options.everyMs, (performance.now() - began) * 20));
  };

  return {
    /** Adds a listener; the returned function takes it away. */
    listen(listener: (value: T) => void): () => void {
      listeners.add(listener);
      if (timer === undefined && !reading) wait(options.everyMs);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearTimeout(timer);
        timer = undefined;
      };
    },
    /** How many listen now. */
    size: () => listeners.size,
  };
}
