import { SluiceError } from '../errors.ts';

/** Too many failures in a row. Answered with 429. */
export class TooManyAttempts extends SluiceError {
  override name = 'TooManyAttempts';
  constructor(seconds: number) {
    super('too_many_attempts', `Too many failed attempts. Try again in ${Math.ceil(seconds / 60)} minutes.`, {
      status: 429,
      details: { retryAfterSeconds: seconds },
    });
  }
}

/** What failures are counted by, and how many are let through in a window. */
export interface AttemptKey {
  key: string;
  limit: number;
}

export interface Attempts {
  /**
   * Counts an attempt before its outcome is known, so that a thousand at once do not slip through together.
   * @throws TooManyAttempts, and counts nothing
   */
  begin(keys: AttemptKey[]): void;
  /** Takes a successful attempt back; what failed before stays counted. */
  succeed(keys: AttemptKey[]): void;
}

/**
 * Counts failures per key (an email, an address) in a window that starts with the first of them.
 *
 * In this process only, on purpose: Argon2 already bounds guesses to some tens a second, the limit is there to stop
 * long lists, and a server more merely multiplies it. A table would let strangers write to the database at will.
 */
export function createAttempts(options: { windowSeconds?: number; clock?: () => number } = {}): Attempts {
  const { windowSeconds = 900, clock = Date.now } = options;
  const windows = new Map<string, { failures: number; endsAt: number }>();

  const current = (key: string) => {
    const window = windows.get(key);
    if (window !== undefined && window.endsAt > clock()) return window;
    windows.delete(key);
    return undefined;
  };
  return {
    begin(keys) {
      for (const { key, limit } of keys) {
        const window = current(key);
        if (window !== undefined && window.failures >= limit) {
          throw new TooManyAttempts(Math.ceil((window.endsAt - clock()) / 1_000));
        }
      }
      for (const { key } of keys) {
        const window = current(key);
        if (window !== undefined) window.failures += 1;
        else windows.set(key, { failures: 1, endsAt: clock() + windowSeconds * 1_000 });
      }
      // Bounded: the oldest go first, which a flood of addresses would have to be large to use.
      for (const key of windows.keys()) {
        if (windows.size <= 50_000) break;
        windows.delete(key);
      }
    },
    succeed(keys) {
      for (const { key } of keys) {
        const window = current(key);
        if (window !== undefined) window.failures = Math.max(0, window.failures - 1);
      }
    },
  };
}
