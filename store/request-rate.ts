import { shortWaitMs } from '../atlassian/retry.ts';
import type { Ledger } from './ledger.ts';
import { limitKey } from './limit-keys.ts';

type Pause = (ms: number, signal: AbortSignal | undefined) => Promise<void>;

/**
 * A request rate of one app or token over all workers. Tokens are taken for half a second at once; the bucket holds ten
 * seconds' worth. `take` returns 0, or how long (ms) it is to be waited where that is too long to be sat out.
 */
export function createSharedRate(ledger: Ledger, key: string, perMinute: number, pause: Pause) {
  const perSecond = perMinute / 60;
  const lease = Math.max(1, Math.floor(perSecond / 2));
  const capacity = Math.max(lease, perSecond * 10);
  let leased = 0;
  let leasing: Promise<number> | null = null;
  const booked = new WeakSet<Promise<number>>();

  return async function take(signal: AbortSignal | undefined): Promise<number> {
    for (let waited = 0; ;) {
      if (leased >= 1) {
        leased -= 1;
        return 0;
      }
      leasing ??= ledger.take(key, lease, perSecond, capacity).finally(() => {
        leasing = null;
      });
      const own = leasing;
      const wait = await own;
      if (wait === 0) {
        // Everyone who waited for this lease arrives here; only the first adds it.
        if (!booked.has(own)) leased += lease;
        booked.add(own);
        continue;
      }
      if (waited + wait > shortWaitMs) return wait;
      waited += wait;
      await pause(wait, signal);
    }
  };
}

/**
 * A connection's own bound, one request after another at even distances, so that no minute ever holds more than it
 * allows. Sat out however long it takes: a step that gave up each time would get nowhere.
 */
export function createOwnRate(ledger: Ledger, connectionId: string, pause: Pause) {
  let last: Promise<void> = Promise.resolve();

  async function turn(perMinute: number, signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      const wait = await ledger.take(limitKey.rate(connectionId), 1, perMinute / 60, 1);
      if (wait === 0) return;
      await pause(wait, signal);
    }
  }

  return function take(perMinute: number, signal: AbortSignal | undefined): Promise<void> {
    const own = last.catch(() => {}).then(() => turn(perMinute, signal));
    last = own;
    return own;
  };
}
