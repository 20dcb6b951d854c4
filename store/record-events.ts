import { sql } from 'kysely';
import type { Reason } from '../scope/reasons.ts';
import { isoTime } from './iso-time.ts';
import type { Db } from './schema.ts';

/** What Sluice did with a record because somebody asked for it. */
export type AskedFor = 'chosen' | 'unchosen' | 'retried' | 'read_again';

/** Notes for each of some records what was asked for; call it in the transaction that does it. */
export async function noteAskedFor(
  db: Db,
  connectionId: string,
  what: AskedFor,
  externalIds: readonly string[],
  detail: Record<string, unknown> = {},
): Promise<void> {
  if (externalIds.length === 0) return;
  await sql`
    insert into record_events (connection_id, external_id, what, detail)
    select ${connectionId}, id, ${what}, ${JSON.stringify(detail)}::jsonb
    from unnest(${[...externalIds]}::text[]) as id`.execute(db);
}

/** One line of a record's history. */
export interface HistoryRow {
  at: string;
  /** Of record_events; `failed`, `access_changed`, `removed` from elsewhere. */
  what: string;
  detail: {
    reason?: Reason;
    reach?: string;
    by?: string;
    from?: string | number;
    to?: string | number;
    stage?: string;
    message?: string;
    change?: string;
    cause?: string;
  };
  runId: string | null;
}

/** As many lines as are kept, and told. */
export const mostLines = 200;

/** What happened to a record here: events, what fails of it, changes of who may see it, earlier removals; newest first. */
export async function loadHistory(db: Db, connectionId: string, externalId: string): Promise<HistoryRow[]> {
  const of = sql`connection_id = ${connectionId} and`;
  const { rows } = await sql<HistoryRow>`
    select ${isoTime(sql`at`)} as at, what, detail, run_id as "runId" from (
      (select at, id, what, detail, run_id from record_events
        where ${of} external_id = ${externalId} order by id desc limit ${mostLines})
      union all
      select last_at, 0, 'failed', jsonb_build_object('stage', stage, 'message', message), run_id from sync_failures
        where ${of} external_id = ${externalId} and stage in ('restrictions', 'folders', 'bodies', 'files')
      union all
      (select at, id, 'access_changed', jsonb_build_object('change', change), null from permission_changes
        where ${of} kind in ('content', 'place') and source_id = ${externalId} order by at desc limit ${mostLines})
      union all
      (select at, id, 'removed', jsonb_build_object('cause', cause), run_id from removals
        where ${of} external_id = ${externalId} order by id desc limit ${mostLines})) told
    order by told.at desc, id desc limit ${mostLines}`.execute(db);
  return rows;
}
