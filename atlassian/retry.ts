/**
 * When to try again: pure arithmetic over an answer's headers. Sources: Atlassian's rate-limit pages ("Rate limiting",
 * Jira and Confluence Cloud) for the headers and the back-off; RFC 9110 section 10.2.3 for Retry-After.
 */

/** Whom a limit holds for: all that the app asks anywhere, all of one site, or one endpoint of the site. */
export type LimitScope = 'app' | 'site' | 'endpoint';

/** What a limited answer tells. `waitMs` null: it names no time, so back off. */
export interface Limit {
  waitMs: number | null;
  reason: string;
  scope: LimitScope;
  /** The hour's points are used up, rather than a burst limit. */
  quota: boolean;
  /** The asked wait was absurd and has been cut to `longestWaitMs`. */
  capped: boolean;
}

/** No quota lasts longer than an hour; a minute more for clocks that differ. */
export const longestWaitMs = 3_660_000;
/** Waits up to this are slept in the process; longer ones are left to the caller's durable timer. */
export const shortWaitMs = 5_000;
/** Tries of a request that meets 5xx, network failures or short limits. */
export const maxTries = 4;

/** `headers` have lower-case names; `serverTime` is the answer's Date, against which absolute times are measured. */
export function readLimit(
  headers: Record<string, string | undefined>,
  serverTime: Date,
  status = 429,
): Limit {
  const structured = exhausted(parseRateLimit(headers['ratelimit']));
  const told = headers['ratelimit-reason'] ?? structured?.policy ?? headers['x-failure-category'];
  const reason = (told ?? 'no reason given').slice(0, 100);
  const quota = /quota/i.test(reason);
  const asked =
    parseRetryAfter(headers['retry-after'], serverTime) ??
    parseReset(headers['x-ratelimit-reset'], serverTime) ??
    structured?.waitMs ??
    (quota ? untilNextHour(serverTime) : null);
  // A site that is down for maintenance says nothing of the app's limits.
  const scope = status === 503 && told === undefined ? 'site' : scopeOf(reason);
  if (asked === null) return { waitMs: null, reason, scope, quota, capped: false };
  const waitMs = Math.min(Math.max(asked, 0), longestWaitMs);
  return { waitMs, reason, scope, quota, capped: asked > longestWaitMs };
}

/** By the words in RateLimit-Reason; what names nothing that we know stops the whole app, to be on the safe side. */
function scopeOf(reason: string): LimitScope {
  if (/global/i.test(reason)) return 'app';
  if (/tenant/i.test(reason)) return 'site';
  return /burst/i.test(reason) ? 'endpoint' : 'app';
}

/** A limit that comes near: what is left of it, and how long that must last. */
export interface NearLimit {
  /** Points where `quota`, else requests. */
  remaining: number;
  /** The whole of it; null where it was not told. */
  limit: number | null;
  /** Until it is full again. */
  resetMs: number;
  quota: boolean;
  scope: LimitScope;
}

/** What an answer tells of a limit of which less than a fifth is left; null where none comes near. */
export function readNearLimit(
  headers: Record<string, string | undefined>,
  serverTime: Date,
): NearLimit | null {
  const structured = parseRateLimit(headers['ratelimit'])
    .flatMap(({ policy, left, waitMs }) => (left === null ? [] : [{ policy, left, waitMs }]))
    .toSorted((a, b) => a.left / Math.max(a.waitMs, 1) - b.left / Math.max(b.waitMs, 1))[0];
  if (structured !== undefined) {
    const { policy, left, waitMs } = structured;
    const limit = limitOf(headers['ratelimit-policy'], policy);
    const bounded = Math.min(waitMs, longestWaitMs);
    return { remaining: left, limit, resetMs: bounded, quota: /quota/i.test(policy), scope: scopeOf(policy) };
  }
  if (headers['x-ratelimit-nearlimit']?.toLowerCase() !== 'true') return null;
  const remaining = countIn(headers['x-ratelimit-remaining']);
  const resetMs = parseReset(headers['x-ratelimit-reset'], serverTime);
  if (remaining === null || resetMs === null) return null;
  // These headers do not say what they count; Atlassian documents them with the burst limits.
  return {
    remaining,
    limit: countIn(headers['x-ratelimit-limit']),
    resetMs: Math.min(Math.max(resetMs, 0), longestWaitMs),
    quota: false,
    scope: 'app',
  };
}

/** Requests are never spread further than this: what is left may then be used up early, and the hour's end waited for. */
const widestSpacingMs = 2_000;

/** How far apart requests of this cost are to be, so that what is left lasts until it is full again. */
export function spacingMs({ remaining, resetMs, quota }: NearLimit, points: number): number {
  const cost = quota ? points : 1;
  return Math.min(widestSpacingMs, (resetMs * cost) / Math.max(remaining, 1));
}

function limitOf(header: string | undefined, policy: string): number | null {
  const entry = (header ?? '').split(',').find((each) => each.includes(`"${policy}"`));
  return countIn(/;\s*q=(\d+)/.exec(entry ?? '')?.[1]);
}

const countIn = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,12}$/.test(text.trim()) ? Number(text) : null;

/** 2 s, doubling up to 30 s, times 0.7 to 1.3. `attempt` counts from 1; `random` is in [0, 1). */
export function backoffMs(attempt: number, random: number): number {
  const base = Math.min(2_000 * 2 ** (Math.max(attempt, 1) - 1), 30_000);
  return Math.round(base * (0.7 + 0.6 * random));
}

/** Quotas are refilled at the top of each UTC hour. */
export function untilNextHour(serverTime: Date): number {
  const hour = 3_600_000;
  return hour - (serverTime.getTime() % hour);
}

/** Seconds, or an HTTP date. */
function parseRetryAfter(value: string | undefined, serverTime: Date): number | null {
  const text = value?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  // Date.parse takes much for a date; only the three forms of HTTP begin with a weekday.
  if (!/^(mon|tue|wed|thu|fri|sat|sun)/i.test(text)) return null;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time - serverTime.getTime();
}

/** ISO 8601, possibly without seconds; Unix seconds are understood too. */
function parseReset(value: string | undefined, serverTime: Date): number | null {
  const text = value?.trim() ?? '';
  const time = /^\d{9,11}$/.test(text)
    ? Number(text) * 1000
    : /^\d{4}-\d\d-\d\dT/.test(text)
      ? Date.parse(text)
      : Number.NaN;
  return Number.isNaN(time) ? null : time - serverTime.getTime();
}

/**
 * `RateLimit: "global-app-quota";r=0;t=1200, …`. Policies whose name begins with `Beta-` are told for information and
 * not enforced.
 */
function parseRateLimit(
  value: string | undefined,
): { policy: string; left: number | null; waitMs: number }[] {
  return (value ?? '').split(',').flatMap((entry) => {
    const policy = /^\s*"?([^";]+)"?/.exec(entry)?.[1]?.trim() ?? '';
    const seconds = /;\s*t=(\d+)/.exec(entry)?.[1];
    if (seconds === undefined || /^beta-/i.test(policy)) return [];
    return [{ policy, left: countIn(/;\s*r=(\d+)/.exec(entry)?.[1]), waitMs: Number(seconds) * 1000 }];
  });
}

/** Of several policies the exhausted one that lasts longest. */
function exhausted(entries: ReturnType<typeof parseRateLimit>): { policy: string; waitMs: number } | null {
  const empty = entries.filter(({ left }) => left === null || left === 0);
  const pool = empty.length > 0 ? empty : entries;
  return pool.toSorted((a, b) => b.waitMs - a.waitMs)[0] ?? null;
}
