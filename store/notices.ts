import { sql } from 'kysely';
import { redact } from '../redaction.ts';
import type { Db, NoticeCode, NoticeSeverity } from './schema.ts';

/** What an open notice is found by again. Without a connection: about Sluice as a whole. */
export interface NoticeKey {
  connectionId: string | null;
  /** Names the cause. */
  code: NoticeCode;
  /** What of the connection it is about, where there may be several: a space, an app. */
  subject?: string;
}

export interface NewNotice extends NoticeKey {
  severity: NoticeSeverity;
  /** What happened, why, and what to do, in words for an administrator; no secret, no content of pages. */
  message: string;
}

/**
 * Tells administrators of something once: one that is open already keeps its beginning, takes the new words, and is not
 * sent again. Call it in the transaction that makes it true, and what is to be sent is stored with it or not at all.
 */
export async function openNotice(db: Db, notice: NewNotice): Promise<void> {
  await sql`
    with opened as (
      insert into notices (connection_id, code, subject, severity, message)
      values (${notice.connectionId}, ${notice.code}, ${notice.subject ?? ''}, ${notice.severity}, ${redact(notice.message)})
      on conflict (connection_id, code, subject) where ended_at is null
      do update set message = excluded.message, severity = excluded.severity
      returning *, xmax = 0 as fresh)
    ${deliver('notice.opened', sql`opened where opened.fresh`)}`.execute(db);
}

/** What it was about is over. Closing one that is not open does nothing. */
export async function closeNotice(db: Db, key: NoticeKey): Promise<void> {
  await sql`
    with closed as (
      update notices set ended_at = now()
      where connection_id is not distinct from ${key.connectionId}::uuid and code = ${key.code}
        and subject = ${key.subject ?? ''} and ended_at is null
      returning *)
    ${deliver('notice.closed', sql`closed`)}`.execute(db);
}

/** One delivery for each target; its id stays the same over all tries, so that who receives it can tell it twice. */
function deliver(event: string, source: ReturnType<typeof sql>) {
  return sql`
    insert into notice_deliveries (target_id, notice_id, event, payload)
    select t.id, n.id, ${event}, jsonb_build_object(
      'event', ${event}::text, 'notice', jsonb_build_object(
        'id', n.id, 'code', n.code, 'subject', n.subject, 'severity', n.severity, 'message', n.message,
        'beganAt', n.began_at, 'endedAt', n.ended_at),
      'connection', (select jsonb_build_object('id', c.id, 'name', c.name, 'siteUrl', c.site_url)
        from connections c where c.id = n.connection_id))
    from notice_targets t cross join (select * from ${source}) n
    where t.enabled`;
}
