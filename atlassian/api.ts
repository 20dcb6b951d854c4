import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import type { Budget } from './budget.ts';
import { failureOf } from './classify.ts';
import type { Credential } from './credential.ts';
import {
  AtlassianError,
  InvalidAnswer,
  RateLimited,
  RefusedUrl,
  Unauthorized,
  type Evidence,
} from './errors.ts';
import type { AtlassianHttp } from './http.ts';
import { backoffMs, maxTries, shortWaitMs } from './retry.ts';

export interface ApiCall<T> {
  method?: 'GET' | 'POST';
  /** Below the credential's base, e.g. `/wiki/api/v2/pages`. */
  path: string;
  /** A list becomes a repeated parameter; undefined and null are left out. */
  query?: Record<string, string | number | readonly string[] | null | undefined>;
  json?: unknown;
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
   * One request with everything around it: admission by the budget, the credential and its one refresh, retries of
   * what is worth it, the schema, and the bill.
   * @throws AtlassianError; RateLimited when the wait is longer than shortWaitMs.
   */
  call<T>(call: ApiCall<T>): Promise<ApiAnswer<T>>;
  readonly siteUrl: string;
}

export interface ApiDeps {
  http: AtlassianHttp;
  credential: Credential;
  budget: Budget;
  signal?: AbortSignal | undefined;
  /** For tests: waiting and chance. */
  pause?: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  random?: () => number;
}

export function createApi(deps: ApiDeps): Api {
  const { http, credential, budget, signal } = deps;
  const random = deps.random ?? Math.random;
  const pause = deps.pause ?? pauseFor;

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
    const failure = failureOf(answer, { number, now: new Date(), random: random() });
    if (failure !== null) {
      budget.charge({ requests: 1, points: 1, serverTime });
      throw failure;
    }
    const parsed = call.schema.safeParse(answer.body);
    const value = parsed.success ? parsed.data : undefined;
    budget.charge({ requests: 1, points: parsed.success ? call.points(parsed.data) : 1, serverTime });
    if (value === undefined || !parsed.success) throw invalid(parsed.error, evidence);
    return { value, serverTime, evidence };
  }

  return {
    siteUrl: credential.siteUrl,
    async call(call) {
      let renewed = false;
      for (let number = 1; ; number += 1) {
        await budget.admit(call.estimate);
        const authorization = await credential.authorization();
        try {
          return await attempt(call, number, authorization);
        } catch (error) {
          if (!(error instanceof AtlassianError)) throw error;
          if (error instanceof Unauthorized && !renewed && (await credential.renew(authorization))) {
            renewed = true;
            continue;
          }
          const wait = await waitBefore(error, number);
          if (wait === null) throw error;
          await pause(wait, signal);
        }
      }
    },
  };

  /** Milliseconds until the next try, or null when there is none. */
  async function waitBefore(error: AtlassianError, number: number): Promise<number | null> {
    if (error instanceof RateLimited) {
      const wait = error.retryAt.getTime() - Date.now();
      if (wait > 0) await budget.blockUntil(error.retryAt, error.reason);
      return number < maxTries && wait <= shortWaitMs ? Math.max(wait, 0) : null;
    }
    const transient = ['network', 'timeout', 'truncated', 'server_error'].includes(error.code);
    return transient && number < maxTries ? backoffMs(number, random()) : null;
  }
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
