import { sql } from 'kysely';
import { rowsAs } from './rows.ts';
import type { AuditChange, AuditObject, Db } from './schema.ts';

/** One record of Confluence's audit log. */
export interface AuditRecord {
  at: Date;
  author: { accountId: string | null; name: string };
  category: string;
  summary: string;
  description: string;
  object: AuditObject;
  associated: AuditObject[];
  changed: AuditChange[];
  remoteAddress: string;
}

/** As it is stored: `digest` is its identity within the connection. */
export interface AuditRecordWrite extends AuditRecord {
  digest: string;
}

/**
 * Stores what is not stored yet.
 * @returns digests of what was new
 */
export async function saveAuditRecords(
  db: Db,
  connectionId: string,
  records: readonly AuditRecordWrite[],
): Promise<Set<string>> {
  if (records.length === 0) return new Set();
  const rows = records.map((record) => ({
    digest: record.digest,
    at: record.at,
    author_id: record.author.accountId,
    author: record.author.name,
    category: record.category,
    summary: record.summary,
    description: record.description,
    object_type: record.object.objectType,
    object: record.object.name,
    associated: record.associated,
    changed: record.changed,
    remote_address: record.remoteAddress,
  }));
  const columns = `digest text, at timestamptz, author_id text, author text, category text, summary text,
    description text, object_type text, object text, associated jsonb, changed jsonb, remote_address text`;
  const { rows: added } = await sql<{ digest: string }>`
    insert into confluence_audit (connection_id, digest, at, author_id, author, category, summary, description,
      object_type, object, associated, changed, remote_address)
    select ${connectionId}, digest, at, author_id, author, category, summary, description,
      object_type, object, associated, changed, remote_address
    from ${rowsAs(rows, columns)} order by at
    on conflict (connection_id, digest) do nothing returning digest`.execute(db);
  return new Set(added.map(({ digest }) => digest));
}

/** Stored records from `since` on that changed something called a title or a name, oldest first; 10,000 at most. */
export async function loadRetitlings(
  db: Db,
  connectionId: string,
  since: Date,
): Promise<{ object: AuditObject; associated: AuditObject[]; changed: AuditChange[] }[]> {
  const rows = await db
    .selectFrom('confluence_audit')
    .select(['object', 'object_type', 'associated', 'changed'])
    .where('connection_id', '=', connectionId)
    .where('at', '>=', since)
    .where(sql<boolean>`changed::text ~* '"name": "[^"]*(title|name)"'`)
    .orderBy('at')
    .limit(10_000)
    .execute();
  return rows.map(({ object, object_type: objectType, associated, changed }) => ({
    object: { name: object, objectType },
    associated,
    changed,
  }));
}

export interface AuditState {
  state: 'untried' | 'readable' | 'refused';
  message: string | null;
  /** Up to when the log has been read, by the source's clock. */
  highWater: Date | null;
}

/** How the audit log of a connection stands. */
export async function loadAuditState(db: Db, connectionId: string): Promise<AuditState> {
  const row = await db
    .selectFrom('permission_freshness')
    .select(['audit_state', 'audit_message', 'audit_high_water'])
    .where('connection_id', '=', connectionId)
    .executeTakeFirst();
  return {
    state: row?.audit_state ?? 'untried',
    message: row?.audit_message ?? null,
    highWater: row?.audit_high_water ?? null,
  };
}

/** Says how it stands now; a `highWater` of null leaves the stored one. */
export async function saveAuditState(db: Db, connectionId: string, now: AuditState): Promise<void> {
  const columns = { audit_state: now.state, audit_message: now.message };
  const highWater = now.highWater === null ? {} : { audit_high_water: now.highWater };
  await db
    .insertInto('permission_freshness')
    .values({ connection_id: connectionId, ...columns, ...highWater })
    .onConflict((conflict) => conflict.column('connection_id').doUpdateSet({ ...columns, ...highWater }))
    .execute();
}
