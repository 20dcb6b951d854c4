import { sql } from 'kysely';
import { rowsAs } from './rows.ts';
import type { Db } from './schema.ts';

/** A space that is there and not taken in. */
export interface OutsideSpace {
  externalId: string;
  key: string;
  type: string;
  status: string;
}

export async function loadOutsideSpaces(db: Db, connectionId: string): Promise<OutsideSpace[]> {
  return db
    .selectFrom('outside_spaces')
    .select(['external_id as externalId', 'key', 'type', 'status'])
    .where('connection_id', '=', connectionId)
    .execute();
}

/** Remembers what was told of spaces that are not taken in, so that nobody asks for them in each run. */
export async function saveOutsideSpaces(
  db: Db,
  connectionId: string,
  spaces: readonly OutsideSpace[],
): Promise<void> {
  if (spaces.length === 0) return;
  const rows = spaces.map(({ externalId, key, type, status }) => ({
    external_id: externalId,
    key,
    type,
    status,
  }));
  await sql`
    insert into outside_spaces (connection_id, external_id, key, type, status)
    select ${connectionId}::uuid, external_id, key, type, status
    from ${rowsAs(rows, 'external_id text, key text, type text, status text')}
    on conflict (connection_id, external_id) do update
    set key = excluded.key, type = excluded.type, status = excluded.status, read_at = now()`.execute(db);
}

export async function forgetOutsideSpaces(
  db: Db,
  connectionId: string,
  externalIds: readonly string[],
): Promise<void> {
  await sql`
    delete from outside_spaces
    where connection_id = ${connectionId} and external_id = any(${externalIds}::text[])`.execute(db);
}

/** Notes that spaces came (back) with a past: what is in them is older than the feeds of changes reach. */
export async function addSpaceDue(
  db: Db,
  connectionId: string,
  externalIds: readonly string[],
): Promise<void> {
  await sql`
    insert into space_due (connection_id, external_id)
    select ${connectionId}::uuid, id from unnest(${externalIds}::text[]) as id
    on conflict (connection_id, external_id) do update set since = now()`.execute(db);
}

export async function loadSpaceDue(db: Db, connectionId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('space_due')
    .select('external_id')
    .where('connection_id', '=', connectionId)
    .orderBy('external_id')
    .execute();
  return rows.map((row) => row.external_id);
}

/** Forgets a space that has been read whole since `began`. */
export async function clearSpaceDue(
  db: Db,
  connectionId: string,
  externalId: string,
  began: Date,
): Promise<void> {
  await db
    .deleteFrom('space_due')
    .where('connection_id', '=', connectionId)
    .where('external_id', '=', externalId)
    .where('since', '<=', began)
    .execute();
}
