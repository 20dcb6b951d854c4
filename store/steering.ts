import { sql } from 'kysely';
import type { ConnectionSettings, ConnectionStatus, Db, RunKind, RunState, SyncTrigger } from './schema.ts';

/** What decides whether a run goes on, and how: what its connection is and wants now, and what it began with. */
export interface SteeringFacts {
  kind: RunKind;
  trigger: SyncTrigger;
  state: RunState;
  /** The reading's scope when it began (`readingScope`); null before its first step. */
  scope: Record<string, unknown> | null;
  status: ConnectionStatus;
  statusCause: string | null;
  statusMessage: string | null;
  settings: ConnectionSettings;
  /** Rise with each change of the settings, and of the credential. */
  settingsVersion: number;
  credentialVersion: number;
}

/** One small statement by two primary keys; undefined where the connection is gone, and the run with it. */
export async function loadSteeringFacts(db: Db, runId: string): Promise<SteeringFacts | undefined> {
  const row = await db
    .selectFrom('sync_runs as r')
    .innerJoin('connections as c', 'c.id', 'r.connection_id')
    .select(['r.kind', 'r.trigger', 'r.state', 'r.scope', 'c.status', 'c.status_cause', 'c.status_message'])
    .select(['c.settings', 'c.settings_version', 'c.credential_version'])
    .where('r.id', '=', runId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { status_cause, status_message, settings_version, credential_version, ...same } = row;
  return {
    ...same,
    statusCause: status_cause,
    statusMessage: status_message,
    settingsVersion: settings_version,
    credentialVersion: credential_version,
  };
}

/** Keeps a connection's settings as they are until the transaction ends. */
export async function lockSettings(trx: Db, connectionId: string): Promise<void> {
  await sql`select from connections where id = ${connectionId} for no key update`.execute(trx);
}

/** Notes what the run's reading is of, where nothing is noted yet. */
export async function noteRunScope(db: Db, runId: string, scope: Record<string, unknown>): Promise<void> {
  await db
    .updateTable('sync_runs')
    .set({ scope: JSON.stringify(scope) })
    .where('id', '=', runId)
    .where('scope', 'is', null)
    .execute();
}

/** A sign of life of a run, for whoever looks for runs that got stuck. */
export async function noteHeartbeat(db: Db, runId: string): Promise<void> {
  await sql`update sync_runs set heartbeat_at = now() where id = ${runId}`.execute(db);
}

/**
 * Lets a run read all restrictions and labels anew, where it rested for longer than this before anything was settled:
 * they show in no feed of changes, and until a first settling no permission sync asks for them. Calling it again
 * changes nothing, until a step has given a sign of life.
 * @param longest an interval in PostgreSQL's words
 * @returns whether it was so
 */
export async function forgetOldRestrictions(
  db: Db,
  { connectionId, runId }: { connectionId: string; runId: string },
  longest: string,
): Promise<boolean> {
  const { rows } = await sql`
    with rested as materialized (
      select r.id from sync_runs r
      where r.id = ${runId} and r.kind = 'full' and r.heartbeat_at < now() - ${longest}::interval
        and not exists (select from acls a where a.connection_id = ${connectionId})),
    walks as (
      delete from checkpoints c using rested
      where c.connection_id = ${connectionId} and c.run_id = rested.id and c.stream = 'restrictions'),
    readings as (
      update content_access a set seen_run = null from rested
      where a.connection_id = ${connectionId} and a.seen_run = rested.id)
    select from rested`.execute(db);
  return rows.length > 0;
}

/**
 * Prepares a run for reading anew what another scope takes in. What is stored stays, and so does the place in listings
 * that are asked with the same spaces as before (their checkpoints bear the spaces in their names). What the run has
 * seen in spaces that left counts as not seen, so that it goes by the removal of what was not seen; listings of the
 * whole site are walked again, because they left out what belongs to spaces that came.
 * @param left external ids of the spaces that are not in scope any more
 */
export async function rescopeRun(
  db: Db,
  run: { connectionId: string; runId: string },
  left: readonly string[],
  scope: Record<string, unknown>,
): Promise<void> {
  const { connectionId, runId } = run;
  await sql`
    with gone as (
      update spaces set seen_run = null
      where connection_id = ${connectionId} and external_id = any(${[...left]}::text[]) and seen_run = ${runId}
      returning id),
    unseen as (
      update records r set seen_run = null from gone
      where r.connection_id = ${connectionId} and r.space_id = gone.id and r.seen_run = ${runId}
      returning r.external_id)
    update content_access a set seen_run = null from unseen
    where a.connection_id = ${connectionId} and a.external_id = unseen.external_id and a.seen_run = ${runId}`.execute(
    db,
  );
  // A listing's time counts only where it came to its end; a feed's stays, it is read back to there again.
  await sql`
    update checkpoints set cursor = null, done = false,
      high_water = case when stream like 'changed %' then high_water end, updated_at = now()
    where connection_id = ${connectionId} and run_id = ${runId} and scope = ''`.execute(db);
  await setRunScope(db, runId, scope);
}

/** Notes that a run's reading is of another scope from now on. */
export async function setRunScope(db: Db, runId: string, scope: Record<string, unknown>): Promise<void> {
  await db
    .updateTable('sync_runs')
    .set({ scope: JSON.stringify(scope), updated_at: sql<Date>`now()` })
    .where('id', '=', runId)
    .execute();
}
