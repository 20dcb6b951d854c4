import { sql } from 'kysely';
import { notedChanges } from './record-changes.ts';
import { goneSince, takenOver } from './records-taken-over.ts';
import { forgetVanished, type RecordWrite } from './records.ts';
import { rowsAs } from './rows.ts';
import type { Db } from './schema.ts';

/** A page or blog post as a listing without bodies tells of it. */
export type ListedWrite = Omit<
  RecordWrite,
  'body' | 'digest' | 'labels' | 'containerId' | 'mediaType' | 'fileSize'
>;

/**
 * The twin of saveRecords for what was listed without its body: stores place and metadata. What is new waits for its
 * body; of what is stored, body and search words stay as they are, and are due where the version or title is another.
 * Nothing of it is shown before its body is stored and its access settled. Idempotent.
 * @param asOf when they were asked for, as for saveRecords
 */
export async function saveListed(
  db: Db,
  connectionId: string,
  runId: string | null,
  listed: readonly ListedWrite[],
  asOf: Date,
): Promise<void> {
  if (listed.length === 0) return;
  const rows = listed.map((record) => ({
    external_id: record.externalId,
    kind: record.kind,
    space_id: record.spaceId,
    parent_id: record.parentId,
    title: record.title,
    url: record.url,
    status: record.status,
    author_id: record.authorId,
    version: record.version,
    created_at: record.createdAt,
    modified_at: record.modifiedAt,
    attributes: record.attributes,
  }));
  // Without a digest no body was ever stored.
  const isDue = sql`(records.body_due or records.digest = ''
    or (records.version, records.title) is distinct from (excluded.version, excluded.title))`;
  await sql`
    with input as materialized (
      select input.*, null as container_id, s.id as own_space, coalesce(a.labels, '{}') as own_labels
      from ${rowsAs(
        rows,
        `external_id text, kind text, space_id text, parent_id text, title text, url text, status text, author_id text,
        version integer, created_at timestamptz, modified_at timestamptz, attributes jsonb`,
      )}
    left join spaces s on s.connection_id = ${connectionId} and s.external_id = input.space_id
    left join content_access a on a.connection_id = ${connectionId} and a.external_id = input.external_id),
    ${notedChanges(connectionId, runId, { of: 'all', asOf })}
    insert into records (connection_id, external_id, kind, space_id, parent_id, title, url, status, author_id, labels,
      version, created_at, modified_at, attributes, seen_run, synced_at, state, body_due)
    select ${connectionId}, external_id, kind, own_space, parent_id, title, url, status, author_id,
      own_labels, version, created_at, modified_at, attributes, ${runId}, ${asOf}, 'waiting', true
    from input
    on conflict (connection_id, external_id) do update
    set ${takenOver}, body_due = ${isDue},
      state = case when records.state = 'pending' and not ${goneSince(sql`excluded.synced_at`)}
        then case when ${isDue} then 'waiting' else 'indexed' end else records.state end`.execute(db);
  await forgetVanished(
    db,
    connectionId,
    listed.map(({ externalId }) => externalId),
    asOf,
  );
}

const tally = 'listed without bodies';

/**
 * Notes how many records a run has counted as filtered because they were listed without bodies. Call it in the
 * transaction that counts them.
 */
export async function addListed(db: Db, connectionId: string, runId: string, count: number): Promise<void> {
  if (count === 0) return;
  await sql`
    insert into checkpoints (connection_id, stream, scope, run_id, cursor, done)
    values (${connectionId}, ${tally}, ${runId}, ${runId}, ${String(count)}, true)
    on conflict (connection_id, stream, scope) do update
    set cursor = (checkpoints.cursor::integer + ${count})::text, updated_at = now()`.execute(db);
}

/**
 * Takes back up to `count` of them: they are counted as what became of them instead, in the same transaction.
 * @returns how many there were to take back
 */
export async function takeListed(
  db: Db,
  connectionId: string,
  runId: string,
  count: number,
): Promise<number> {
  const { rows } = await sql<{ taken: number }>`
    with held as (
      select cursor::integer as n from checkpoints
      where connection_id = ${connectionId} and stream = ${tally} and scope = ${runId} for update)
    update checkpoints c set cursor = greatest(held.n - ${count}, 0)::text, updated_at = now() from held
    where c.connection_id = ${connectionId} and c.stream = ${tally} and c.scope = ${runId}
    returning least(held.n, ${count}) as taken`.execute(db);
  return rows[0]?.taken ?? 0;
}

/** Forgets what runs before this one have noted. */
export async function forgetListed(db: Db, connectionId: string, runId: string): Promise<void> {
  await sql`
    delete from checkpoints
    where connection_id = ${connectionId} and stream = ${tally} and scope <> ${runId}`.execute(db);
}
