import { setTimeout as sleep } from 'node:timers/promises';

/** How far one stream has come, for another that is better stored after it. */
export interface Progress {
  /** Ids of content rise with their age in Confluence, so the highest one tells how far a listing is. */
  advance(ids: Iterable<string>): void;
  finish(): void;
  /** Waits until the other stream has passed all these ids, has ended, or `withinMs` is over. */
  passed(ids: Iterable<string>, withinMs: number): Promise<void>;
}

export function createProgress(): Progress {
  let reached = 0n;
  let ended = false;
  let waiting: (() => void)[] = [];
  const wake = () => {
    const woken = waiting;
    waiting = [];
    for (const resume of woken) resume();
  };
  return {
    advance(ids) {
      const highest = highestOf(ids);
      if (highest > reached) reached = highest;
      wake();
    },
    finish() {
      ended = true;
      wake();
    },
    async passed(ids, withinMs) {
      const wanted = highestOf(ids);
      const tooLong = new AbortController();
      const late = sleep(withinMs, undefined, { signal: tooLong.signal }).catch(() => {});
      let isLate = false;
      void late.then(() => (isLate = true));
      while (!ended && !isLate && reached < wanted) {
        await Promise.race([late, new Promise<void>((resolve) => waiting.push(resolve))]);
      }
      tooLong.abort();
    },
  };
}

function highestOf(ids: Iterable<string>): bigint {
  let highest = 0n;
  for (const id of ids) {
    const value = /^\d+$/.test(id) ? BigInt(id) : 0n;
    if (value > highest) highest = value;
  }
  return highest;
}
