import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { endpointOf, type Budget } from './budget.ts';
import { failureOf } from './classify.ts';
import type { Outcome } from './concurrency.ts';
import type { Credential } from './credential.ts';
import {
  AtlassianError,
  EndpointFailing,
  InvalidAnswer,
  RateLimited,
  RefusedUrl,
  Unauthorized,
  type Evidence,
} from './errors.ts';
import { createGate, type Gate, type Passage } from './gate.ts';
import type { Download, Downloaded } from './download.ts';
import type { AtlassianAnswer, AtlassianHttp } from './http.ts';
import { backoffMs, maxTries, readNearLimit, shortWaitMs } from './retry.ts';

export interface ApiCall<T> {
  method?: 'GET' | 'POST';
  /** Below the credential's base, e.g. `/wiki/api/v2/pages`. */
  path: string;
  /** A list becomes a repeated parameter; undefined and null are left out. */
  query?: Record<string, string | number | readonly string[] | null | undefined>;
  json?: unknown;
  /** The answer is a redirect, and `schema` is of its address. */
  redirects?: true;
  /** Most points that the answer may cost. */
  estimate: number;
  schema: z.ZodType<T>;
  /** Points that this answer cost. */
  points: (value: T) => number;
}

export interface ApiAnswer<T> {
  value: T;
  serverTime: Date;
  evidence: Evidence;
}

export interface Api {
  /**
   * One request with everything around it: admission by the budget, a place among those under way, the credential and
   * its one refresh, retries of what is worth it, the schema, and the bill.
   * @throws AtlassianError; RateLimited when the wait is longer than shortWaitMs.
   */
  call<T>(call: ApiCall<T>): Promise<ApiAnswer<T>>;
  /**
   * One file from the address that a redirect gave, into `to`. The credential goes along only to the very origin that it
   * is for. Not held back by the budget, as files are no API requests, but counted.
   * @throws AtlassianError
   */
  download(address: string, options: Pick<Download, 'to' | 'maxBytes'>): Promise<Downloaded>;
  readonly siteUrl: string;
}

export interface ApiDeps {
  http: AtlassianHttp;
  credential: Credential;
  budget: Budget;
  /** What all requests of this process to the site share; one of its own unless given. */
  gate?: Gate | undefined;
  signal?: AbortSignal | undefined;
  /** For tests: waiting and chance. */
  pause?: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  random?: () => number;
}

export function createApi(deps: ApiDeps): Api {
  const { http, credential, budget, signal } = deps;
  const random = deps.random ?? Math.random;
  const pause = deps.pause ?? pauseFor;
  const gate = deps.gate ?? createGate();

  async function attempt<T>(call: ApiCall<T>, number: number, authorization: string): Promise<ApiAnswer<T>> {
    const url = (await credential.baseUrl()) + call.path + queryString(call.query);
    const request = {
      method: call.method ?? 'GET',
      url,
      headers: { authorization },
      json: call.json,
      signal,
    };
    const answer = await http.exchange(request).catch((error: unknown) => {
      // No answer came, or not all of it; the request may have been counted all the same.
      const sent = error instanceof AtlassianError && !(error instanceof RefusedUrl);
      if (sent) budget.charge({ requests: 1, points: 1 });
      throw error;
    });
    const { serverTime, evidence } = answer;
    const redirected = call.redirects === true ? addressOf(answer, url) : null;
    const failure =
      redirected !== null ? null : failureOf(answer, { number, now: new Date(), random: random() });
    if (failure !== null) {
      budget.charge({ requests: 1, points: 1, serverTime });
      throw failure;
    }
    const near = readNearLimit(answer.headers, serverTime);
    const parsed = call.schema.safeParse(redirected ?? answer.body);
    const value = parsed.success ? parsed.data : undefined;
    budget.charge({ requests: 1, points: parsed.success ? call.points(parsed.data) : 1, serverTime, near });
    if (value === undefined || !parsed.success) throw invalid(parsed.error, evidence);
    return { value, serverTime, evidence };
  }

  /** A place among the requests under way, with nothing that forbids to send now. */
  async function admitted(estimate: number, endpoint: string): Promise<Passage> {
    for (;;) {
      await budget.admit(estimate, { endpoint, signal });
      const passage = await gate.enter(signal);
      // While it waited for its turn, another's answer may have closed the way.
      if (!budget.isBlocked(endpoint)) return passage;
      passage.leave(null, endpoint);
    }
  }

  async function send<T>(
    call: ApiCall<T>,
    number: number,
    endpoint: string,
  ): Promise<ApiAnswer<T> | Refused> {
    const passage = await admitted(call.estimate, endpoint);
    let outcome: Outcome | null = null;
    const authorization = await credential.authorization().catch((error: unknown) => {
      passage.leave(null, endpoint);
      throw error;
    });
    try {
      const answer = await attempt(call, number, authorization);
      outcome = 'answered';
      await budget.outcome(endpoint, null);
      return answer;
    } catch (error) {
      if (!(error instanceof AtlassianError)) throw error;
      outcome = outcomeOf(error);
      if (error instanceof RateLimited) await block(error, endpoint);
      // What is refused to this credential, or unusable, is an answer all the same.
      else if (outcome !== null) await budget.outcome(endpoint, outcome === 'failed' ? error.code : null);
      return { error, authorization };
    } finally {
      passage.leave(outcome, endpoint);
    }
  }

  return {
    siteUrl: credential.siteUrl,
    async download(address, options) {
      const headers = await authorizationFor(address);
      budget.charge({ requests: 1, points: 0 });
      return http.download({ ...options, url: address, headers, signal });
    },
    async call(call) {
      const endpoint = endpointOf(call.method ?? 'GET', call.path);
      let renewed = false;
      for (let number = 1; ; number += 1) {
        const result = await send(call, number, endpoint);
        if (!('error' in result)) return result;
        const { error, authorization } = result;
        if (error instanceof Unauthorized && !renewed && (await credential.renew(authorization))) {
          renewed = true;
          continue;
        }
        const wait = waitBefore(error, number);
        if (wait === null) throw error;
        await pause(wait, signal);
      }
    },
  };

  async function authorizationFor(address: string): Promise<Record<string, string>> {
    const isOwn = new URL(address).origin === new URL(await credential.baseUrl()).origin;
    return isOwn ? { authorization: await credential.authorization() } : {};
  }

  async function block(error: RateLimited, endpoint: string): Promise<void> {
    const { retryAt, reason, scope } = error;
    if (retryAt.getTime() > Date.now()) await budget.blockUntil(retryAt, reason, { scope, endpoint });
  }

  /** Milliseconds until the next try, or null when there is none. */
  function waitBefore(error: AtlassianError, number: number): number | null {
    if (number >= maxTries) return null;
    if (error instanceof RateLimited) {
      const wait = Math.max(error.retryAt.getTime() - Date.now(), 0);
      return wait <= shortWaitMs ? wait : null;
    }
    return failures.has(error.code) || error.code === 'truncated' ? backoffMs(number, random()) : null;
  }
}

/** Where a redirect leads, in full; null where there is none. */
function addressOf({ status, headers }: AtlassianAnswer, from: string): string | null {
  const location = headers['location'];
  if (status < 300 || status >= 400 || location === undefined) return null;
  return URL.canParse(location, from) ? new URL(location, from).href : null;
}

interface Refused {
  error: AtlassianError;
  authorization: string;
}

/** Codes that tell of a site in trouble, rather than of the request. */
const failures = new Set(['network', 'timeout', 'server_error']);

/** null: nothing was sent to the endpoint, or it says nothing of how the site is. */
function outcomeOf(error: AtlassianError): Outcome | null {
  if (error instanceof RefusedUrl || error instanceof EndpointFailing) return null;
  if (error instanceof RateLimited) return 'refused';
  return failures.has(error.code) ? 'failed' : 'answered';
}

async function pauseFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    throw signal?.aborted === true ? signal.reason : error;
  }
}

function queryString(query: ApiCall<unknown>['query']): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === null) continue;
    for (const each of Array.isArray(value) ? value : [value]) parameters.append(name, String(each));
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

function invalid(error: z.ZodError | undefined, evidence: Evidence): InvalidAnswer {
  const issue = error?.issues[0];
  const path = (issue?.path ?? []).reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : `${text}${text === '' ? '' : '.'}${String(part)}`,
    '',
  );
  return new InvalidAnswer(path === '' ? 'its root' : path, issue?.message ?? 'unknown', evidence);
}
