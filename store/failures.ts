import { sql } from 'kysely';
import type { Db } from './schema.ts';

/** An item that could not be read, with what Atlassian's support would ask for. */
export interface ItemFailure {
  stage: string;
  externalId: string;
  title: string;
  message: string;
  url: string | null;
  status: number | null;
  traceId: string | null;
}

/** Notes a failed item; one that fails again counts its attempts. */
export async function saveFailure(
  db: Db,
  connectionId: string,
  runId: string,
  failure: ItemFailure,
): Promise<void> {
  await sql`
    insert into sync_failures (connection_id, stage, external_id, run_id, title, url, status, trace_id, message)
    values (${connectionId}, ${failure.stage}, ${failure.externalId}, ${runId}, ${failure.title}, ${failure.url},
      ${failure.status}, ${failure.traceId}, ${failure.message})
    on conflict (connection_id, stage, external_id) do update
    set run_id = excluded.run_id, title = excluded.title, url = excluded.url, status = excluded.status,
      trace_id = excluded.trace_id, message = excluded.message, attempts = sync_failures.attempts + 1, last_at = now()`.execute(
    db,
  );
}

/** Forgets the failures that a complete run did not meet again. */
export async function forgetHealedFailures(db: Db, connectionId: string, runId: string): Promise<void> {
  await db
    .deleteFrom('sync_failures')
    .where('connection_id', '=', connectionId)
    .where((eb) => eb.or([eb('run_id', 'is', null), eb('run_id', '<>', runId)]))
    .execute();
}

/** Forgets failures of things that this run has read, and did not meet again. */
export async function forgetHealed(
  db: Db,
  connectionId: string,
  runId: string,
  externalIds: readonly string[],
): Promise<void> {
  await sql`
    delete from sync_failures where connection_id = ${connectionId} and external_id = any(${externalIds}::text[])
      and stage in ('spaces', 'people', 'folders', 'restrictions') and run_id is distinct from ${runId}`.execute(
    db,
  );
}
