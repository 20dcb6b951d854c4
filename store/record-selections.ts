import type { Db } from './schema.ts';

/** A list of records under a name: the filters that make it, as the address of the list has them. */
export interface RecordSelection {
  id: string;
  name: string;
  query: Record<string, unknown>;
  createdBy: string | null;
  createdAt: Date;
}

export async function listSelections(db: Db, connectionId: string): Promise<RecordSelection[]> {
  const rows = await db
    .selectFrom('record_selections as s')
    .leftJoin('users as u', 'u.id', 's.created_by')
    .select(['s.id', 's.name', 's.query', 's.created_at', 'u.email'])
    .where('s.connection_id', '=', connectionId)
    .orderBy('s.name')
    .execute();
  return rows.map(({ id, name, query, created_at: createdAt, email }) => ({
    id,
    name,
    query,
    createdBy: email,
    createdAt,
  }));
}

export async function findSelection(
  db: Db,
  connectionId: string,
  id: string,
): Promise<{ id: string; name: string; query: Record<string, unknown> } | undefined> {
  return db
    .selectFrom('record_selections')
    .select(['id', 'name', 'query'])
    .where('connection_id', '=', connectionId)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** @returns undefined where the name is taken */
export async function insertSelection(
  db: Db,
  selection: { connectionId: string; name: string; query: Record<string, unknown>; by: string | null },
): Promise<string | undefined> {
  const { connectionId, name, query, by } = selection;
  const row = await db
    .insertInto('record_selections')
    .values({ connection_id: connectionId, name, query: JSON.stringify(query), created_by: by })
    .onConflict((conflict) => conflict.columns(['connection_id', 'name']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return row?.id;
}

export async function deleteSelection(db: Db, connectionId: string, id: string): Promise<void> {
  await db
    .deleteFrom('record_selections')
    .where('connection_id', '=', connectionId)
    .where('id', '=', id)
    .execute();
}

/** How many one connection may have. */
export async function countSelections(db: Db, connectionId: string): Promise<number> {
  const { n } = await db
    .selectFrom('record_selections')
    .select((eb) => eb.fn.countAll<string>().as('n'))
    .where('connection_id', '=', connectionId)
    .executeTakeFirstOrThrow();
  return Number(n);
}
