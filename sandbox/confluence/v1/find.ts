import { prepare } from '../../cql/search.ts';
import type { CompiledQuery } from '../../cql/search.ts';
import type { WorldStore } from '../../world/store.ts';
import { seal, unseal } from '../keyset.ts';
import { Refusal } from '../route.ts';
import type { Ask } from '../route.ts';
import type { Scope, Searchable } from './searchable.ts';
import { searchableSpaces, searchables, searchableUsers } from './searchable.ts';

/** What a search looks through. Content alone is what `content/search` finds. */
export type Realm = 'content' | 'everything' | 'users';

/** All that a search found, in order. */
export interface Result {
  items: readonly Searchable[];
  compare: CompiledQuery['compare'];
}

interface Kept {
  key: string;
  /** Of the world that it was found in: another revision makes it useless. */
  revision: string;
  result: Result;
}

/** Results are kept between the pages of a search, while the world stays as it is: so many, of so many items in all. */
const MOST_RESULTS = 24;
const MOST_ITEMS = 150_000;
const results = new WeakMap<WorldStore, Kept[]>();

/** Runs the query's `cql`. Throws CqlError when it is not valid. */
export function search({ context, accountId, query }: Ask, realm: Realm, scope: Scope): Result {
  const { store, options, clock } = context;
  const cql = query.text('cql');
  if (cql === undefined || cql.trim() === '') throw new Refusal(400, 'CQL query is required');
  const now = clock.now().getTime();
  const prepared = prepare(cql, {
    accountId: accountId ?? '',
    now,
    timeZone: options.siteTimeZone,
    userFields: realm === 'users',
  });
  const filter = query.choice('sitePermissionTypeFilter', ['all', 'externalCollaborator', 'none']) ?? 'none';
  const moment = prepared.dependsOnNow || options.searchLagSeconds > 0 ? now : 0;
  const revision = `${store.revision}.${store.accessRevision}`;
  const about = { ...scope, statuses: [...scope.statuses], indexedUntil: 0 };
  const key = JSON.stringify([cql, realm, filter, about, moment, options.siteTimeZone]);
  const kept = (results.get(store) ?? []).filter((entry) => entry.revision === revision);
  const known = kept.find((entry) => entry.key === key);
  if (known !== undefined) return known.result;
  const found: Searchable[] = [];
  if (realm !== 'users')
    for (const item of searchables(store, scope, prepared.hints))
      if (prepared.matches(item)) found.push(item);
  if (realm === 'everything') found.push(...searchableSpaces(store, scope).filter(prepared.matches));
  if (realm !== 'content') found.push(...searchableUsers(store, filter).filter(prepared.matches));
  const result = { items: found.sort(prepared.compare), compare: prepared.compare };
  results.set(store, newest([{ key, revision, result }, ...kept]));
  return result;
}

function newest(all: Kept[]): Kept[] {
  let items = 0;
  return all.slice(0, MOST_RESULTS).filter(({ result }, index) => {
    items += result.items.length;
    return index === 0 || items <= MOST_ITEMS;
  });
}

export interface Page {
  items: readonly Searchable[];
  cursor: string | undefined;
}

/** One page of a result. The cursor holds what the last item is ordered by, so changes elsewhere do not shift it. */
export function pageOfResult({ items, compare }: Result, cursor: string | undefined, limit: number): Page {
  let from = 0;
  if (cursor !== undefined) {
    const place = placeOf(cursor);
    let until = items.length;
    while (from < until) {
      const middle = (from + until) >> 1;
      if (compare(items[middle]!, place) > 0) until = middle;
      else from = middle + 1;
    }
  }
  const page = items.slice(from, from + limit);
  const last = page.at(-1);
  const more = last !== undefined && from + limit < items.length;
  return {
    items: page,
    cursor: more ? seal([last.id, last.created, last.lastModified, last.title]) : undefined,
  };
}

function placeOf(cursor: string): Searchable {
  const [id, created, lastModified, title] = unseal(cursor);
  if (typeof id !== 'string' || typeof created !== 'number' || typeof lastModified !== 'number')
    throw new Refusal(400, `Invalid cursor: ${cursor}`);
  return { id, created, lastModified, title } as Searchable;
}
