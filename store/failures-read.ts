import { sql, type RawBuilder } from 'kysely';
import type { Failure } from './failures.ts';
import { containing } from './people-accounts.ts';
import type { Db } from './schema.ts';

/** A failed item, with what is stored of the thing itself. */
export interface FailureRow extends Failure {
  /** As Confluence named it, where it was ever read. */
  known_title: string | null;
  known_url: string | null;
  site_url: string;
}

/** Where a list of failed items goes on: it is in the order of stage and id. */
export interface FailurePlace {
  stage: string;
  externalId: string;
}

/** Failed items of a connection by stage and id; `q` is looked for in titles, ids, messages and trace ids. */
export async function listFailures(
  db: Db,
  connectionId: string,
  options: { stage: string | null; q: string | null; after: FailurePlace | null; limit: number },
): Promise<FailureRow[]> {
  const { stage, q, after, limit } = options;
  const conditions = [sql`true`];
  if (stage !== null) conditions.push(sql`stage = ${stage}`);
  if (q !== null) {
    conditions.push(sql`(known_title ilike ${containing(q)} or title ilike ${containing(q)}
      or message ilike ${containing(q)} or external_id = ${q} or trace_id = ${q})`);
  }
  if (after !== null) conditions.push(sql`(stage, external_id) > (${after.stage}, ${after.externalId})`);
  const { rows } = await sql<FailureRow>`
    select * from (${told(connectionId)}) told where ${sql.join(conditions, sql` and `)}
    order by stage, external_id limit ${limit}`.execute(db);
  return rows;
}

/** The items that failed last: for a run's panel. */
export async function newestFailures(db: Db, connectionId: string, limit: number): Promise<FailureRow[]> {
  const { rows } = await sql<FailureRow>`
    select * from (${told(connectionId)}) told order by last_at desc limit ${limit}`.execute(db);
  return rows;
}

/** Each failed item once: of what it is about at most one row is joined. */
function told(connectionId: string): RawBuilder<unknown> {
  return sql`
    select f.*, c.site_url, coalesce(nullif(r.title, ''), s.name, g.name) as known_title,
      coalesce(nullif(r.url, ''), nullif(s.url, '')) as known_url
    from sync_failures f join connections c on c.id = f.connection_id
    left join records r on f.stage in ('restrictions', 'folders', 'files')
      and r.connection_id = f.connection_id and r.external_id = f.external_id
    left join spaces s on f.stage = 'spaces'
      and s.connection_id = f.connection_id and s.external_id = f.external_id
    left join atlassian_groups g on f.stage = 'people'
      and g.connection_id = f.connection_id and g.group_id = f.external_id
    where f.connection_id = ${connectionId}`;
}

/** How many items of each stage are failed, most first. */
export async function countFailures(
  db: Db,
  connectionId: string,
): Promise<{ stage: string; items: number }[]> {
  const { rows } = await sql<{ stage: string; items: number }>`
    select stage, count(*)::integer as items from sync_failures where connection_id = ${connectionId}
    group by stage order by items desc, stage`.execute(db);
  return rows;
}
