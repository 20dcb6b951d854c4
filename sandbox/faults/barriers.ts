/** Requests that wait for each other, or for a test, by name. */
export interface Barriers {
  hold(name: string, go: () => void): void;
  /** Lets go of those that wait (all, or `count`); returns how many. */
  release(name: string, count?: number): number;
  waiting(): Record<string, number>;
  /** Settles as soon as `count` requests wait at the barrier. */
  whenHeld(name: string, count?: number): Promise<void>;
  releaseAll(): void;
}

export function createBarriers(): Barriers {
  const held = new Map<string, (() => void)[]>();
  const watchers: { name: string; count: number; resolve: () => void }[] = [];
  const queue = (name: string): (() => void)[] => held.get(name) ?? [];
  const release = (name: string, count = Infinity): number => {
    const going = queue(name).splice(0, count);
    for (const go of going) go();
    return going.length;
  };
  return {
    hold(name, go) {
      held.set(name, [...queue(name), go]);
      for (const watcher of watchers.splice(0)) {
        if (watcher.name === name && queue(name).length >= watcher.count) watcher.resolve();
        else watchers.push(watcher);
      }
    },
    release,
    waiting: () => Object.fromEntries([...held].map(([name, list]) => [name, list.length])),
    whenHeld: (name, count = 1) =>
      new Promise((resolve) => {
        if (queue(name).length >= count) resolve();
        else watchers.push({ name, count, resolve });
      }),
    releaseAll() {
      for (const name of held.keys()) release(name);
    },
  };
}
