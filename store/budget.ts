import { setTimeout as sleep } from 'node:timers/promises';
import type { Budget } from '../atlassian/budget.ts';
import { RateLimited, type Evidence } from '../atlassian/errors.ts';
import { shortWaitMs, untilNextHour } from '../atlassian/retry.ts';
import { createSharedBudget } from './ledger.ts';
import type { Db } from './schema.ts';

/** Points an hour that Atlassian gives an OAuth app by default, over all its sites ("Tier 1 Global Pool"). */
export const defaultHourlyPoints = 65_000;
/**
 * Requests a minute of one app or token over all workers, with ten seconds' worth as a burst. Confluence's own limit is
 * not published; this is half of Jira's (100 a second for GET), and Atlassian's headers slow us down further.
 */
export const defaultRequestsPerMinute = 3_000;
/** The rest is kept back for what other workers spend between two looks at the ledger, and for people's own calls. */
export const usableShare = 0.95;
const lookEveryMs = 1_000;
const writeEveryMs = 1_000;
const writeEveryRequests = 20;
const hourMs = 3_600_000;

/** All apps of one client id share one quota; a token has none, but one request rate. */
export const budgetKey = {
  app: (clientId: string) => `app:${clientId}`,
  connection: (id: string) => `connection:${id}`,
};

/**
 * A budget in PostgreSQL, shared by all workers through points_ledger and rate_limits. What is spent is written in
 * batches, and what others spent is read at most once a second.
 * `hourlyPoints` null: no quota. `requestsPerMinute` null or absent: no rate of our own.
 */
export function createBudget(deps: {
  db: Db;
  key: string;
  hourlyPoints: number | null;
  requestsPerMinute?: number | null;
  /** For tests. */
  pause?: (ms: number) => Promise<void>;
}): Budget {
  const shared = createSharedBudget(deps.db, deps.key);
  const pause = deps.pause ?? ((ms: number) => sleep(ms));
  const allowed = deps.hourlyPoints === null ? Infinity : Math.floor(deps.hourlyPoints * usableShare);
  const perSecond = (deps.requestsPerMinute ?? 0) / 60;
  // Tokens are taken for half a second at once; a bucket holds ten seconds' worth.
  const lease = Math.max(1, Math.floor(perSecond / 2));
  const capacity = Math.max(lease, perSecond * 10);

  /** Atlassian's clock less ours, as its last answer told. */
  let ahead = 0;
  let view = { hour: 0, points: 0, blockedUntil: 0, reason: '', readAt: -Infinity };
  let looking: Promise<void> | null = null;
  let leased = 0;
  let leasing: Promise<number> | null = null;
  let unwritten = new Map<number, { requests: number; points: number }>();
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();

  const theirNow = () => Date.now() + ahead;
  const currentHour = () => Math.floor(theirNow() / hourMs) * hourMs;

  function refused(waitMs: number, reason: string, quota: boolean): RateLimited {
    const retryAt = new Date(Date.now() + waitMs);
    return new RateLimited({ retryAt, reason, quota }, nothingSent);
  }

  async function look(): Promise<void> {
    const hour = currentHour();
    if (view.hour === hour && performance.now() - view.readAt < lookEveryMs) return;
    looking ??= shared
      .read(new Date(hour))
      .then(({ points, blockedForMs, reason }) => {
        const blockedUntil = blockedForMs > 0 ? Date.now() + blockedForMs : 0;
        view = { hour, points, blockedUntil, reason: reason ?? '', readAt: performance.now() };
        return undefined;
      })
      .finally(() => {
        looking = null;
      });
    await looking;
  }

  /** Short blocks are sat out, so that parallel requests need not each become a durable timer. */
  async function unblocked(): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      const wait = view.blockedUntil - Date.now();
      if (wait <= 0) return;
      if (wait > shortWaitMs || tries > 2) throw refused(wait, view.reason, /quota/i.test(view.reason));
      await pause(wait);
      await look();
    }
  }

  function afford(estimate: number): void {
    const spent = view.points + (unwritten.get(view.hour)?.points ?? 0);
    // A single request that is dearer than the whole allowance must still go through once.
    if (spent + Math.min(estimate, allowed) <= allowed) return;
    const reason = `quota: ${spent} of ${deps.hourlyPoints ?? 0} points are spent this hour`;
    throw refused(untilNextHour(new Date(theirNow())) + 1_000, reason, true);
  }

  async function takeToken(): Promise<void> {
    for (let waited = 0; ;) {
      if (leased >= 1) {
        leased -= 1;
        return;
      }
      leasing ??= shared.take(lease, perSecond, capacity).finally(() => {
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
      if (waited + wait > shortWaitMs) throw refused(wait, 'own request rate', false);
      waited += wait;
      await pause(wait);
    }
  }
  const booked = new WeakSet<Promise<number>>();

  async function write(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const batch = unwritten;
    unwritten = new Map();
    for (const [hour, { requests, points }] of batch) {
      try {
        const total = await shared.book(new Date(hour), requests, points);
        if (view.hour === hour) view.points = total;
      } catch (error) {
        add(hour, requests, points);
        throw error;
      }
    }
  }

  function flush(): Promise<void> {
    writing = writing.catch(() => {}).then(write);
    return writing;
  }

  function add(hour: number, requests: number, points: number): { requests: number } {
    const sum = unwritten.get(hour) ?? { requests: 0, points: 0 };
    sum.requests += requests;
    sum.points += points;
    unwritten.set(hour, sum);
    return sum;
  }

  return {
    async admit(estimate) {
      await look();
      await unblocked();
      afford(estimate);
      if (perSecond > 0) await takeToken();
    },
    charge({ requests, points, serverTime }) {
      if (serverTime !== undefined) ahead = serverTime.getTime() - Date.now();
      const sum = add(currentHour(), requests, points);
      // A failed write stays booked here and is tried again with the next.
      const later = () => void flush().catch(() => {});
      if (sum.requests >= writeEveryRequests) later();
      else timer ??= setTimeout(later, writeEveryMs).unref();
    },
    async blockUntil(date, reason) {
      const wait = date.getTime() - Date.now();
      if (wait <= 0) return;
      if (date.getTime() > view.blockedUntil) view = { ...view, blockedUntil: date.getTime(), reason };
      await shared.block(wait, reason);
    },
    flush,
  };
}

const nothingSent: Evidence = { method: 'budget', path: 'nothing was sent', status: null, traceId: null };
