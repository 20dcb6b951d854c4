import type { NoticeRow } from '../../store/notices-read.ts';
import type { NoticeCode, NoticeDelivery, NoticeSeverity, NoticeTarget } from '../../store/schema.ts';
import { credentialAction, type NoticeAction } from '../../web/presenters/credential.ts';

export interface NoticeView {
  id: string;
  code: string;
  subject: string;
  severity: NoticeSeverity;
  message: string;
  connection: { id: string; name: string } | null;
  beganAt: string;
  endedAt: string | null;
  action: NoticeAction | null;
}

export interface NoticeTargetView {
  id: string;
  name: string;
  /** Scheme and host; the rest of the address is a secret, as whoever knows it may post there. */
  origin: string;
  enabled: boolean;
  createdAt: string;
}

export interface NoticeDeliveryView {
  id: string;
  event: string;
  state: 'pending' | 'delivered' | 'given_up';
  attempts: number;
  /** What was told, in short. */
  message: string;
  lastError: string | null;
  createdAt: string;
  /** Of one that is pending. */
  nextAttemptAt: string | null;
  deliveredAt: string | null;
}

export function presentNotice(row: NoticeRow): NoticeView {
  return {
    id: row.id,
    code: row.code,
    subject: row.subject,
    severity: row.severity,
    message: row.message,
    connection:
      row.connection_id === null ? null : { id: row.connection_id, name: row.connection_name ?? '' },
    beganAt: row.began_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    action: row.ended_at === null ? actionOf(row) : null,
  };
}

const aboutCredential = new Set<NoticeCode>(['needs_reauth', 'consent_expires', 'token_expires']);

/** Where what a notice is about is shown, below its connection. */
const pages: Partial<Record<NoticeCode, string>> = {
  mass_deletion: '/runs/removed',
  scope_shrank: '/runs/removed',
  permissions_unread: '/permissions/hidden',
  nothing_found: '/authorize',
  counters_unbalanced: '/runs',
  run_stuck: '/runs',
};

function actionOf(row: NoticeRow): NoticeAction | null {
  if (row.code === 'notice_target_failing') {
    return { label: 'Look at the target', href: `/settings/notifications/${row.subject}`, method: 'get' };
  }
  if (row.connection_id === null) return null;
  if (aboutCredential.has(row.code)) {
    const cause = row.code === 'needs_reauth' ? row.status_cause : null;
    return credentialAction({ id: row.connection_id, byToken: row.auth_method === 'api_token', cause });
  }
  return { label: 'Show', href: `/connections/${row.connection_id}${pages[row.code] ?? ''}`, method: 'get' };
}

export function presentTarget(row: NoticeTarget): NoticeTargetView {
  return {
    id: row.id,
    name: row.name,
    origin: row.url,
    enabled: row.enabled,
    createdAt: row.created_at.toISOString(),
  };
}

export function presentDelivery(row: NoticeDelivery): NoticeDeliveryView {
  const { notice, connection } = (row.payload ?? {}) as {
    notice?: { message?: unknown };
    connection?: { name?: unknown } | null;
  };
  const told = typeof notice?.message === 'string' ? notice.message : 'A test message.';
  return {
    id: row.id,
    event: row.event,
    state: row.state,
    attempts: row.attempts,
    message: typeof connection?.name === 'string' ? `${connection.name}: ${told}` : told,
    lastError: row.last_error,
    createdAt: row.created_at.toISOString(),
    nextAttemptAt: row.state === 'pending' ? row.next_attempt_at.toISOString() : null,
    deliveredAt: row.delivered_at?.toISOString() ?? null,
  };
}
