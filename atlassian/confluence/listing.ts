import type { z } from 'zod';
import type { Api, ApiCall } from '../api.ts';
import { pointsOf } from '../budget.ts';
import { CursorLoop, RefusedUrl, ServerError, TooLarge, type Evidence } from '../errors.ts';
import type { Batch } from './types.ts';
import type { listOf, offsetListOf } from './wire.ts';

/** Most items that Atlassian gives in one answer of a v2 listing. */
export const pageSize = 250;
/** Listings that end up in memory whole (roles, groups, members of one group) stop here: 2,000,000 items. */
const mostPages = 10_000;
const mostEmptyBatches = 20;

type Kind = 'core' | 'identity';

export interface Listing {
  /** One batch by cursor. Items cost points by their kind; `extraIdentities` counts more of them inside an item. */
  batch<T extends z.ZodType, R>(options: {
    path: string;
    query: ApiCall<unknown>['query'];
    cursor: string | null;
    limit?: number;
    item: T;
    kind: Kind;
    map: (item: z.output<T>) => R;
    extraIdentities?: (item: z.output<T>) => number;
    estimate?: number;
    list: typeof listOf;
  }): Promise<Batch<R>>;
}

/**
 * Batches by cursor for one reader. Only the cursor is taken from a `next` link: it is relative to the site, and
 * joined to the gateway's address it would miss. A cycle among the cursors of one listing is an error.
 */
export function createListing(api: Api): Listing {
  /** Of each listing: which cursor led to which. */
  const steps = new Map<string, Map<string, string>>();
  const empties = new Map<string, number>();

  function follow(key: string, from: string | null, next: string | null, count: number, evidence: Evidence) {
    if (from === null) {
      steps.delete(key);
      empties.delete(key);
    }
    if (next === null) {
      steps.delete(key);
      return null;
    }
    const known = steps.get(key) ?? new Map<string, string>();
    steps.set(key, known);
    known.set(from ?? '', next);
    let cursor: string | undefined = next;
    while (cursor !== undefined && cursor !== (from ?? '')) cursor = known.get(cursor);
    // A last page that is empty and points to itself has been seen in life: nothing is missed by ending there.
    if (cursor !== undefined && count === 0) return null;
    const empty = count === 0 ? (empties.get(key) ?? 0) + 1 : 0;
    empties.set(key, empty);
    if (cursor !== undefined || empty > mostEmptyBatches) throw new CursorLoop(evidence);
    return next;
  }

  /** Of each listing: how many items an answer may hold where the usual number was too much for one. */
  const smaller = new Map<string, number>();

  /** Asks; what is too large for one answer is asked for in smaller ones, which grow again while they fit. */
  async function askWhatFits<T>(key: string, most: number, ask: (size: number) => Promise<T>): Promise<T> {
    for (let size = Math.min(most, 2 * (smaller.get(key) ?? most)); ;) {
      try {
        const answer = await ask(size);
        if (size < most) smaller.set(key, size);
        else smaller.delete(key);
        return answer;
      } catch (error) {
        if (!isTooMuch(error, size < most) || size === 1) throw error;
        size = Math.max(1, Math.floor(size / 4));
        smaller.set(key, size);
      }
    }
  }

  return {
    async batch({ path, query, cursor, limit, item, kind, map, extraIdentities, estimate, list }) {
      const most = limit ?? pageSize;
      const key = `${path} ${JSON.stringify({ ...query, limit: most })}`;
      const { value, serverTime, evidence } = await askWhatFits(key, most, (size) =>
        api.call({
          path,
          query: { ...query, limit: size, cursor },
          estimate: estimate ?? pointsOf({ [kind]: size }),
          schema: list(item),
          points: (answer) =>
            pointsOf({
              core: kind === 'core' ? answer.results.length : 0,
              identity:
                (kind === 'identity' ? answer.results.length : 0) +
                (extraIdentities === undefined
                  ? 0
                  : answer.results.reduce((sum, each) => sum + extraIdentities(each), 0)),
            }),
        }),
      );
      const { results, _links: links } = value;
      const next = cursorOf(links?.next, api.siteUrl, evidence);
      return {
        items: results.map(map),
        next: follow(key, cursor, next, results.length, evidence),
        serverTime,
      };
    },
  };
}

/**
 * Over our own cap, or more than the site's gateway waits for: large bodies have been seen to end in 504. That may be an
 * outage as well, so less is asked for once, and no more often.
 */
function isTooMuch(error: unknown, isLess: boolean): boolean {
  if (error instanceof TooLarge) return true;
  return !isLess && error instanceof ServerError && error.evidence.status === 504;
}

/** Every item of a listing by cursor, for listings that are short by nature. */
export async function readAll<R>(batch: (cursor: string | null) => Promise<Batch<R>>): Promise<R[]> {
  const items: R[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < mostPages; page += 1) {
    const answer: Batch<R> = await batch(cursor);
    items.push(...answer.items);
    if (answer.next === null) return items;
    cursor = answer.next;
  }
  throw endless(`listing of ${items.length} items`);
}

/** Every item of one of v1's listings by offset. Ends where there is neither a `next` link nor a full page. */
export async function readAllByOffset<T extends z.ZodType>(
  api: Api,
  options: { path: string; query?: ApiCall<unknown>['query']; item: T; list: typeof offsetListOf },
): Promise<z.output<T>[]> {
  const limit = 200;
  const items: z.output<T>[] = [];
  for (let page = 0; page < mostPages; page += 1) {
    const { value } = await api.call({
      path: options.path,
      query: { ...options.query, start: items.length, limit },
      estimate: pointsOf({ identity: limit }),
      schema: options.list(options.item),
      points: (answer) => pointsOf({ identity: answer.results.length }),
    });
    const { results, _links: links } = value;
    items.push(...results);
    const full = results.length >= (value.limit ?? limit);
    const more = typeof links?.next === 'string';
    if (results.length === 0 || !(full || more)) return items;
  }
  throw endless(options.path);
}

/** Half a list of permissions must not pass for the whole. */
function endless(path: string): CursorLoop {
  return new CursorLoop({ method: 'GET', path, status: null, traceId: null });
}

function cursorOf(link: string | null | undefined, siteUrl: string, evidence: Evidence): string | null {
  if (link === null || link === undefined || link === '') return null;
  const site = new URL(siteUrl);
  const url = URL.canParse(link, site) ? new URL(link, site) : null;
  const hosts = [site.host, 'api.atlassian.com'];
  if (url === null || !hosts.includes(url.host)) {
    throw new RefusedUrl(
      `The listing's next link leads to another host${url === null ? '' : `, "${url.host}"`}.`,
      evidence,
    );
  }
  return url.searchParams.get('cursor');
}
