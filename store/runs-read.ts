import { sql } from 'kysely';
import { openRunStates } from './run-state.ts';
import type { Db, RunKind, RunState, SyncRun, SyncStage } from './schema.ts';

/** Newest first, from before the run `before` on; of kind 'content' are all but syncs of permissions,
 * `open` are those under way. */
export function listRuns(
  db: Db,
  connectionId: string,
  options: {
    before: string | null;
    limit: number;
    kind?: RunKind | 'content' | null;
    state?: RunState | 'open' | null;
  },
): Promise<SyncRun[]> {
  let query = db
    .selectFrom('sync_runs')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(options.limit);
  if (options.kind === 'content') query = query.where('kind', '<>', 'permissions');
  else if (options.kind != null) query = query.where('kind', '=', options.kind);
  if (options.state === 'open') query = query.where('state', 'in', openRunStates);
  else if (options.state != null) query = query.where('state', '=', options.state);
  if (options.before !== null) {
    query = query.where(
      sql<boolean>`(created_at, id) < (select created_at, id from sync_runs where id = ${options.before})`,
    );
  }
  return query.execute();
}

export function findRun(db: Db, id: string): Promise<SyncRun | undefined> {
  return db.selectFrom('sync_runs').selectAll().where('id', '=', id).executeTakeFirst();
}

/**
 * The newest sync of content of each connection, and the run that is under way, where it differs. Syncs of permissions
 * come every few minutes and are told of by themselves; a dry run that has ended has synced nothing.
 */
export async function newestRuns(db: Db, connectionIds: string[]): Promise<SyncRun[]> {
  if (connectionIds.length === 0) return [];
  const { rows } = await sql<SyncRun>`
    select run.* from unnest(${connectionIds}::uuid[]) as wanted (id)
    cross join lateral (
      (select * from sync_runs where connection_id = wanted.id and kind <> 'permissions'
         and state in ('queued', 'running', 'waiting', 'paused'))
      union
      (select * from sync_runs where connection_id = wanted.id and kind not in ('permissions', 'dry_run')
         and state not in ('queued', 'running', 'waiting', 'paused')
       order by created_at desc limit 1)
    ) as run`.execute(db);
  return rows;
}

/** The run that is under way, paused or not: of permissions, or else of content. */
export function findOpenRun(
  db: Db,
  connectionId: string,
  ofPermissions: boolean,
): Promise<SyncRun | undefined> {
  return db
    .selectFrom('sync_runs')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .where('kind', ofPermissions ? '=' : '<>', 'permissions')
    .where('state', 'in', openRunStates)
    .executeTakeFirst();
}

export function stagesOf(db: Db, runId: string): Promise<SyncStage[]> {
  return db
    .selectFrom('sync_stages')
    .selectAll()
    .where('run_id', '=', runId)
    .orderBy('started_at')
    .orderBy('stage')
    .execute();
}
