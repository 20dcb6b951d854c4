import type { Answer, Ask } from '../route.ts';
import { siteBase } from '../links.ts';
import type { Order, Slice } from '../keyset.ts';
import { slice } from '../keyset.ts';
import type { Entity } from './serialise.ts';

/** A v2 list: results, `_links.base`, and while there is more `_links.next` and a Link header, host-relative. */
export function listAnswer(
  ask: Ask,
  results: unknown[],
  cursor: string | undefined,
  cost: Partial<Answer> = {},
): Answer {
  const base = siteBase(ask.context.store);
  if (cursor === undefined)
    return { body: { results, _links: { base } }, headers: { Link: `<${base}>; rel="base"` }, ...cost };
  const next = `${ask.path}?${ask.query.with({ cursor })}`;
  return {
    body: { results, _links: { next, base } },
    headers: { Link: `<${next}>; rel="next", <${base}>; rel="base"` },
    ...cost,
  };
}

export interface Listing<T> {
  /** In the order of `order`. */
  items: readonly T[];
  order: Order<T>;
  accept?: (item: T) => boolean;
  render: (item: T) => unknown;
  /** What one result costs beyond the request. */
  cost?: 'core' | 'identity';
  /** Results per page where the query names no limit. */
  fallback?: number;
}

/** The page of a listing that the query's cursor and limit name. */
export function pageOf<T>(ask: Ask, listing: Listing<T>): Answer {
  const found: Slice<T> = slice(listing.items, listing.order, {
    cursor: ask.query.text('cursor'),
    limit: ask.query.limit(listing.fallback),
    accept: (item) => isInFeed(ask, item) && (listing.accept?.(item) ?? true),
  });
  const cost = listing.cost === undefined ? {} : { [listing.cost]: found.items.length };
  return listAnswer(ask, found.items.map(listing.render), found.cursor, cost);
}

/** A feed that lags behind does not show yet what is newer. */
function isInFeed({ context, query }: Ask, item: unknown): boolean {
  const { feedLagSeconds = 0 } = context.store.behaviour;
  if (feedLagSeconds === 0 || query.text('sort') !== '-modified-date') return true;
  const { version } = item as { version?: { createdAt: string } };
  const shownUntil = context.clock.now().getTime() - feedLagSeconds * 1000;
  return version === undefined || Date.parse(version.createdAt) <= shownUntil;
}

/** A single entity: with the site's base among its links. */
export function singleAnswer(ask: Ask, { _links: links, ...entity }: Entity): Answer {
  return { body: { ...entity, _links: { ...links, base: siteBase(ask.context.store) } }, core: 1 };
}
