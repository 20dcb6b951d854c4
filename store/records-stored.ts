import { sql } from 'kysely';
import type { Db, RecordState } from './schema.ts';

/** What is stored of a record, as far as it tells whether an answer brings news. */
export interface StoredRecord {
  digest: string;
  title: string;
  /** External id of its space; null where that is not known. */
  spaceId: string | null;
  parentId: string | null;
  containerId: string | null;
  status: string;
  url: string;
  version: number;
  state: RecordState;
  /** Its body is missing, or older than the record. */
  bodyDue: boolean;
  /** It did not show when it was asked for last, or was never read: nobody finds it. */
  hidden: boolean;
}

/** What is stored of some records, by external id. */
export async function loadStored(
  db: Db,
  connectionId: string,
  externalIds: readonly string[],
): Promise<Map<string, StoredRecord>> {
  const { rows } = await sql<StoredRecord & { id: string }>`
    select r.external_id as id, r.digest, r.title, s.external_id as "spaceId", r.parent_id as "parentId",
      r.container_id as "containerId", r.status, r.url, r.version, r.state, r.body_due as "bodyDue",
      r.state = 'pending' as hidden
    from records r left join spaces s on s.id = r.space_id
    where r.connection_id = ${connectionId} and r.external_id = any(${externalIds}::text[])`.execute(db);
  return new Map(rows.map(({ id, ...stored }) => [id, stored]));
}

/** Of these, what is stored and not yet known to have been trashed, archived or deleted. */
export async function stillThere(
  db: Db,
  connectionId: string,
  externalIds: readonly string[],
): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select r.external_id as id from records r
    where r.connection_id = ${connectionId} and r.external_id = any(${externalIds}::text[])
      and not exists (select from vanished v where v.connection_id = r.connection_id
        and v.external_id = r.external_id and v.evidence in ('trashed', 'archived', 'deleted'))`.execute(db);
  return new Set(rows.map((row) => row.id));
}
