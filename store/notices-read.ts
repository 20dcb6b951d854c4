import { sql } from 'kysely';
import type { AuthMethod, ConnectionStatus, Db, NoticeCode, NoticeSeverity } from './schema.ts';

/** A notice with what is needed to say where it is mended. */
export interface NoticeRow {
  id: string;
  connection_id: string | null;
  connection_name: string | null;
  auth_method: AuthMethod | null;
  connection_status: ConnectionStatus | null;
  status_cause: string | null;
  code: NoticeCode;
  subject: string;
  severity: NoticeSeverity;
  message: string;
  began_at: Date;
  ended_at: Date | null;
}

const columns = sql`n.id, n.connection_id, c.name as connection_name, c.auth_method, c.status as connection_status,
  c.status_cause, n.code, n.subject, n.severity, n.message, n.began_at, n.ended_at`;

/** The open notices that matter most, and how many there are: errors first, then the newest. */
export async function topNotices(db: Db, limit: number): Promise<{ notices: NoticeRow[]; total: number }> {
  const { rows } = await sql<NoticeRow & { total: string }>`
    select ${columns}, count(*) over () as total
    from notices n left join connections c on c.id = n.connection_id
    where n.ended_at is null
    order by array_position(array['error', 'warning', 'info'], n.severity), n.began_at desc, n.id
    limit ${limit}`.execute(db);
  return { notices: rows, total: Number(rows[0]?.total ?? 0) };
}

/** Newest first; `open`: only those that hold, or only those that are over. `before`: the id of the last one seen. */
export async function listNotices(
  db: Db,
  { open, before, limit }: { open: boolean | null; before: string | null; limit: number },
): Promise<NoticeRow[]> {
  const { rows } = await sql<NoticeRow>`
    select ${columns}
    from notices n left join connections c on c.id = n.connection_id
    where (${open}::boolean is null or (n.ended_at is null) = ${open}::boolean)
      and (${before}::uuid is null
        or (n.began_at, n.id) < (select began_at, id from notices where id = ${before}::uuid))
    order by n.began_at desc, n.id desc limit ${limit}`.execute(db);
  return rows;
}
