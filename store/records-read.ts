import { sql, type RawBuilder } from 'kysely';
import type { Db, RecordKind, RecordState } from './schema.ts';
import { readableAcls, type ViewerId } from './visibility.ts';
import { isVisible, placesAbove, type Place } from './visible-records.ts';

/** One record as it is read. Times are ISO 8601 in UTC. */
export interface RecordRow {
  id: string;
  externalId: string;
  connectionId: string;
  type: RecordKind;
  state: RecordState;
  title: string;
  url: string;
  space: { key: string; name: string } | null;
  /** Outermost first; only those that may be seen. */
  ancestors: Place[];
  containerTitle: string | null;
  author: { accountId: string; name: string } | null;
  labels: string[];
  createdAt: string | null;
  modifiedAt: string | null;
  version: number;
  /** Whether the viewer may see it; what may not be seen has no body here. */
  readable: boolean;
  markdown: string | null;
  raw: string | null;
}

export interface RecordsRequest {
  viewer: ViewerId;
  /** Also lists what the viewer may not see, without bodies: for administrators. */
  everything: boolean;
  /** On `r` (records) and `s` (record_search, perhaps null). Values are bound. */
  conditions: RawBuilder<boolean>[];
  /** Id after which the list goes on; null for its beginning. */
  after: string | null;
  limit: number;
}

/** A page of records ends early when its bodies reach this many bytes: one answer stays one that can be held. */
const bodyBytes = 8 * 1024 * 1024;

/**
 * Records newest first by id, at most `limit`, with bodies of those that the viewer may see. Decided and read in one
 * statement, so that no change of access comes in between.
 */
export async function listRecords(
  db: Db,
  request: RecordsRequest,
): Promise<{ rows: RecordRow[]; more: boolean }> {
  const { viewer, everything, after, limit } = request;
  const conditions = [...request.conditions, everything ? sql<boolean>`true` : isVisible()];
  if (after !== null) conditions.push(sql<boolean>`r.id < ${after}::bigint`);
  const { rows } = await sql<RecordRow & { more: boolean }>`
    with readable as materialized (select id from ${readableAcls(viewer)} acl),
    chosen as materialized (
      select r.id, ${isVisible()} as readable
      from records r left join record_search s on s.record_id = r.id
      where ${sql.join(conditions, sql` and `)}
      order by r.id desc limit ${limit + 1}),
    weighed as (
      select c.id, c.readable, row_number() over w as place, count(*) over () as found,
        coalesce(sum(octet_length(b.raw) + octet_length(b.markdown)) over (w rows unbounded preceding exclude current row), 0) as before
      from chosen c left join record_bodies b on b.record_id = c.id and c.readable
      window w as (order by c.id desc))
    select ${itemColumns(everything)},
      max(p.place) over () < p.found as more
    from weighed p
    join records r on r.id = p.id
    left join record_bodies b on b.record_id = r.id and p.readable
    left join spaces sp on sp.id = r.space_id
    left join atlassian_accounts a on a.connection_id = r.connection_id and a.account_id = r.author_id
    cross join lateral ${placesAbove(sql.lit(everything))} way
    where p.place <= ${limit} and (p.place = 1 or p.before < ${bodyBytes})
    order by r.id desc`.execute(db);
  return { rows: rows.map(({ more: _, ...row }) => row), more: rows[0]?.more ?? false };
}

function itemColumns(everything: boolean): RawBuilder<unknown> {
  return sql`r.id::text as id, r.external_id as "externalId", r.connection_id as "connectionId", r.kind as type,
    r.state, r.title, r.url, r.labels, r.version, p.readable,
    case when sp.id is not null then json_build_object('key', sp.key, 'name', sp.name) end as space,
    case when r.author_id is not null
      then json_build_object('accountId', r.author_id, 'name', coalesce(a.display_name, '')) end as author,
    ${isoTime(sql`r.created_at`)} as "createdAt", ${isoTime(sql`r.modified_at`)} as "modifiedAt",
    way.places as ancestors, way.container_title as "containerTitle",
    ${everything ? sql`case when p.readable then b.markdown end` : sql`b.markdown`} as markdown,
    ${everything ? sql`case when p.readable then b.raw end` : sql`b.raw`} as raw`;
}

/** A timestamptz as ISO 8601 in UTC with milliseconds. */
export function isoTime(time: RawBuilder<unknown>): RawBuilder<string | null> {
  return sql<string | null>`to_char(${time} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
