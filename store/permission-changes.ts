import { sql } from 'kysely';
import { rowsAs } from './rows.ts';
import type { Db, PermissionChangesTable } from './schema.ts';

/** A change of access that a reading noticed. */
export interface ChangeWrite {
  kind: PermissionChangesTable['kind'];
  sourceId: string;
  change: PermissionChangesTable['change'];
  foundBy: PermissionChangesTable['found_by'];
  /** How long it was in force at the source before it was here; at most, unless `exact`. */
  lagSeconds: number;
  exact: boolean;
}

/** Changes are told of for this long. */
const keptFor = '90 days';

export async function saveChanges(
  db: Db,
  connectionId: string,
  changes: readonly ChangeWrite[],
): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map((one) => ({
    kind: one.kind,
    source_id: one.sourceId,
    change: one.change,
    found_by: one.foundBy,
    lag_seconds: one.lagSeconds,
    exact: one.exact,
  }));
  await sql`
    insert into permission_changes (connection_id, kind, source_id, change, found_by, lag_seconds, exact)
    select ${connectionId}::uuid, kind, source_id, change, found_by, lag_seconds, exact
    from ${rowsAs(
      rows,
      'kind text, source_id text, change text, found_by text, lag_seconds integer, exact boolean',
    )}`.execute(db);
}

/** Forgets changes that are long past, and permission syncs of more than a week ago that found none. */
export async function pruneHistory(db: Db, connectionId: string): Promise<void> {
  await sql`
    delete from permission_changes where connection_id = ${connectionId} and at < now() - ${keptFor}::interval`.execute(
    db,
  );
  await sql`
    delete from permission_readings where connection_id = ${connectionId} and at < now() - ${keptFor}::interval`.execute(
    db,
  );
  await sql`
    delete from sync_runs where connection_id = ${connectionId} and kind = 'permissions' and state = 'succeeded'
      and indexed = 0 and failed = 0 and finished_at < now() - interval '7 days'`.execute(db);
}
