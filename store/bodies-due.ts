import { sql } from 'kysely';
import type { RecordWrite } from './records.ts';
import type { Db, RecordKind } from './schema.ts';

/** A wanted record whose body is missing or older than what is known of it. */
export interface DueBody {
  id: string;
  kind: RecordKind;
  /** Nothing of it was shown before. */
  isNew: boolean;
}

const isDue = sql<boolean>`(r.body_due and r.state in ('waiting', 'indexed'))`;

/** A restriction that was read before this may be older than what a permission sync promises. */
const isStale = (
  readSince: Date,
) => sql<boolean>`(r.state = 'waiting' and exists (select from content_access a
  where a.connection_id = r.connection_id and a.external_id = r.external_id and a.as_of < ${readSince}))`;

/** How many wanted pages and blog posts wait for a body, and how many other records do. */
export async function countDueBodies(
  db: Db,
  connectionId: string,
): Promise<{ content: number; others: number }> {
  const { rows } = await sql<{ content: number; others: number }>`
    select count(*) filter (where r.kind in ('page', 'blogpost'))::integer as content,
      count(*) filter (where r.kind not in ('page', 'blogpost'))::integer as others
    from records r where r.connection_id = ${connectionId} and ${isDue}`.execute(db);
  return rows[0] ?? { content: 0, others: 0 };
}

/** Pages or blog posts whose bodies are due and whose restrictions are as fresh as they must be, in the order of ids. */
export async function dueBodies(
  db: Db,
  connectionId: string,
  options: { kind: 'page' | 'blogpost'; readSince: Date; after: string; limit: number },
): Promise<DueBody[]> {
  const { kind, readSince, after, limit } = options;
  const { rows } = await sql<DueBody>`
    select r.external_id as id, r.kind, r.state = 'waiting' as "isNew" from records r
    where r.connection_id = ${connectionId} and ${isDue} and r.kind = ${kind} and r.external_id > ${after}
      and not ${isStale(readSince)}
      and not exists (select from sync_failures f where f.connection_id = r.connection_id and f.stage = 'bodies'
        and f.external_id = r.external_id and f.next_retry_at > now())
    order by r.external_id limit ${limit}`.execute(db);
  return rows;
}

/** What is about to be shown for the first time by a restriction that was read before `readSince`, in the order of ids. */
export async function dueWithOldAccess(
  db: Db,
  connectionId: string,
  options: { readSince: Date; after: string; limit: number },
): Promise<string[]> {
  const { readSince, after, limit } = options;
  const { rows } = await sql<{ id: string }>`
    select r.external_id as id from records r
    where r.connection_id = ${connectionId} and ${isDue} and r.kind not in ('comment', 'attachment')
      and r.external_id > ${after} and ${isStale(readSince)}
    order by r.external_id limit ${limit}`.execute(db);
  return rows.map(({ id }) => id);
}

/** Pages and blog posts of which a comment waits for its body, in the order of ids. */
export async function holdersOfDueComments(db: Db, connectionId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct r.container_id as id from records r
    where r.connection_id = ${connectionId} and ${isDue} and r.kind = 'comment' and r.container_id is not null
    order by 1`.execute(db);
  return rows.map(({ id }) => id);
}

/**
 * Attachments, folders and the like that are wanted again, as they were when they were read last: they have no body
 * that would have to be asked for.
 */
export async function dueWithoutBody(
  db: Db,
  connectionId: string,
  options: { readSince: Date; limit: number },
): Promise<Omit<RecordWrite, 'body'>[]> {
  const { rows } = await sql<Omit<RecordWrite, 'body'>>`
    select r.external_id as "externalId", r.kind, s.external_id as "spaceId", r.parent_id as "parentId",
      r.container_id as "containerId", r.title, r.url, r.status, r.author_id as "authorId", r.labels, r.version,
      r.created_at::text as "createdAt", r.modified_at::text as "modifiedAt", r.media_type as "mediaType",
      r.file_size::float8 as "fileSize", r.attributes, r.digest
    from records r left join spaces s on s.id = r.space_id
    where r.connection_id = ${connectionId} and ${isDue} and r.kind not in ('page', 'blogpost', 'comment')
      and not ${isStale(options.readSince)}
    order by r.id limit ${options.limit}`.execute(db);
  return rows;
}

/** Takes back that a run has seen records: it was not answered for them. */
export async function forgetSeen(
  db: Db,
  { connectionId, runId }: { connectionId: string; runId: string },
  externalIds: readonly string[],
): Promise<void> {
  await sql`
    update records set seen_run = null
    where connection_id = ${connectionId} and external_id = any(${[...externalIds]}::text[]) and seen_run = ${runId}`.execute(
    db,
  );
}

/** Whether a run has begun to list the comments or attachments of the whole site. */
export async function hasListedDiscussion(
  db: Db,
  { connectionId, runId }: { connectionId: string; runId: string },
  listings: readonly string[],
): Promise<boolean> {
  const { rows } = await sql`
    select from checkpoints
    where connection_id = ${connectionId} and run_id = ${runId} and stream = any(${[...listings]}::text[])
      and (done or cursor is not null) limit 1`.execute(db);
  return rows.length > 0;
}
