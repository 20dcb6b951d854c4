import type { Request } from 'express';
import { sql, type Kysely } from 'kysely';
import { NotFound } from '../errors.ts';
import { listRecords, type RecordRow } from '../store/records-read.ts';
import type { Database } from '../store/schema.ts';
import { seesEverything } from './explain/sees-everything.ts';
import { resolveViewer } from './viewer.ts';

const recordId = /^[1-9]\d{0,17}$/;

/**
 * The record of an address, with its body where the viewer may see that.
 * @throws NotFound for what is not there and, alike, for what the viewer may not know of
 */
export async function findRecord(
  db: Kysely<Database>,
  req: Request,
  id: string | undefined,
): Promise<RecordRow> {
  const viewer = resolveViewer(req);
  if (id === undefined || !recordId.test(id)) throw new NotFound('This record');
  const { rows } = await listRecords(db, {
    viewer,
    everything: seesEverything(req, viewer),
    conditions: [sql<boolean>`r.id = ${id}::bigint`],
    among: sql`(select acl_id from records where id = ${id}::bigint)`,
    after: null,
    limit: 1,
  });
  const record = rows[0];
  if (record === undefined) throw new NotFound('This record');
  return record;
}
