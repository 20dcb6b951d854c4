import { sql } from 'kysely';
import { foldText } from '../content/fold.ts';
import { rowsAs } from './rows.ts';
import type { Db } from './schema.ts';

/** An attachment whose file is to be looked at. */
export interface DueAttachment {
  id: string;
  externalId: string;
  containerId: string | null;
  title: string;
  mediaType: string | null;
  /** Bytes; null: not known. */
  fileSize: number | null;
  url: string;
  version: number;
  /** The file of this version was read already: only its name or the rules have changed. */
  isRead: boolean;
}

/** What became of one: its text, or why there is none. */
export type AttachmentOutcome = {
  id: string;
  title: string;
  version: number;
} & (
  | { state: 'done'; kind: string; text: string; markdown: string; cjk: string | null; truncated: boolean }
  /** What was found in the file before stays. */
  | { state: 'kept' }
  /** `isRead`: the file itself told so, and not its name or the rules. */
  | { state: 'none'; code: string; message: string; isRead: boolean }
  | { state: 'failed'; code: string; message: string }
);

/** What is stored of an attachment, as it concerns its file. `notRead`: why that is not looked at; null: it is due. */
export interface ListedFile {
  externalId: string;
  notRead: { code: string; message: string } | null;
}

/**
 * Notes that files of attachments are due whose version is another than the one that was looked at, or why they are not.
 * In the transaction that stores the records.
 * @param rules digest of the rules that decided it
 */
export async function noteDueTexts(
  db: Db,
  connectionId: string,
  rules: string,
  files: readonly ListedFile[],
): Promise<void> {
  if (files.length === 0) return;
  const rows = files.map(({ externalId, notRead }) => ({ external_id: externalId, ...notRead }));
  await sql`
    insert into attachment_texts (record_id, connection_id, version, state, code, message, rules)
    select r.id, r.connection_id, r.version, case when input.code is null then 'due' else 'none' end, input.code,
      input.message, case when input.code is null then '' else ${rules} end
    from ${rowsAs(rows, 'external_id text, code text, message text')}
    join records r on r.connection_id = ${connectionId} and r.external_id = input.external_id and r.kind = 'attachment'
    on conflict (record_id) do update
    -- Writing the record anew has emptied its body.
    set version = excluded.version, state = excluded.state, read_version = null, code = excluded.code,
      message = excluded.message, rules = excluded.rules
    where attachment_texts.version <> excluded.version`.execute(db);
}

/** Another name may be that of another kind of file: what had no text is looked at again. Before the records are written. */
export async function noteRenamed(
  db: Db,
  connectionId: string,
  records: readonly { externalId: string; digest: string }[],
): Promise<void> {
  const rows = records.map(({ externalId, digest }) => ({ external_id: externalId, digest }));
  await sql`
    update attachment_texts t set state = 'due'
    from ${rowsAs(rows, 'external_id text, digest text')}
    join records r on r.connection_id = ${connectionId} and r.external_id = input.external_id
      and r.digest <> input.digest
    where t.record_id = r.id and t.state in ('none', 'failed')`.execute(db);
}

/** Texts that a new name of an attachment must not lose: of those whose version is the one that was read. */
export async function textsToKeep(
  db: Db,
  connectionId: string,
  records: readonly { externalId: string; digest: string; version: number }[],
): Promise<Map<string, { markdown: string; text: string }>> {
  const rows = records.map(({ externalId, digest, version }) => ({
    external_id: externalId,
    digest,
    version,
  }));
  const { rows: found } = await sql<{ id: string; markdown: string; text: string }>`
    select r.external_id as id, b.markdown, b.text
    from ${rowsAs(rows, 'external_id text, digest text, version integer')}
    join records r on r.connection_id = ${connectionId} and r.external_id = input.external_id
      and r.digest <> input.digest
    join attachment_texts t on t.record_id = r.id and t.read_version = input.version
    join record_bodies b on b.record_id = r.id and b.text <> ''`.execute(db);
  return new Map(found.map(({ id, markdown, text }) => [id, { markdown, text }]));
}

/** Makes due what was decided by other rules than these, and what failed and is to be tried again now. */
export async function makeTextsDue(db: Db, connectionId: string, rules: string): Promise<void> {
  await sql`
    update attachment_texts set state = 'due'
    -- Two ranges of an index, where <> is none.
    where connection_id = ${connectionId} and state in ('done', 'none') and (rules < ${rules} or rules > ${rules})`.execute(
    db,
  );
  await sql`
    update attachment_texts t set state = 'due'
    from sync_failures f join records r on r.connection_id = f.connection_id and r.external_id = f.external_id
    where f.connection_id = ${connectionId} and f.stage = 'files' and f.next_retry_at <= now()
      and t.record_id = r.id and t.state = 'failed'`.execute(db);
}

/** How many are due. */
export async function countDueTexts(db: Db, connectionId: string): Promise<number> {
  const { rows } = await sql<{ due: number }>`
    select count(*)::integer as due from attachment_texts t join records r on r.id = t.record_id
    where t.connection_id = ${connectionId} and t.state = 'due' and r.state = 'indexed'`.execute(db);
  return rows[0]?.due ?? 0;
}

/** Attachments that are due and in the index, in the order of their ids, from behind `after` on. */
export async function listDueTexts(
  db: Db,
  connectionId: string,
  options: { after: string; limit: number },
): Promise<DueAttachment[]> {
  const { rows } = await sql<DueAttachment & { fileSize: string | null }>`
    select r.id::text, r.external_id as "externalId", r.container_id as "containerId", r.title, r.url,
      r.media_type as "mediaType", r.file_size::text as "fileSize", r.version,
      coalesce(t.read_version = r.version, false) and not r.body_due as "isRead"
    from attachment_texts t join records r on r.id = t.record_id
    where t.connection_id = ${connectionId} and t.state = 'due' and r.state = 'indexed'
      and t.record_id > ${options.after}::bigint
    order by t.record_id limit ${options.limit}`.execute(db);
  return rows.map((row) => ({ ...row, fileSize: row.fileSize === null ? null : Number(row.fileSize) }));
}

/**
 * Stores what became of some attachments, in one statement: text where the text of pages is, and what is known of it.
 * One that has another version or name by now, or is not in the index any more, is left due.
 * @param rules digest of the rules by which they were looked at
 */
export async function saveTexts(
  db: Db,
  rules: string,
  outcomes: readonly AttachmentOutcome[],
): Promise<void> {
  if (outcomes.length === 0) return;
  const rows = outcomes.map((one) => {
    const known = { id: one.id, title: one.title, version: one.version, state: one.state };
    if (one.state === 'kept') return known;
    if (one.state !== 'done') {
      return { ...known, code: one.code, message: one.message, is_read: one.state === 'none' && one.isRead };
    }
    const { plain, pairs } = foldText(one.text);
    const { kind, text, markdown, cjk, truncated } = one;
    return { ...known, kind, body: text, markdown, cjk, truncated, is_read: true, plain, pairs };
  });
  await sql`
    with input as materialized (
      select input.*, r.connection_id from ${rowsAs(
        rows,
        `id bigint, title text, version integer, state text, code text, message text, kind text, body text,
          markdown text, cjk text, truncated boolean, is_read boolean, plain text, pairs text`,
      )}
      join records r on r.id = input.id and r.version = input.version and r.title = input.title
        and r.state = 'indexed' for update of r),
    -- What has no text has none any more, either.
    written as (
      insert into record_bodies (record_id, format, markdown, text)
      select id, case state when 'done' then 'file' else 'none' end, coalesce(markdown, ''), coalesce(body, '')
      from input where state <> 'kept'
      on conflict (record_id) do update
      set format = excluded.format, markdown = excluded.markdown, text = excluded.text
      returning record_id),
    found as (
      update record_search s set words = sluice_reworded(s.words, coalesce(i.plain, ''), coalesce(i.pairs, '')),
        cjk = i.cjk
      from input i join written w on w.record_id = i.id where s.record_id = i.id)
    update attachment_texts t
    set (state, code, message, kind, truncated, read_version) = (select s.* from (
        select case when t.code is null then 'done' else 'none' end, t.code, t.message, t.kind, t.truncated,
          t.read_version where i.state = 'kept'
        union all
        select i.state, i.code, i.message, i.kind, coalesce(i.truncated, false),
          case when i.is_read then i.version end where i.state <> 'kept') s),
      rules = ${rules}, read_at = now()
    from input i where t.record_id = i.id`.execute(db);
}

/** What is known of the text of one attachment. */
export interface AttachmentText {
  state: 'due' | 'done' | 'failed' | 'none';
  kind: string | null;
  code: string | null;
  message: string | null;
  truncated: boolean;
}

export async function findAttachmentText(db: Db, recordId: string): Promise<AttachmentText | undefined> {
  return db
    .selectFrom('attachment_texts')
    .select(['state', 'kind', 'code', 'message', 'truncated'])
    .where('record_id', '=', recordId)
    .executeTakeFirst();
}
