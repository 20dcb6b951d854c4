import { sql, type RawBuilder } from 'kysely';
import type { Reason } from '../scope/reasons.ts';
import { isoTime } from './iso-time.ts';
import { fieldSources, type FieldSourceRow } from './record-fields.ts';
import { recordOrder, type RecordPlace, type RecordSort } from './record-order.ts';
import type { Db, RecordKind } from './schema.ts';
import { lastFailure, toldState, type RecordFailure, type ToldState } from './told-state.ts';
import { askReadable, judgedReadable, type Readable } from './readable-sets.ts';
import type { ViewerId } from './visibility.ts';
import { isVisible, waysUp, type Place } from './visible-records.ts';

/** One record as it is read. Times are ISO 8601 in UTC. */
export interface RecordRow {
  id: string;
  externalId: string;
  connectionId: string;
  type: RecordKind;
  state: ToldState;
  /** Of what is left out: the rule that does it; scope/reason-words.ts has words for it. */
  stateReason: Reason | null;
  /** What failed last of it and is tried again; told to administrators alone. */
  failure: RecordFailure | null;
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
  /** Atlassian's: `current`, `archived`, … */
  status: string;
  version: number;
  /** Whether the viewer may see it; what may not be seen has no body here. */
  readable: boolean;
  markdown: string | null;
  raw: string | null;
  fieldSources: FieldSourceRow | null;
}

export interface RecordsRequest {
  viewer: ViewerId;
  /** Also lists what the viewer may not see, without bodies: for administrators. */
  everything: boolean;
  /** On `r` (records) and `s` (record_search, perhaps null). Values are bound. */
  conditions: RawBuilder<boolean>[];
  /** Subquery of the ACLs that matter, when they are few: only these are judged. */
  among?: RawBuilder<unknown>;
  /** null, or absent: newest first by id. */
  sort?: RecordSort | null;
  /** Behind which record of this order the list goes on; null for its beginning. */
  after: RecordPlace | null;
  limit: number;
  /** false: no bodies. */
  bodies?: boolean;
}

export interface RecordsPage {
  rows: RecordRow[];
  more: boolean;
  /** Of the last row: what the next page is asked for by. */
  last: RecordPlace | null;
}

/** A page of records ends early when its bodies reach this many bytes: one answer stays one that can be held. */
const bodyBytes = 8 * 1024 * 1024;

/**
 * Records in the order that is asked for, at most `limit`, with bodies of those that the viewer may see. Decided and read in one
 * statement, so that no change of access comes in between.
 */
export async function listRecords(db: Db, request: RecordsRequest): Promise<RecordsPage> {
  const { viewer, among } = request;
  // Few ACLs are judged sooner than a set of all is made.
  const found =
    among === undefined
      ? await askReadable(db, viewer, (readable) => readRecords(db, request, readable))
      : await readRecords(db, request, judgedReadable(viewer, among));
  return found ?? { rows: [], more: false, last: null };
}

async function readRecords(db: Db, request: RecordsRequest, readable: Readable): Promise<RecordsPage | null> {
  const { everything, after, limit, sort = null, bodies = true } = request;
  const order = recordOrder(sort);
  const conditions = [...request.conditions, everything ? sql<boolean>`true` : isVisible()];
  if (after !== null) conditions.push(order.after(after));
  const { rows } = await sql<{ record: RecordRow | null; more: boolean | null; key: string | null }>`
    with ${readable},
    page as materialized (
      select r.id, ${order.sorted} as sorted
      from records r left join record_search s on s.record_id = r.id
      where ${sql.join(conditions, sql` and `)}
      order by ${order.by(order.sorted, sql`r.id`)} limit ${limit + 1}),
    judged as materialized (
      select r.id, page.sorted, ${order.key} as key, ${isVisible()} as readable
      from page join records r on r.id = page.id),
    weighed as (
      select c.id, c.readable, c.key, row_number() over w as place, count(*) over () as found,
        coalesce(sum(octet_length(b.raw) + octet_length(b.markdown)) over (w rows unbounded preceding exclude current row), 0) as before
      from judged c left join record_bodies b on b.record_id = c.id and c.readable and ${bodies}
      window w as (order by ${order.by(sql`c.sorted`, sql`c.id`)})),
    ${waysUp({ everything, ...(request.among !== undefined && { judgedFor: request.viewer }) })}
    select listed.record, listed.more, listed.key from fresh left join (
    select p.place, p.key, ${item(everything)} as record, max(p.place) over () < p.found as more
    from weighed p
    join records r on r.id = p.id
    join connections c on c.id = r.connection_id
    left join record_bodies b on b.record_id = r.id and p.readable and ${bodies}
    left join spaces sp on sp.id = r.space_id
    left join atlassian_accounts a on a.connection_id = r.connection_id and a.account_id = r.author_id
    left join ways way on way.record_id = r.id
    where p.place <= ${limit} and (p.place = 1 or p.before < ${bodyBytes})) listed on true
    order by listed.place`.execute(db);
  if (rows.length === 0) return null;
  const records = rows.flatMap(({ record }) => record ?? []);
  const id = records.at(-1)?.id;
  return {
    rows: records,
    more: rows[0]?.more ?? false,
    last: id === undefined ? null : { key: rows.at(-1)?.key ?? null, id },
  };
}

function item(everything: boolean): RawBuilder<RecordRow> {
  const body = (column: string) =>
    everything ? sql`case when p.readable then ${sql.ref(column)} end` : sql.ref(column);
  return sql<RecordRow>`json_build_object(
    'id', r.id::text, 'externalId', r.external_id, 'connectionId', r.connection_id, 'type', r.kind,
    'state', ${everything ? toldState() : sql`r.state`}, 'stateReason', case when r.state in ('filtered', 'manual') then r.state_reason end,
    'failure', ${everything ? lastFailure() : sql`null`},
    'title', r.title, 'url', r.url,
    'space', case when sp.id is not null then json_build_object('key', sp.key, 'name', sp.name) end,
    'ancestors', coalesce(way.places, '[]'), 'containerTitle', way.container_title,
    'author', case when r.author_id is not null
      then json_build_object('accountId', r.author_id, 'name', coalesce(a.display_name, '')) end,
    'labels', r.labels, 'createdAt', ${isoTime(sql`r.created_at`)}, 'modifiedAt', ${isoTime(sql`r.modified_at`)},
    'status', r.status, 'version', r.version, 'readable', p.readable, 'markdown', ${body('b.markdown')}, 'raw', ${body('b.raw')},
    'fieldSources', ${fieldSources()})`;
}
