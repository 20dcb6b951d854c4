import type { Kysely } from 'kysely';
import { appendAudit, listAudit } from '../../store/audit.ts';
import type { Database, Db } from '../../store/schema.ts';
import { requireAdministrator, type Actor } from '../actor.ts';
import { cursorOf, cursorPatterns, limitOf, pageOf } from '../paging.ts';
import type { AuditService } from './contracts.ts';

/** One line of the audit log, within the transaction of the change where there is one. */
export function audit(
  db: Db,
  actor: Actor,
  action: string,
  target: string,
  change: { before?: unknown; after?: unknown } = {},
): Promise<void> {
  const via = actor.via === 'session' ? '' : actor.via === 'api_key' ? ' (API key)' : ' (set-up)';
  return appendAudit(db, {
    actorUserId: actor.userId,
    actor: `${actor.email}${via}`,
    action,
    target,
    ...change,
  });
}

export function createAuditService(deps: { db: Kysely<Database> }): AuditService {
  return {
    async list(actor, page) {
      requireAdministrator(actor);
      const limit = limitOf(page);
      const before = cursorOf(page, cursorPatterns.number);
      const rows = await listAudit(deps.db, { before, limit: limit + 1, action: page?.action ?? null });
      return pageOf(
        rows,
        limit,
        (row) => row.id,
        (row) => ({
          id: row.id,
          at: row.at.toISOString(),
          actor: row.actor,
          action: row.action,
          target: row.target,
          before: row.before,
          after: row.after,
        }),
      );
    },
    record: (actor, entry) => audit(deps.db, actor, entry.action, entry.target ?? '', entry),
  };
}
