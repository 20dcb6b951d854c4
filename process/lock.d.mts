export interface LockHolder {
  pid: number;
  identity: string;
  [note: string]: unknown;
}

export type Lock =
  | {
      acquired: true;
      /** Gives the lock back; does nothing when it is no longer ours. */
      release(): void;
      /** Replaces what the lock tells others. */
      describe(note: Record<string, unknown>): void;
    }
  | { acquired: false; holder: LockHolder };

/** What tells this process from a later one with the same number; empty when no such process lives. */
export function processIdentity(pid: number): string;
/** Who holds the lock, or undefined when nobody alive does. */
export function lockHolder(path: string): LockHolder | undefined;
/** Takes the lock file at `path` (its folder exists), or says who holds it. Locks of dead processes are taken over. */
export function acquireLock(path: string, note?: Record<string, unknown>): Lock;
