/** The sandbox's time: runs like the machine's, and can be set or moved. */
export interface Clock {
  now(): Date;
  set(to: Date): void;
  /** Moves time on (or back, when negative) by milliseconds. */
  advance(ms: number): void;
  /** Back to the machine's time. */
  reset(): void;
}

export function createClock(machine: () => number = Date.now): Clock {
  let offset = 0;
  return {
    now: () => new Date(machine() + offset),
    set(to) {
      if (Number.isNaN(to.getTime())) throw new Error('The clock cannot be set to an invalid date.');
      offset = to.getTime() - machine();
    },
    advance: (ms) => {
      if (!Number.isFinite(ms)) throw new Error('The clock can only be moved by a number of milliseconds.');
      offset += ms;
    },
    reset: () => {
      offset = 0;
    },
  };
}
