import { sql, type RawBuilder } from 'kysely';
import { toldState } from './told-state.ts';

export const recordSorts = ['title', 'modified', 'created', 'state'] as const;

/** Orders of a list of records; unless one is asked for, what was stored last comes first. */
export type RecordSort = (typeof recordSorts)[number];

/** Where a list goes on: behind this record. `key` is what it is sorted by, as text; null where its id says it all. */
export interface RecordPlace {
  key: string | null;
  id: string;
}

const microseconds = /^(-|-?\d{1,17})$/;

/** Whether a text can be the key of a place in this order. */
export function isKeyOf(sort: RecordSort | null, key: string | null): boolean {
  if (sort === null || key === null) return sort === null && key === null;
  if (sort === 'modified' || sort === 'created') return microseconds.test(key);
  return !key.includes('\0');
}

export interface RecordOrder {
  /** Text by which a place is told, of `r`. */
  key: RawBuilder<string | null>;
  /** For `order by`, given names of columns: `r.` in the table, or those of a CTE that holds `sorted` and `id`. */
  by(sorted: RawBuilder<unknown>, id: RawBuilder<unknown>): RawBuilder<unknown>;
  /** Of `r`: what is sorted by; of null, nothing but the id. */
  sorted: RawBuilder<unknown>;
  /** Of `r`: whether it comes behind a place. */
  after(place: RecordPlace): RawBuilder<boolean>;
}

/** Titles that begin alike are in the order of ids: a place stays short enough for an address. */
const titleKey = sql`lower(left(r.title, 80)) collate "C"`;
const stateKey = sql`${toldState()} collate "C"`;

/** The order of a list; every order ends in the id, so that no two places are the same. */
export function recordOrder(sort: RecordSort | null): RecordOrder {
  switch (sort) {
    case null:
      return {
        key: sql<string | null>`null::text`,
        sorted: sql`null::text`,
        by: (_sorted, id) => sql`${id} desc`,
        after: ({ id }) => sql<boolean>`r.id < ${id}::bigint`,
      };
    case 'title':
      return ascending(titleKey);
    case 'state':
      return ascending(stateKey);
    case 'modified':
      return newestFirst(sql`r.modified_at`);
    case 'created':
      return newestFirst(sql`r.created_at`);
  }
}

function ascending(sorted: RawBuilder<unknown>): RecordOrder {
  return {
    key: sql<string | null>`(${sorted})::text`,
    sorted,
    by: (name, id) => sql`${name}, ${id}`,
    after: ({ key, id }) => sql<boolean>`(${sorted}, r.id) > (${key}::text collate "C", ${id}::bigint)`,
  };
}

/** What has no time comes last. */
function newestFirst(at: RawBuilder<unknown>): RecordOrder {
  const sorted = sql`coalesce(${at}, '-infinity')`;
  return {
    key: sql<string | null>`coalesce((extract(epoch from ${at}) * 1000000)::bigint::text, '-')`,
    sorted,
    by: (name, id) => sql`${name} desc, ${id} desc`,
    after: ({ key, id }) =>
      sql<boolean>`(${sorted}, r.id) < (${
        key === '-'
          ? sql`'-infinity'::timestamptz`
          : sql`'epoch'::timestamptz + ${key}::bigint * interval '1 microsecond'`
      }, ${id}::bigint)`,
  };
}
