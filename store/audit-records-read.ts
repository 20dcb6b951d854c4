import { sql, type RawBuilder } from 'kysely';
import type { AuditRecord } from './confluence-audit.ts';
import type { Db } from './schema.ts';

/** One record as it is shown. */
export interface AuditRecordRow extends AuditRecord {
  id: string;
}

/** Which records: texts are looked for anywhere in what they filter, whatever their case; a category is the whole. */
export interface AuditRecordFilter {
  from?: Date | undefined;
  /** Not included. */
  before?: Date | undefined;
  author?: string | undefined;
  object?: string | undefined;
  category?: string | undefined;
  q?: string | undefined;
}

/** A place in the list: what follows is older. */
export interface AuditPlace {
  at: Date;
  id: string;
}

/** Newest first, from behind `after` on. */
export async function listAuditRecords(
  db: Db,
  connectionId: string,
  filter: AuditRecordFilter,
  page: { after: AuditPlace | null; limit: number },
): Promise<AuditRecordRow[]> {
  const conditions = [sql<boolean>`connection_id = ${connectionId}`, ...conditionsOf(filter)];
  if (page.after !== null) {
    conditions.push(sql<boolean>`(at, id) < (${page.after.at}, ${page.after.id}::bigint)`);
  }
  const { rows } = await sql<AuditRecordRow>`
    select id::text, at, json_build_object('accountId', author_id, 'name', author) as author, category, summary,
      description, json_build_object('name', object, 'objectType', object_type) as object, associated, changed,
      remote_address as "remoteAddress"
    from confluence_audit a where ${sql.join(conditions, sql` and `)}
    order by a.at desc, a.id desc limit ${page.limit}`.execute(db);
  return rows;
}

function conditionsOf({
  from,
  before,
  author,
  object,
  category,
  q,
}: AuditRecordFilter): RawBuilder<boolean>[] {
  return [
    ...(from === undefined ? [] : [sql<boolean>`at >= ${from}`]),
    ...(before === undefined ? [] : [sql<boolean>`at < ${before}`]),
    ...(author === undefined
      ? []
      : [sql<boolean>`(author_id = ${author} or author ilike ${holding(author)})`]),
    ...(object === undefined
      ? []
      : [
          sql<boolean>`(object ilike ${holding(object)} or exists (
          select from jsonb_to_recordset(associated) as one (name text) where one.name ilike ${holding(object)}))`,
        ]),
    ...(category === undefined ? [] : [sql<boolean>`category = ${category}`]),
    ...(q === undefined
      ? []
      : [
          sql<boolean>`(summary ilike ${holding(q)} or description ilike ${holding(q)} or category ilike ${holding(q)}
          or author ilike ${holding(q)} or object ilike ${holding(q)} or remote_address ilike ${holding(q)}
          or exists (select from jsonb_to_recordset(associated) as one (name text) where one.name ilike ${holding(q)})
          or exists (select from jsonb_to_recordset(changed) as one (name text, "oldValue" text, "newValue" text)
            where concat_ws(' ', one.name, one."oldValue", one."newValue") ilike ${holding(q)}))`,
        ]),
  ];
}

/** A pattern of `like` for texts that hold this one, in which no character has a meaning of its own. */
function holding(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
}

/** The categories that a connection's records have. */
export async function auditCategories(db: Db, connectionId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('confluence_audit')
    .select('category')
    .distinct()
    .where('connection_id', '=', connectionId)
    .where('category', '<>', '')
    .orderBy('category')
    .limit(200)
    .execute();
  return rows.map(({ category }) => category);
}

/** Ids of records for titles that exactly one fits: in the spaces that are named with it, where some are. */
export async function recordsByTitle(
  db: Db,
  connectionId: string,
  wanted: readonly { names: string[]; spaces: string[] }[],
): Promise<(string | null)[]> {
  if (wanted.length === 0) return [];
  // A bound array of all titles: see store/audit-targets.ts.
  const titles = wanted.flatMap(({ names }) => names);
  const { rows } = await sql<{ place: number; id: string }>`
    with titled as materialized (
      select r.id, r.title, s.name as space, s.key
      from records r left join spaces s on s.id = r.space_id
      where r.connection_id = ${connectionId} and r.title = any(${titles}::text[])
        and r.kind not in ('comment', 'attachment')),
    asked as (
      select place, one -> 'names' as names, one -> 'spaces' as spaces
      from jsonb_array_elements(${JSON.stringify(wanted)}::jsonb) with ordinality each (one, place))
    select a.place::int as place, min(t.id)::text as id
    from asked a join titled t on a.names ? t.title
    where a.spaces = '[]' or a.spaces ? t.space or a.spaces ? t.key
    group by a.place having count(distinct t.id) = 1`.execute(db);
  const found = new Map(rows.map(({ place, id }) => [place, id]));
  return wanted.map((_, index) => found.get(index + 1) ?? null);
}
