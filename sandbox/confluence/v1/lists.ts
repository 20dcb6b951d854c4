import { siteBase } from '../links.ts';
import type { Answer, Ask } from '../route.ts';

/** `_links` of a v1 answer. Paths leave out `/wiki`, which is their `context`. */
export function linksOf(ask: Ask, next?: Record<string, string | number>): Record<string, string> {
  const path = ask.path.replace(/^\/wiki/, '');
  const query = ask.query.with({});
  const base = siteBase(ask.context.store);
  return {
    base,
    context: '/wiki',
    self: `${base}${path}${query === '' ? '' : `?${query}`}`,
    ...(next === undefined ? {} : { next: `${path}?${ask.query.with(next)}` }),
  };
}

/** One page by `start` and `limit` of a list that is at hand as a whole. */
export function startLimit<T>(
  ask: Ask,
  all: readonly T[],
  render: (item: T) => unknown,
  { fallback, most = fallback, cost }: { fallback: number; most?: number; cost?: 'core' | 'identity' },
): Answer {
  const start = ask.query.number('start') ?? 0;
  const limit = ask.query.upTo('limit', fallback, most);
  const results = all.slice(start, start + limit).map(render);
  const more = start + limit < all.length && limit > 0;
  return {
    body: {
      results,
      start,
      limit,
      size: results.length,
      ...(ask.query.flag('shouldReturnTotalSize') ? { totalSize: all.length } : {}),
      _links: linksOf(ask, more ? { start: start + limit, limit } : undefined),
    },
    ...(cost === undefined ? {} : { [cost]: results.length }),
  };
}
