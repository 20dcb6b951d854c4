import { sql } from 'kysely';
import { rowsAs } from './rows.ts';
import type { Db, PermissionDueKind } from './schema.ts';

/** Why something is due that a disagreement names: its `since` is not the time of a change. */
export const disagreement = 'Confluence and our layers disagree.';

/** Something that must be read before its turn. */
export interface Due {
  kind: PermissionDueKind;
  sourceId: string;
  since: Date;
  /** `since` is when Atlassian says that it changed. */
  exact: boolean;
}

/** Names things of a kind that must be read before their turn; what is due already keeps its reason. */
export async function addDue(
  db: Db,
  connectionId: string,
  kind: PermissionDueKind,
  sourceIds: readonly string[],
  reason: string,
): Promise<void> {
  if (sourceIds.length === 0) return;
  await sql`
    insert into permission_due (connection_id, kind, source_id, reason)
    select ${connectionId}::uuid, ${kind}, id, ${reason} from unnest(${sourceIds}::text[]) as id
    on conflict do nothing`.execute(db);
}

/** What is due, oldest first, at most `limit`. */
export async function loadDue(db: Db, connectionId: string, limit: number): Promise<Due[]> {
  const rows = await db
    .selectFrom('permission_due')
    .select(['kind', 'source_id', 'since', 'reason'])
    .where('connection_id', '=', connectionId)
    .orderBy('since')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    kind: row.kind,
    sourceId: row.source_id,
    since: row.since,
    exact: row.reason !== disagreement,
  }));
}

/** Forgets what has been read; what was named again since it was loaded stays due. */
export async function clearDue(db: Db, connectionId: string, read: readonly Due[]): Promise<void> {
  if (read.length === 0) return;
  const rows = read.map(({ kind, sourceId, since }) => ({ kind, source_id: sourceId, since }));
  // JavaScript's times end at milliseconds, PostgreSQL's at microseconds.
  await sql`
    delete from permission_due d using ${rowsAs(rows, 'kind text, source_id text, since timestamptz')}
    where d.connection_id = ${connectionId} and d.kind = input.kind and d.source_id = input.source_id
      and date_trunc('milliseconds', d.since) <= input.since`.execute(db);
}
