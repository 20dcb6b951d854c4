import type { Selectable } from 'kysely';
import type { Database, Db } from './schema.ts';

export type AuditEntry = Selectable<Database['audit_log']>;

/** Appends one line. `before` and `after` are what changed, without any secret. */
export async function appendAudit(
  db: Db,
  entry: {
    actorUserId: string | null;
    actor: string;
    action: string;
    target: string;
    before?: unknown;
    after?: unknown;
  },
): Promise<void> {
  await db
    .insertInto('audit_log')
    .values({
      actor_user_id: entry.actorUserId,
      actor: entry.actor,
      action: entry.action,
      target: entry.target,
      before: entry.before === undefined ? null : JSON.stringify(entry.before),
      after: entry.after === undefined ? null : JSON.stringify(entry.after),
    })
    .execute();
}

/** Newest first, from before the entry `before` on. */
export function listAudit(
  db: Db,
  options: { before: string | null; limit: number; action: string | null },
): Promise<AuditEntry[]> {
  let query = db.selectFrom('audit_log').selectAll().orderBy('id', 'desc').limit(options.limit);
  if (options.before !== null) query = query.where('id', '<', options.before);
  if (options.action !== null) query = query.where('action', '=', options.action);
  return query.execute();
}
