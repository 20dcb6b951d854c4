import { mostAtOnce, nextPace, startingPace, type Outcome, type Pace } from './concurrency.ts';

/** Holds requests to one site back, so that no more are under way than it bears. One per app and site in a process. */
export interface Gate {
  /** Returns when a request may be sent, in the order of asking; then `leave` must be called. @throws the signal's reason */
  enter(signal?: AbortSignal): Promise<Passage>;
  /** How many may be under way now. */
  readonly limit: number;
  readonly underWay: number;
}

export interface Passage {
  /** `outcome` null: nothing was sent. */
  leave(outcome: Outcome | null, endpoint: string): void;
}

export function createGate(options: { most?: number; now?: () => number } = {}): Gate {
  const most = options.most ?? mostAtOnce;
  const now = options.now ?? (() => performance.now());
  let pace: Pace = startingPace(most);
  let underWay = 0;
  const waiting = new Set<() => void>();

  function letIn(): void {
    for (const go of waiting) {
      if (underWay >= Math.floor(pace.limit)) return;
      waiting.delete(go);
      underWay += 1;
      go();
    }
  }

  function turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = () => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = () => {
        waiting.delete(go);
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      waiting.add(go);
    });
  }

  return {
    get limit() {
      return Math.floor(pace.limit);
    },
    get underWay() {
      return underWay;
    },
    async enter(signal) {
      signal?.throwIfAborted();
      if (waiting.size === 0 && underWay < Math.floor(pace.limit)) underWay += 1;
      else await turn(signal);
      const sentAt = now();
      let left = false;
      return {
        leave(outcome, endpoint) {
          if (left) return;
          left = true;
          if (outcome !== null) {
            pace = nextPace(pace, { outcome, endpoint, sentAt, endedAt: now(), underWay }, most);
          }
          underWay -= 1;
          letIn();
        },
      };
    },
  };
}
