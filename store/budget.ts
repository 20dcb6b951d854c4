import { setTimeout as sleep } from 'node:timers/promises';
import type { Asking, Budget } from '../atlassian/budget.ts';
import { EndpointFailing, RateLimited, type Evidence, type Wait } from '../atlassian/errors.ts';
import { shortWaitMs, spacingMs, untilNextHour, type NearLimit } from '../atlassian/retry.ts';
import { circuitTimes, createCircuits, type CircuitTimes } from './circuits.ts';
import { lendingFromMs, quotaObstacle } from './fair-share.ts';
import { createLedger, type LimitsNow } from './ledger.ts';
import { limitKey } from './limit-keys.ts';
import { createPointsMeter, type PointsMeter } from './points-meter.ts';
import { createOwnRate, createSharedRate } from './request-rate.ts';
import type { Db } from './schema.ts';

export { budgetKey } from './limit-keys.ts';

/** Points an hour that Atlassian gives an OAuth app by default, over all its sites ("Tier 1 Global Pool"). */
export const defaultHourlyPoints = 65_000;
/**
 * Requests a minute of one app or token over all workers, with ten seconds' worth as a burst. Confluence's own limit is
 * not published; this is half of Jira's (100 a second for GET), and Atlassian's headers slow us down further.
 */
export const defaultRequestsPerMinute = 3_000;
/** The rest is kept back for what other workers spend between two looks at the ledger, and for people's own calls. */
export const usableShare = 0.95;
/** A look at what others did is good for so long; from half a second on, the next is taken beside the requests. */
const lookEveryMs = 1_000;
const lookAheadMs = 200;
/** How soon it is looked again whether others have left points over: their syncs may end at any time. */
const lookForPointsMs = 120_000;
/** How soon it is looked again whether another's try of a failing endpoint has gone well. */
const probeLookMs = 15_000;

export interface BudgetDeps {
  db: Db;
  /** Of the app or token (`budgetKey`). */
  key: string;
  /** null: no quota. */
  hourlyPoints: number | null;
  /** null or absent: no rate of our own. */
  requestsPerMinute?: number | null;
  connectionId?: string;
  /** The site's host; limits of sites and endpoints are kept by it. */
  host?: string;
  /** Shared by the connections of one app in this process; one of its own unless given. */
  meter?: PointsMeter;
  circuits?: CircuitTimes;
  /** For tests. */
  pause?: (ms: number) => Promise<void>;
}

/**
 * A connection's budget in PostgreSQL, shared by all workers through points_ledger and rate_limits. What is spent is
 * written in batches, and what others did is read a few times a second at most.
 */
export function createBudget(deps: BudgetDeps): Budget {
  const { key, hourlyPoints, host = 'unknown', connectionId = null } = deps;
  const ledger = createLedger(deps.db);
  const meter = deps.meter ?? createPointsMeter(ledger, key, hourlyPoints);
  const times = deps.circuits ?? circuitTimes;
  const circuits = createCircuits(deps.db, times);
  const pause = deps.pause ?? pauseFor;
  const usable = hourlyPoints === null ? Infinity : Math.floor(hourlyPoints * usableShare);
  const perMinute = deps.requestsPerMinute ?? 0;
  const sharedRate = perMinute > 0 ? createSharedRate(ledger, key, perMinute, pause) : null;
  const ownRate = connectionId === null ? null : createOwnRate(ledger, connectionId, pause);
  const keysOf = (endpoint: string) => [key, limitKey.site(key, host), limitKey.endpoint(host, endpoint)];

  let view: LimitsNow & { hour: number; readAt: number } = nothingKnown;
  let looking: Promise<void> | null = null;
  /** By key: when it ends by our clock. `failing`: an endpoint that must be tried first. */
  const blocks = new Map<string, { until: number; reason: string; failing: boolean }>();
  const failuresInARow = new Map<string, number>();
  let near: (NearLimit & { until: number }) | null = null;
  let nextAt = 0;

  async function look(force = false): Promise<void> {
    const hour = meter.hour();
    const age = view.hour === hour ? performance.now() - view.readAt : Infinity;
    if (!force && age < lookAheadMs) return;
    looking ??= readLimits(hour).finally(() => {
      looking = null;
    });
    // What is nearly good enough is not waited for; a failed look shows when it must be.
    if (!force && age < lookEveryMs) looking.catch(() => {});
    else await looking;
  }

  async function readLimits(hour: number): Promise<void> {
    const asked = performance.now();
    const found = await ledger.read({ budget: key, connectionId, host, hour: new Date(hour) });
    meter.learn(hour, found.points);
    view = { ...found, hour, readAt: asked };
    for (const [name, { blockedForMs, reason, failing }] of found.blocks) {
      const until = Math.max(Date.now() + blockedForMs, failing ? 0 : (blocks.get(name)?.until ?? 0));
      blocks.set(name, { until, reason, failing });
    }
    for (const [name, block] of blocks) {
      if (!found.blocks.has(name) && (block.failing || block.until <= Date.now())) blocks.delete(name);
    }
  }

  function refused(waitMs: number, wait: Omit<Wait, 'retryAt'>): RateLimited {
    return new RateLimited({ retryAt: new Date(Date.now() + waitMs), ...wait }, nothingSent);
  }

  /** Short blocks are sat out, so that parallel requests need not each become a durable timer. */
  async function unblocked({ endpoint, signal }: Asking): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      const failingKey = limitKey.endpoint(host, endpoint);
      const longest = keysOf(endpoint)
        .flatMap((name) => blocks.get(name) ?? [])
        .toSorted((a, b) => b.until - a.until)[0];
      let wait = (longest?.until ?? 0) - Date.now();
      if (wait <= 0) {
        if (blocks.get(failingKey)?.failing !== true) return;
        const other = await circuits.claimProbe(failingKey);
        if (other === null) return;
        // Another tries; its answer mostly comes soon.
        wait = Math.min(other, tries > 2 ? probeLookMs : 1_000);
      }
      if (wait > shortWaitMs || tries > 3) throw blockedBy(longest, wait, endpoint);
      await pause(wait, signal);
      await look(true);
    }
  }

  function blockedBy(
    block: { reason: string; failing: boolean } | undefined,
    waitMs: number,
    endpoint: string,
  ): RateLimited {
    const reason = block?.reason ?? '';
    if (block?.failing !== true) return refused(waitMs, { reason, quota: /quota/i.test(reason) });
    const retryAt = new Date(Date.now() + waitMs);
    return new EndpointFailing({ retryAt, endpoint, failure: reason }, nothingSent);
  }

  function afford(estimate: number, purpose: Asking['purpose']): void {
    if (usable === Infinity) return;
    const hour = meter.hour();
    const intoHourMs = meter.intoHour();
    const sharing = {
      usable,
      spent: meter.spent(hour),
      own: (view.hour === hour ? view.own : 0) + meter.unwrittenOf(connectionId, hour),
      others: view.others,
      intoHourMs,
      besidePermissions: purpose === 'content' && view.permissionsAreRead,
    };
    const obstacle = quotaObstacle(sharing, estimate);
    if (obstacle === null) return;
    const untilFull = untilNextHour(new Date(hour + intoHourMs)) + 1_000;
    if (obstacle === 'spent') {
      const reason = `quota: ${Math.round(sharing.spent)} of ${hourlyPoints ?? 0} points are spent this hour`;
      throw refused(untilFull, { reason, quota: true });
    }
    if (obstacle === 'permissions') {
      const told = "The rest of the hour's points is kept for reading permissions";
      throw refused(lookForPointsMs, { reason: 'quota: kept for permissions', quota: true, told });
    }
    const others =
      view.others.length === 1 ? 'another connection' : `${view.others.length} other connections`;
    const told = `This connection has used its share of the hour's points; the rest is kept for ${others} of the same app`;
    throw refused(Math.min(lendingFromMs - intoHourMs, lookForPointsMs), {
      reason: 'quota: fair share',
      quota: true,
      told,
    });
  }

  /** A limit that comes near slows down beforehand: one request after another, so that what is left lasts. */
  async function spaced(estimate: number, signal: AbortSignal | undefined): Promise<void> {
    if (near === null || near.until <= Date.now()) return;
    nextAt =
      Math.max(Date.now(), nextAt) + spacingMs({ ...near, resetMs: near.until - Date.now() }, estimate);
    await pause(nextAt - Date.now(), signal);
  }

  return {
    async admit(estimate, asking = { endpoint: '' }) {
      const { signal } = asking;
      await look();
      await unblocked(asking);
      afford(estimate, asking.purpose);
      await spaced(estimate, signal);
      const wait = (await sharedRate?.(signal)) ?? 0;
      if (wait > 0) throw refused(wait, { reason: 'own request rate', quota: false });
      if (view.requestsPerMinute !== null) await ownRate?.(view.requestsPerMinute, signal);
    },
    isBlocked: (endpoint) => keysOf(endpoint).some((name) => (blocks.get(name)?.until ?? 0) > Date.now()),
    charge(cost) {
      if (cost.near !== undefined && cost.near !== null) {
        near = { ...cost.near, until: Date.now() + cost.near.resetMs };
      }
      meter.charge(connectionId, cost);
    },
    async blockUntil(date, reason, of = { scope: 'app', endpoint: '' }) {
      const wait = date.getTime() - Date.now();
      if (wait <= 0) return;
      const [app = key, site = key, endpoint = key] = keysOf(of.endpoint);
      const name = { app, site, endpoint }[of.scope];
      const known = blocks.get(name);
      if (known === undefined || date.getTime() > known.until) {
        blocks.set(name, { until: date.getTime(), reason, failing: known?.failing ?? false });
      }
      await ledger.block(name, wait, reason);
    },
    async outcome(endpoint, failure) {
      const name = limitKey.endpoint(host, endpoint);
      const isFailing = blocks.get(name)?.failing === true;
      if (failure === null) {
        failuresInARow.delete(name);
        if (!isFailing) return;
        blocks.delete(name);
        await circuits.close(name);
        return;
      }
      const inARow = (failuresInARow.get(name) ?? 0) + 1;
      failuresInARow.set(name, inARow);
      if (!isFailing && inARow < times.failures) return;
      const until = Date.now() + (await circuits.open(name, failure));
      blocks.set(name, { until, reason: failure, failing: true });
    },
    flush: meter.flush,
  };
}

async function pauseFor(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(Math.max(ms, 0), undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    throw signal?.aborted === true ? signal.reason : error;
  }
}

const nothingKnown = {
  hour: 0,
  readAt: -Infinity,
  points: 0,
  own: 0,
  others: [],
  requestsPerMinute: null,
  permissionsAreRead: false,
  blocks: new Map(),
};

const nothingSent: Evidence = { method: 'budget', path: 'nothing was sent', status: null, traceId: null };
