import { sql, type Insertable, type Updateable } from 'kysely';
import type { Connection, Database, Db } from './schema.ts';

/** All connections by name; an organisation has tens of them, never thousands. */
export function listConnections(db: Db): Promise<Connection[]> {
  return db
    .selectFrom('connections')
    .selectAll()
    .orderBy(sql`lower(name)`)
    .orderBy('id')
    .limit(1_000)
    .execute();
}

export function findConnection(db: Db, id: string): Promise<Connection | undefined> {
  return db.selectFrom('connections').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Names are compared without regard to case. */
export function findConnectionByName(db: Db, name: string): Promise<Connection | undefined> {
  return db
    .selectFrom('connections')
    .selectAll()
    .where(sql`lower(name)`, '=', name.toLowerCase())
    .executeTakeFirst();
}

export function insertConnection(db: Db, row: Insertable<Database['connections']>): Promise<Connection> {
  return db.insertInto('connections').values(row).returningAll().executeTakeFirstOrThrow();
}

/** Everything of a connection but its status, which moves by events (connection-state.ts). */
export type ConnectionChange = Omit<Updateable<Database['connections']>, 'id' | `status${string}`>;

export function updateConnection(
  db: Db,
  id: string,
  change: ConnectionChange,
): Promise<Connection | undefined> {
  return db
    .updateTable('connections')
    .set({ ...change, updated_at: sql<Date>`now()` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
}

/**
 * Keeps why a consent came to nothing, where the tab and the API show it: on a connection that waits for its consent.
 * One that works goes on working, whatever became of another attempt.
 */
export async function noteConsentTrouble(
  db: Db,
  id: string,
  trouble: { code: string; message: string },
): Promise<void> {
  await db
    .updateTable('connections')
    .set({ status_cause: trouble.code, status_message: trouble.message, updated_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where('status', 'in', ['draft', 'needs_reauth'])
    .execute();
}

/** Everything that hangs on it goes with it (foreign keys cascade); budgets and ledgers are the app's. */
export async function deleteConnection(db: Db, id: string): Promise<void> {
  await db.deleteFrom('connections').where('id', '=', id).execute();
}

/** Active connections on any of these sites: what makes a person of Atlassian one of ours. */
export function connectionsOnSites(db: Db, cloudIds: string[]): Promise<Connection[]> {
  if (cloudIds.length === 0) return Promise.resolve([]);
  return db
    .selectFrom('connections')
    .selectAll()
    .where('cloud_id', 'in', cloudIds)
    .where('status', 'not in', ['draft', 'disconnecting'])
    .execute();
}

/** True while a connection or a user's own consent still needs this token family. */
export async function isGrantInUse(db: Db, grantId: string): Promise<boolean> {
  const { rows } = await sql<{ used: boolean }>`
    select exists (select from connections where grant_id = ${grantId})
        or exists (select from user_grants where grant_id = ${grantId}) as used`.execute(db);
  return rows[0]?.used ?? false;
}
