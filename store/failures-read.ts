import { sql } from 'kysely';
import type { Failure } from './failures.ts';
import { containing } from './people-accounts.ts';
import type { Db } from './schema.ts';

/** Where a list of failed items goes on: it is in the order of stage and id. */
export interface FailurePlace {
  stage: string;
  externalId: string;
}

/** Failed items of a connection by stage and id; `q` is looked for in titles, ids, messages and trace ids. */
export function listFailures(
  db: Db,
  connectionId: string,
  options: { stage: string | null; q: string | null; after: FailurePlace | null; limit: number },
): Promise<Failure[]> {
  const { stage, q, after, limit } = options;
  let query = db
    .selectFrom('sync_failures')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .orderBy('stage')
    .orderBy('external_id')
    .limit(limit);
  if (stage !== null) query = query.where('stage', '=', stage);
  if (q !== null) {
    const pattern = containing(q);
    query = query.where((eb) =>
      eb.or([
        eb('title', 'ilike', pattern),
        eb('message', 'ilike', pattern),
        eb('external_id', '=', q),
        eb('trace_id', '=', q),
      ]),
    );
  }
  if (after !== null) {
    query = query.where(sql<boolean>`(stage, external_id) > (${after.stage}, ${after.externalId})`);
  }
  return query.execute();
}

/** The items that failed last: for a run's panel. */
export function newestFailures(db: Db, connectionId: string, limit: number): Promise<Failure[]> {
  return db
    .selectFrom('sync_failures')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .orderBy('last_at', 'desc')
    .limit(limit)
    .execute();
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
