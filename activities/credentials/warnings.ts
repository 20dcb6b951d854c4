import { sql, type Kysely } from 'kysely';
import {
  consentDays,
  consentExpires,
  tokenExpires,
  unusedDays,
  warnDays,
} from '../../store/credential-notices.ts';
import { closeNotice, openNotice } from '../../store/notices.ts';
import type { Database, NoticeCode, NoticeSeverity } from '../../store/schema.ts';

const dayMs = 86_400_000;

export interface CredentialWarning {
  code: NoticeCode;
  subject: string;
  severity: NoticeSeverity;
  message: string;
}

export interface WarnedConnection {
  name: string;
  disabled: boolean;
  /** Of the consent; null without one that lives. */
  consentedAt: Date | null;
  usedAt: Date | null;
  tokenExpiresAt: Date | null;
}

/** What administrators must know of a credential that still works. Pure. */
export function credentialWarnings(connection: WarnedConnection, now: Date): CredentialWarning[] {
  const { consentedAt, usedAt, tokenExpiresAt } = connection;
  const warnings: CredentialWarning[] = [];
  const ahead = (end: Date) => end.getTime() - now.getTime();
  const add = (code: NoticeCode, subject: string, severity: NoticeSeverity, message: string) =>
    warnings.push({ code, subject, severity, message });
  if (usedAt !== null) {
    const end = new Date(usedAt.getTime() + unusedDays * dayMs);
    const remedy = connection.disabled
      ? 'Enable the connection before, or reauthenticate afterwards.'
      : 'Sluice could not use it lately: test the connection, or reauthenticate.';
    const message = `The consent of "${connection.name}" ends on ${day(end)}: Atlassian ends one that is not used for ${unusedDays} days. ${remedy}`;
    if (ahead(end) < warnDays * dayMs) add(consentExpires, 'unused', 'warning', message);
  }
  if (consentedAt !== null) {
    const end = new Date(consentedAt.getTime() + consentDays * dayMs);
    const message = `The consent of "${connection.name}" is a year old on ${day(end)}. Atlassian ended consents then in the past; whether it still does is not documented. Reauthenticate before, and nothing is interrupted.`;
    if (ahead(end) < warnDays * dayMs) add(consentExpires, 'year', 'warning', message);
  }
  if (tokenExpiresAt !== null && ahead(tokenExpiresAt) < warnDays * dayMs) {
    const isToday = ahead(tokenExpiresAt) < dayMs;
    const over = ahead(tokenExpiresAt) <= 0;
    const when = over ? 'ended' : 'ends';
    const message = `The API token of "${connection.name}" ${when} on ${day(tokenExpiresAt)}, as was entered with it. Make a new one at id.atlassian.com and enter it in Authenticate Instance: syncs go on with it at once.`;
    add(tokenExpires, isToday ? 'today' : 'soon', isToday ? 'error' : 'warning', message);
  }
  return warnings;
}

function day(at: Date): string {
  return at.toISOString().slice(0, 10);
}

/** Opens the warnings that hold for any connection now, and closes those that hold no longer. */
export async function warnOfCredentials(db: Kysely<Database>, now: Date): Promise<void> {
  const { rows } = await sql<{
    id: string;
    name: string;
    status: string;
    consented_at: Date | null;
    used_at: Date | null;
    token_expires_at: Date | null;
  }>`
    select c.id, c.name, c.status, g.created_at as consented_at, g.rotated_at as used_at,
      case when c.auth_method = 'api_token' then c.api_token_expires_at end as token_expires_at
    from connections c left join grants g on g.id = c.grant_id and g.state = 'active' and c.auth_method = 'oauth'
    -- What is dead already is told by a notice of its own.
    where c.status not in ('draft', 'needs_reauth', 'disconnecting')`.execute(db);
  const codes: NoticeCode[] = [consentExpires, tokenExpires];
  const open = await db
    .selectFrom('notices')
    .select(['connection_id', 'code', 'subject'])
    .where('ended_at', 'is', null)
    .where('code', 'in', codes)
    .execute();
  const key = (id: string | null, code: string, subject: string) => `${id} ${code} ${subject}`;
  const wanted = new Set<string>();
  for (const row of rows) {
    const connection = {
      name: row.name,
      disabled: row.status === 'disabled',
      consentedAt: row.consented_at,
      usedAt: row.used_at,
      tokenExpiresAt: row.token_expires_at,
    };
    for (const warning of credentialWarnings(connection, now)) {
      wanted.add(key(row.id, warning.code, warning.subject));
      await openNotice(db, { connectionId: row.id, ...warning });
    }
  }
  for (const { connection_id: connectionId, code, subject } of open) {
    if (!wanted.has(key(connectionId, code, subject))) await closeNotice(db, { connectionId, code, subject });
  }
}
