import type { ProgressView } from '../views.ts';

export type ProgressListener = (progress: ProgressView) => void;

/** The states in which a run is over. */
export const endStates = new Set(['succeeded', 'failed', 'cancelled']);

/**
 * One poll per run, shared by everybody who listens to it; it starts with the first and ends with the last listener or
 * with the run. `read` failing now and then (PostgreSQL restarts) costs a tick, not the listeners.
 */
export function createProgressWatch(
  read: (runId: string) => Promise<ProgressView>,
  options: { everyMs?: number; onError?: (error: unknown) => void } = {},
) {
  const { everyMs = 1_000, onError = () => {} } = options;
  const watches = new Map<string, { listeners: Set<ProgressListener>; timer: NodeJS.Timeout | undefined }>();

  const tick = async (runId: string) => {
    const watch = watches.get(runId);
    if (watch === undefined) return;
    try {
      const progress = await read(runId);
      for (const listener of watch.listeners) listener(progress);
      if (endStates.has(progress.state)) watches.delete(runId);
    } catch (error) {
      onError(error);
    }
    if (watches.get(runId) === watch) watch.timer = setTimeout(() => void tick(runId), everyMs).unref();
  };

  return {
    /** Adds a listener; the returned function takes it away. */
    listen(runId: string, listener: ProgressListener): () => void {
      let watch = watches.get(runId);
      if (watch === undefined) {
        watch = { listeners: new Set(), timer: undefined };
        watches.set(runId, watch);
        watch.timer = setTimeout(() => void tick(runId), everyMs).unref();
      }
      watch.listeners.add(listener);
      const joined = watch;
      return () => {
        joined.listeners.delete(listener);
        if (joined.listeners.size > 0) return;
        clearTimeout(joined.timer);
        if (watches.get(runId) === joined) watches.delete(runId);
      };
    },
    /** How many runs are polled now. */
    size: () => watches.size,
  };
}
