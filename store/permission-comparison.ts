import { sql } from 'kysely';
import type { Db } from './schema.ts';

/** Pairs compared each night, where the settings do not say. */
export const usualComparedPairs = 200;

/** A sample is drawn once a night; a little less than a day, so that it does not wander through the hours. */
const comparedEvery = '23 hours';

export async function isComparisonDue(db: Db, connectionId: string): Promise<boolean> {
  const { rows } = await sql<{ due: boolean }>`
    select coalesce(max(compared_at) < now() - ${comparedEvery}::interval, true) as due
    from permission_freshness where connection_id = ${connectionId}`.execute(db);
  return rows[0]?.due ?? true;
}

export async function markCompared(db: Db, connectionId: string): Promise<void> {
  await sql`
    insert into permission_freshness (connection_id, compared_at) values (${connectionId}, now())
    on conflict (connection_id) do update set compared_at = now()`.execute(db);
}

/** The next permission sync draws a sample, however long ago the last one was. */
export async function compareSoon(db: Db, connectionId: string): Promise<void> {
  await db
    .updateTable('permission_freshness')
    .set({ compared_at: null })
    .where('connection_id', '=', connectionId)
    .execute();
}

/** How our answers compare with Confluence's own. */
export interface Comparison {
  /** Pairs compared in the last 30 days. */
  compared: number;
  /** Of those, how many agreed at once. */
  agreed: number;
  /** Disagreements that are not resolved. */
  open: number;
  /** Of those, where we were too open: hidden from everybody meanwhile. */
  hidden: number;
  /** The newest answer; null: none yet. */
  comparedAt: Date | null;
  /** Why Confluence does not let us ask; null where it does or was never asked. */
  refusal: string | null;
}

/** By connection id; of all connections unless one is named. */
export async function loadComparisons(db: Db, connectionId?: string): Promise<Map<string, Comparison>> {
  const { rows } = await sql<Record<keyof Comparison, string | null> & { id: string; at: Date | null }>`
    select c.id, k.compared, k.agreed, k.open, k.hidden, k.latest as at,
      (select u.resolution from permission_checks u where u.connection_id = c.id and u.state = 'unanswered'
        and u.at > coalesce(k.latest, '-infinity') order by u.at desc limit 1) as refusal
    from connections c
    cross join lateral (
      select count(*) filter (where state <> 'unanswered' and at > now() - interval '30 days') as compared,
        count(*) filter (where state = 'agreed' and at > now() - interval '30 days') as agreed,
        max(at) filter (where state <> 'unanswered') as latest,
        count(*) filter (where state = 'open') as open,
        count(*) filter (where state = 'open' and ours) as hidden
      from permission_checks p where p.connection_id = c.id) k
    where ${connectionId ?? null}::uuid is null or c.id = ${connectionId ?? null}::uuid`.execute(db);
  return new Map(
    rows.map((row) => [
      row.id,
      {
        compared: Number(row.compared),
        agreed: Number(row.agreed),
        open: Number(row.open),
        hidden: Number(row.hidden),
        comparedAt: row.at,
        refusal: row.refusal,
      },
    ]),
  );
}
