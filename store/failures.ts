import { sql, type Selectable } from 'kysely';
import { redact } from '../redaction.ts';
import type { Database, Db } from './schema.ts';

export type Failure = Selectable<Database['sync_failures']>;

/**
 * What can fail alone: restrictions of content, places of folders and the like, who may view spaces, members of groups,
 * bodies of pages that were listed without them, text of attached files.
 */
export type FailureStage = 'restrictions' | 'folders' | 'spaces' | 'people' | 'bodies' | 'files';

/** An item that could not be read, with what Atlassian's support would ask for. */
export interface ItemFailure {
  stage: FailureStage;
  externalId: string;
  title: string;
  message: string;
  url: string | null;
  status: number | null;
  traceId: string | null;
  /** It would fail again as it is: it is not tried again by itself. */
  retry?: 'when wished';
}

/** What is tried again: some items, all of a stage, or all. */
export type FailureChoice =
  | { items: readonly { stage: string; externalId: string }[] }
  | { stage: string }
  | 'all';

/** The first wait doubles with each further failure, up to a day: a quarter of an hour, half an hour, … */
const firstWait = '15 minutes';
const longestWait = '1 day';
/** 2 to the power of this is over a day's worth of quarters: what is more would only overflow. */
const mostDoublings = 7;

/**
 * Notes a failed item, and when it is tried again; one that fails again counts its attempts and waits longer. A run that
 * meets it twice has tried it once.
 */
export async function saveFailure(
  db: Db,
  connectionId: string,
  runId: string,
  failure: ItemFailure,
): Promise<void> {
  const wait = (doublings: ReturnType<typeof sql>) =>
    sql`now() + least(${longestWait}::interval, ${firstWait}::interval * power(2, least(${doublings}, ${mostDoublings})))`;
  const again = sql`(sync_failures.run_id is distinct from excluded.run_id)::integer`;
  await sql`
    insert into sync_failures
      (connection_id, stage, external_id, run_id, title, url, status, trace_id, message, next_retry_at)
    values (${connectionId}, ${failure.stage}, ${failure.externalId}, ${runId}, ${failure.title},
      ${failure.url === null ? null : redact(failure.url)}, ${failure.status}, ${failure.traceId},
      ${redact(failure.message)}, ${failure.retry === undefined ? wait(sql`0`) : null})
    on conflict (connection_id, stage, external_id) do update
    set run_id = excluded.run_id, title = excluded.title, url = excluded.url, status = excluded.status,
      trace_id = excluded.trace_id, message = excluded.message, last_at = now(),
      attempts = sync_failures.attempts + ${again},
      next_retry_at = ${failure.retry === undefined ? wait(sql`sync_failures.attempts - 1 + ${again}`) : null}`.execute(
    db,
  );
}

/**
 * What is still not known has not healed, whether it was asked for or not: where what governs spaces is refused, or the
 * search for restrictions, the single ones are not asked for. A file that could not be read is not read by listings.
 */
const isUnknown = sql`((f.stage = 'files' and exists (
  select from attachment_texts t join records r on r.id = t.record_id
  where r.connection_id = f.connection_id and r.external_id = f.external_id and t.state = 'failed'))
  or f.stage in ('spaces', 'restrictions') and exists (
  select from acl_layers l where l.state = 'unknown' and l.id = case f.stage
    when 'spaces' then (select s.layer_id from spaces s
      where s.connection_id = f.connection_id and s.external_id = f.external_id)
    -- Of content that is open now, a layer of before may be left over.
    else (select a.layer_id from content_access a
      where a.connection_id = f.connection_id and a.external_id = f.external_id) end))`;

/** Forgets the failures that a complete run did not meet again. */
export async function forgetHealedFailures(db: Db, connectionId: string, runId: string): Promise<void> {
  await sql`
    delete from sync_failures f
    where f.connection_id = ${connectionId} and f.run_id is distinct from ${runId} and not ${isUnknown}`.execute(
    db,
  );
}

/** Forgets failures of things of these stages that this run has read, and did not meet again. */
export async function forgetHealed(
  db: Db,
  run: { connectionId: string; runId: string },
  stages: readonly FailureStage[],
  externalIds: readonly string[],
): Promise<void> {
  await sql`
    delete from sync_failures f
    where f.connection_id = ${run.connectionId} and f.stage = any(${stages}::text[])
      and f.external_id = any(${externalIds}::text[])
      and f.run_id is distinct from ${run.runId} and not ${isUnknown}`.execute(db);
}

/** Forgets failures of content and spaces of which nothing is stored any more. */
export async function forgetFailuresOfGone(db: Db, connectionId: string): Promise<void> {
  await sql`
    delete from sync_failures f where f.connection_id = ${connectionId} and case
      when f.stage in ('folders', 'restrictions', 'bodies', 'files') then not exists (
        select from records r where r.connection_id = f.connection_id and r.external_id = f.external_id)
      when f.stage = 'spaces' then not exists (
        select from spaces s where s.connection_id = f.connection_id and s.external_id = f.external_id)
      else false end`.execute(db);
}

/** Items whose next try is due, longest due first. */
export async function dueFailures(
  db: Db,
  connectionId: string,
  limit: number,
): Promise<{ stage: string; externalId: string }[]> {
  const rows = await db
    .selectFrom('sync_failures')
    .select(['stage', 'external_id'])
    .where('connection_id', '=', connectionId)
    .where('next_retry_at', '<=', sql<Date>`now()`)
    .orderBy('next_retry_at')
    .orderBy('stage')
    .orderBy('external_id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ stage: row.stage, externalId: row.external_id }));
}

/** Of some things of a stage, those that failed and whose next try is not due yet. */
export async function resting(
  db: Db,
  connectionId: string,
  stage: string,
  externalIds: readonly string[],
): Promise<Set<string>> {
  const { rows } = await sql<{ external_id: string }>`
    select external_id from sync_failures where connection_id = ${connectionId} and stage = ${stage}
      and external_id = any(${externalIds}::text[]) and next_retry_at > now()`.execute(db);
  return new Set(rows.map((row) => row.external_id));
}

/** Makes items due at once. @returns how many there are of them */
export async function makeFailuresDue(db: Db, connectionId: string, choice: FailureChoice): Promise<number> {
  let query = db
    .updateTable('sync_failures')
    .set({ next_retry_at: sql<Date>`least(next_retry_at, now())` })
    .where('connection_id', '=', connectionId);
  if (choice !== 'all') {
    query =
      'stage' in choice
        ? query.where('stage', '=', choice.stage)
        : query.where(
            sql<boolean>`(stage, external_id) in (select * from unnest(
              ${choice.items.map(({ stage }) => stage)}::text[],
              ${choice.items.map(({ externalId }) => externalId)}::text[]))`,
          );
  }
  const { numUpdatedRows } = await query.executeTakeFirst();
  return Number(numUpdatedRows);
}
