import { sql, type Kysely } from 'kysely';
import { rowsAs } from './rows.ts';
import { queueRun } from './run-requests.ts';
import type { ConnectionSettings, Database, Db, DryRunSpacesTable, RecordKind, SyncRun } from './schema.ts';

/** By what a dry run decides. */
export interface DryRunPlan {
  settings: ConnectionSettings;
  /** They are not those of the connection. */
  candidate: boolean;
}

/** Stores a dry run as queued, with its settings; undefined where a run of content is under way already. */
export async function queueDryRun(
  db: Kysely<Database>,
  connectionId: string,
  { settings, candidate }: DryRunPlan,
): Promise<SyncRun | undefined> {
  return db.transaction().execute(async (trx) => {
    const run = await queueRun(trx, { connectionId, kind: 'dry_run', trigger: 'manual' });
    if (run === undefined) return undefined;
    const plan = {
      run_id: run.id,
      connection_id: connectionId,
      settings: JSON.stringify(settings),
      candidate,
    };
    await trx.insertInto('dry_runs').values(plan).execute();
    return run;
  });
}

export async function loadDryRun(db: Db, runId: string): Promise<DryRunPlan | undefined> {
  return db
    .selectFrom('dry_runs')
    .select(['settings', 'candidate'])
    .where('run_id', '=', runId)
    .executeTakeFirst();
}

export interface DryRunSpaceWrite {
  externalId: string;
  key: string;
  name: string;
  type: string;
  status: string;
  /** The rule that leaves it out; null: it is in scope. */
  reason: string | null;
}

export type DryRunSpace = Pick<DryRunSpacesTable, 'external_id' | 'key' | 'type' | 'status' | 'reason'> & {
  local_id: string;
};

/** Replaces the spaces of a dry run, which begins with them. */
export async function saveDryRunSpaces(
  db: Db,
  run: { connectionId: string; runId: string },
  spaces: readonly DryRunSpaceWrite[],
): Promise<void> {
  const rows = spaces.map(({ externalId, ...space }) => ({ external_id: externalId, ...space }));
  await sql`
    insert into dry_run_spaces (run_id, external_id, local_id, key, name, type, status, reason)
    select ${run.runId}::uuid, input.external_id, coalesce(s.id, -row_number() over ()), input.key, input.name,
      input.type, input.status, input.reason
    from ${rowsAs(rows, 'external_id text, key text, name text, type text, status text, reason text')}
    left join spaces s on s.connection_id = ${run.connectionId} and s.external_id = input.external_id
    on conflict (run_id, external_id) do nothing`.execute(db);
}

/** All of them, in a stable order. */
export function loadDryRunSpaces(db: Db, runId: string): Promise<DryRunSpace[]> {
  return db
    .selectFrom('dry_run_spaces')
    .select(['external_id', 'local_id', 'key', 'type', 'status', 'reason'])
    .where('run_id', '=', runId)
    .orderBy('external_id')
    .execute();
}

/** What a listing tells of an item. Times are ISO 8601. */
export interface DryRunItemWrite {
  externalId: string;
  kind: RecordKind;
  title: string;
  url: string;
  /** At Atlassian; null of what takes its page's. */
  spaceId: string | null;
  parentId: string | null;
  containerId: string | null;
  labels: string[];
  authorId: string | null;
  createdAt: string | null;
  modifiedAt: string | null;
  version: number;
  mediaType: string | null;
  fileSize: number | null;
  /** In words, of what could not be read. */
  failure: string | null;
}

const columns = `external_id text, kind text, title text, url text, space_id text, parent_id text, container_id text,
  labels text[], author_id text, created_at timestamptz, modified_at timestamptz, version integer, media_type text,
  file_size bigint, failure text`;

/** Stores what a listing told. What is told twice is as it was told last. */
export async function saveDryRunItems(
  db: Db,
  runId: string,
  items: readonly DryRunItemWrite[],
): Promise<void> {
  if (items.length === 0) return;
  const rows = items.map((item) => ({
    external_id: item.externalId,
    kind: item.kind,
    title: item.title,
    url: item.url,
    space_id: item.spaceId,
    parent_id: item.parentId,
    container_id: item.containerId,
    labels: item.labels,
    author_id: item.authorId,
    created_at: item.createdAt,
    modified_at: item.modifiedAt,
    version: item.version,
    media_type: item.mediaType,
    file_size: item.fileSize,
    failure: item.failure,
  }));
  await sql`
    insert into dry_run_items (run_id, external_id, kind, title, url, space_id, parent_id, container_id, labels,
      author_id, created_at, modified_at, version, media_type, file_size, failure)
    select distinct on (external_id) ${runId}::uuid, external_id, kind, title, url, space_id, parent_id, container_id,
      labels, author_id, created_at, modified_at, version, media_type, file_size, failure
    from ${rowsAs(rows, columns)} order by external_id
    on conflict (run_id, external_id) do update
    set kind = excluded.kind, title = excluded.title, url = excluded.url, space_id = excluded.space_id,
      parent_id = excluded.parent_id, container_id = excluded.container_id, labels = excluded.labels,
      author_id = excluded.author_id, created_at = excluded.created_at, modified_at = excluded.modified_at,
      version = excluded.version, media_type = excluded.media_type, file_size = excluded.file_size,
      failure = excluded.failure, read = true`.execute(db);
}

/** Notes places that something hangs below, before they are read. Known ones keep what is known. */
export async function saveDryRunPlacesFound(
  db: Db,
  runId: string,
  found: readonly { id: string; kind: string }[],
): Promise<void> {
  if (found.length === 0) return;
  await sql`
    insert into dry_run_items (run_id, external_id, kind, read)
    select distinct on (id) ${runId}::uuid, id, kind, false from ${rowsAs(found, 'id text, kind text')} order by id
    on conflict do nothing`.execute(db);
}

/**
 * Takes in the places that are stored in spaces of the scope: no listing names those with nothing below them, and a full
 * sync reads them again. Idempotent.
 */
export async function saveDryRunPlacesStored(db: Db, connectionId: string, runId: string): Promise<void> {
  await sql`
    insert into dry_run_items (run_id, external_id, kind, read)
    select ${runId}::uuid, r.external_id, r.kind, false from records r
    join spaces s on s.id = r.space_id
    join dry_run_spaces sp on sp.run_id = ${runId} and sp.external_id = s.external_id and sp.reason is null
    where r.connection_id = ${connectionId} and r.state <> 'pending'
      and r.kind in ('folder', 'whiteboard', 'database', 'embed')
    on conflict do nothing`.execute(db);
}

/** Of places that are not there: those with nothing below them are as if they had never been taken in. */
export async function forgetDryRunPlaces(db: Db, runId: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    delete from dry_run_items i where i.run_id = ${runId} and i.external_id = any(${ids}::text[])
      and not exists (select from dry_run_items c where c.run_id = i.run_id and c.parent_id = i.external_id)`.execute(
    db,
  );
}

export function dryRunPlacesToRead(
  db: Db,
  runId: string,
  limit: number,
): Promise<{ external_id: string; kind: RecordKind }[]> {
  return db
    .selectFrom('dry_run_items')
    .select(['external_id', 'kind'])
    .where('run_id', '=', runId)
    .where('read', '=', false)
    .orderBy('external_id')
    .limit(limit)
    .execute();
}

/** Labels come by a listing of their own, after that of what carries them. */
export async function saveDryRunLabels(
  db: Db,
  runId: string,
  labels: readonly { id: string; labels: string[] }[],
): Promise<void> {
  if (labels.length === 0) return;
  await sql`
    update dry_run_items i set labels = input.labels
    from ${rowsAs(labels, 'id text, labels text[]')}
    where i.run_id = ${runId} and i.external_id = input.id`.execute(db);
}

export interface DryRunCheckpoint {
  cursor: string | null;
  done: boolean;
}

export async function loadDryRunCheckpoint(
  db: Db,
  runId: string,
  stream: string,
  scope: string,
): Promise<DryRunCheckpoint> {
  const row = await db
    .selectFrom('dry_run_checkpoints')
    .select(['cursor', 'done'])
    .where('run_id', '=', runId)
    .where('stream', '=', stream)
    .where('scope', '=', scope)
    .executeTakeFirst();
  return row ?? { cursor: null, done: false };
}

/** Call it in the transaction that stores what was listed before it. */
export async function saveDryRunCheckpoint(
  db: Db,
  runId: string,
  stream: string,
  scope: string,
  checkpoint: DryRunCheckpoint,
): Promise<void> {
  await db
    .insertInto('dry_run_checkpoints')
    .values({ run_id: runId, stream, scope, ...checkpoint })
    .onConflict((conflict) => conflict.columns(['run_id', 'stream', 'scope']).doUpdateSet(checkpoint))
    .execute();
}
