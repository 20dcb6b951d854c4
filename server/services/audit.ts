import type { Kysely } from 'kysely';
import { InvalidInput } from '../../errors.ts';
import {
  appendAudit,
  isAudited,
  listAudit,
  readAudit,
  type AuditEntry,
  type AuditFilter,
} from '../../store/audit.ts';
import type { Database, Db } from '../../store/schema.ts';
import { requireAdministrator, type Actor } from '../actor.ts';
import { byteOrderMark, csvLine } from '../csv.ts';
import { cursorOf, cursorPatterns, limitOf, pageOf } from '../paging.ts';
import type { AuditView, Page } from '../views.ts';
import type { PageRequest } from './contracts.ts';

/** Which entries: each part absent or empty for whatever it is. Times are days or ISO 8601; `to` is not included. */
export interface AuditRequest {
  /** An action, or what stands before its dot. */
  action?: string | undefined;
  actor?: string | undefined;
  target?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  q?: string | undefined;
}

/** @throws InvalidInput at `from`, `to`, `cursor`, `limit` */
export interface AuditService {
  /** Newest first. */
  list(actor: Actor, page?: PageRequest & AuditRequest): Promise<Page<AuditView>>;
  /** The same whole, as the lines of a file; itself an entry. */
  export(actor: Actor, request: AuditRequest, format: 'csv' | 'ndjson'): Promise<AsyncIterable<string>>;
  record(
    actor: Actor,
    entry: { action: string; target?: string; before?: unknown; after?: unknown },
  ): Promise<void>;
}

/** One line of the audit log, within the transaction of the change where there is one. */
export function audit(
  db: Db,
  actor: Actor,
  action: string,
  target: string,
  change: { before?: unknown; after?: unknown } = {},
): Promise<void> {
  return appendAudit(db, {
    actorUserId: actor.userId,
    actor: nameOf(actor),
    action,
    target,
    // IPv4 through an IPv6 socket is told as IPv4.
    address: actor.address?.replace(/^::ffff:(?=\d+\.)/, ''),
    ...change,
  });
}

/** What happens with every call, such as reading as somebody else: one line a day (UTC), person and target. */
export async function auditDaily(db: Db, actor: Actor, action: string, target: string): Promise<void> {
  const from = new Date();
  from.setUTCHours(0, 0, 0, 0);
  if (await isAudited(db, { actor: nameOf(actor), action, target, from })) return;
  await audit(db, actor, action, target);
}

function nameOf({ email, via }: Actor): string {
  const how = { session: '', api_key: ' (API key)', setup: ' (set-up)' } as const;
  return `${email}${how[via]}`;
}

export function createAuditService(deps: { db: Kysely<Database> }): AuditService {
  const { db } = deps;
  return {
    async list(actor, page) {
      requireAdministrator(actor);
      const limit = limitOf(page);
      const before = cursorOf(page, cursorPatterns.number);
      const rows = await listAudit(db, filterOf(page ?? {}), { before, limit: limit + 1 });
      return pageOf(rows, limit, (row) => row.id, present);
    },
    async export(actor, request, format) {
      requireAdministrator(actor);
      const filter = filterOf(request);
      await audit(db, actor, 'audit.export', format, { after: request });
      const entries = readAudit(db, filter);
      return format === 'csv' ? asCsv(entries) : asJson(entries);
    },
    record: (actor, entry) => audit(db, actor, entry.action, entry.target ?? '', entry),
  };
}

/** @throws InvalidInput at `from`, `to` */
function filterOf(request: AuditRequest): AuditFilter {
  const words = (text: string | undefined) => {
    const trimmed = (text ?? '').trim().slice(0, 200);
    return trimmed === '' ? null : trimmed;
  };
  const { action, actor, target, q } = request;
  return {
    action: words(action),
    actor: words(actor),
    target: words(target),
    q: words(q),
    from: timeOf('from', request.from),
    to: timeOf('to', request.to),
  };
}

function timeOf(field: 'from' | 'to', text: string | undefined): Date | null {
  if (text === undefined || text.trim() === '') return null;
  const at = new Date(text.trim());
  if (Number.isNaN(at.getTime())) {
    throw new InvalidInput({ [field]: 'A day such as 2026-01-31, or a time such as 2026-01-31T09:00:00Z.' });
  }
  return at;
}

function present(row: AuditEntry): AuditView {
  const { id, at, actor, action, target, address, before, after } = row;
  return { id, at: at.toISOString(), actor, action, target, address, before, after };
}

const columns = ['at', 'actor', 'action', 'target', 'address', 'before', 'after'] as const;

async function* asCsv(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  yield byteOrderMark + csvLine(columns);
  const text = (value: unknown) => ((value ?? null) === null ? null : JSON.stringify(value));
  for await (const entry of entries) {
    const { at, actor, action, target, address, before, after } = present(entry);
    yield csvLine([at, actor, action, target, address, text(before), text(after)]);
  }
}

async function* asJson(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  for await (const entry of entries) yield `${JSON.stringify(present(entry))}\n`;
}
