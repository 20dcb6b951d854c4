import { sql } from 'kysely';
import type { LayerReading } from '../permissions/types.ts';
import { saveLayers } from './layers.ts';
import { rowsAs } from './rows.ts';
import type { Db } from './schema.ts';

export interface ContentAccessWrite {
  externalId: string;
  /** null: not told by this reading; what is known stays. */
  labels: string[] | null;
  /** Own view restriction; null when the content has none. */
  restriction: LayerReading | null;
}

/**
 * Stores own restrictions and labels of a batch of content. They take effect when access is settled (settle.ts).
 * @param runId null: a permission sync, which says nothing about what a sync of content has seen
 * @param asOf when they were asked for (SyncContext.askedAt): what is stored from a later question stays
 */
export async function saveContentAccess(
  db: Db,
  connectionId: string,
  runId: string | null,
  batch: readonly ContentAccessWrite[],
  asOf: Date,
): Promise<void> {
  const layers = await saveLayers(
    db,
    connectionId,
    batch.flatMap(({ externalId, restriction }) =>
      restriction === null ? [] : [{ kind: 'content' as const, sourceId: externalId, reading: restriction }],
    ),
    asOf,
  );
  const rows = batch.map(({ externalId, labels }) => ({
    external_id: externalId,
    labels,
    layer_id: layers.get(externalId) ?? null,
  }));
  await sql`
    insert into content_access as a (connection_id, external_id, labels, layer_id, seen_run, as_of)
    select ${connectionId}, input.external_id, coalesce(input.labels, known.labels, '{}'), input.layer_id, ${runId}::uuid, ${asOf}
    from ${rowsAs(rows, 'external_id text, labels text[], layer_id bigint')}
    left join content_access known
      on known.connection_id = ${connectionId} and known.external_id = input.external_id
    on conflict (connection_id, external_id) do update
    set labels = case when a.as_of <= excluded.as_of then excluded.labels else a.labels end,
      layer_id = case when a.as_of <= excluded.as_of then excluded.layer_id else a.layer_id end,
      as_of = greatest(a.as_of, excluded.as_of), seen_run = coalesce(excluded.seen_run, a.seen_run), read_at = now()`.execute(
    db,
  );
}

/**
 * Content of this run whose own restriction this run has not read: it stays hidden until it is.
 * @param options.after our own id of the last one that was named before; null: from the first
 */
export async function contentWithoutAccess(
  db: Db,
  connectionId: string,
  runId: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<{ id: string; externalId: string }[]> {
  const { rows } = await sql<{ id: string; externalId: string }>`
    select r.id, r.external_id as "externalId" from records r
    where r.connection_id = ${connectionId} and r.seen_run = ${runId} and r.kind not in ('comment', 'attachment')
      and not exists (select from content_access a where a.connection_id = r.connection_id
        and a.external_id = r.external_id and a.seen_run = ${runId})
      and (${after}::bigint is null or r.id > ${after})
    order by r.id limit ${limit}`.execute(db);
  return rows;
}
