import { sql } from 'kysely';
import { hangingOn, hiddenCauses, obstacles, type HiddenCause } from './hidden-obstacles.ts';
import { isoTime } from './iso-time.ts';
import type { Db } from './schema.ts';

/** One thing that hides itself, and what hangs on it, from everybody. Times are ISO 8601 in UTC. */
export interface HiddenRow {
  cause: HiddenCause;
  /** External id of the content or space; `product` for the product. */
  key: string;
  /**
   * What about a place: `unreadable`, `found` (and not read yet), `absent` (no listing held it), `no space`,
   * `other space`, or its status; of a layer that is known: `groups` (none could be read) or `nobody` (none has an id).
   */
  detail: string | null;
  /** Of ours; null where nothing is stored. */
  recordId: string | null;
  type: string;
  title: string;
  url: string;
  /** How many records hang on it, itself included; more than `countedTo` where it says so. */
  records: number;
  /** Atlassian's answer, or ours; null where the cause says all. */
  reason: string | null;
  since: string | null;
  lastTriedAt: string | null;
  attempts: number | null;
  httpStatus: number | null;
  traceId: string | null;
}

export interface HiddenPart {
  /** How many things there are of each cause; a cause without any is absent. */
  counts: Partial<Record<HiddenCause, number>>;
  /** How many records of the connection nobody is shown, for whatever cause. */
  records: number;
  items: HiddenRow[];
}

/** Records that hang on one thing are counted up to here. */
export const countedTo = 1_000;

/**
 * What a connection hides from everybody, and why, by cause and then by id: one statement.
 * @param options `after`: the place behind which to go on; `each`: at most so many of a cause; `limit`: in all
 */
export async function listHidden(
  db: Db,
  connectionId: string,
  options: {
    cause: HiddenCause | null;
    after: Pick<HiddenRow, 'cause' | 'key'> | null;
    each: number;
    limit: number;
  },
): Promise<HiddenPart> {
  const { cause, after, each, limit } = options;
  const afterRank = after === null ? 0 : hiddenCauses.indexOf(after.cause) + 1;
  const { rows } = await sql<HiddenPart>`
    with ${obstacles(connectionId)},
    shut as materialized (
      select id from acls where connection_id = ${connectionId}
        and layer_ids && (select coalesce(array_agg(id), '{}') from unknown)),
    page as materialized (
      select * from (
        select o.*, row_number() over (partition by rank order by key) as place from obstacles o
        where (${cause}::text is null or cause = ${cause})
          and (rank, key) > (${afterRank}::integer, ${after?.key ?? ''}::text)) numbered
      where place <= ${each} order by rank, key limit ${limit}),
    told as (
      select o.rank, o.key, json_build_object(
        'cause', o.cause, 'key', o.key, 'detail', o.detail, 'recordId', r.id::text,
        'type', case o.cause when 'product' then 'product' when 'space' then 'space' else coalesce(r.kind, 'place') end,
        'title', coalesce(nullif(r.title, ''), s.name, nullif(f.title, ''),
          case when o.cause = 'product' then c.name else o.key end),
        'url', coalesce(nullif(r.url, ''), s.url, case when o.cause = 'product' then c.site_url else '' end),
        'records', ${hangingOn(connectionId, countedTo)},
        'reason', coalesce(o.reason, f.message),
        'since', ${isoTime(sql`coalesce(f.first_at, o.since)`)},
        'lastTriedAt', ${isoTime(sql`f.last_at`)},
        'attempts', f.attempts, 'httpStatus', f.status, 'traceId', f.trace_id) as item
      from page o
      join connections c on c.id = ${connectionId}
      left join records r on o.cause not in ('product', 'space')
        and r.connection_id = ${connectionId} and r.external_id = o.key
      left join spaces s on o.cause = 'space' and s.connection_id = ${connectionId} and s.external_id = o.key
      left join sync_failures f on f.connection_id = ${connectionId} and f.stage = o.stage and f.external_id = o.key)
    select
      (select coalesce(json_object_agg(cause, n), '{}')
        from (select cause, count(*) as n from obstacles group by cause) counted) as counts,
      (select count(*)::integer from records r
        where r.connection_id = ${connectionId} and (r.acl_id is null or r.state = 'pending'))
      + case when exists (select from shut) then (select count(*)::integer from records r join shut on shut.id = r.acl_id
        where r.connection_id = ${connectionId} and r.state <> 'pending') else 0 end as records,
      (select coalesce(json_agg(item order by rank, key), '[]') from told) as items`.execute(db);
  return rows[0] ?? { counts: {}, records: 0, items: [] };
}
