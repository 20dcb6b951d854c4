import { sql, type Selectable, type SelectQueryBuilder } from 'kysely';
import { containing } from './people-accounts.ts';
import type { Database, Db } from './schema.ts';

export type AuditEntry = Selectable<Database['audit_log']>;

/** Each null: whatever it is. */
export interface AuditFilter {
  /** An action, or the beginning of one before its dot: `user`. */
  action: string | null;
  /** In who did it. */
  actor: string | null;
  /** In what it was done to. */
  target: string | null;
  from: Date | null;
  /** Not included. */
  to: Date | null;
  /** Anywhere, what was before and after among it. */
  q: string | null;
}

/** Appends one line. `before` and `after` are what changed, without any secret. */
export async function appendAudit(
  db: Db,
  entry: {
    actorUserId: string | null;
    actor: string;
    action: string;
    target: string;
    address?: string | undefined;
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
      address: entry.address ?? null,
      before: entry.before === undefined ? null : JSON.stringify(entry.before),
      after: entry.after === undefined ? null : JSON.stringify(entry.after),
    })
    .execute();
}

/** Whether somebody's action on a target stands in the log since `from`: for what is noted once a day. */
export async function isAudited(
  db: Db,
  entry: { actor: string; action: string; target: string; from: Date },
): Promise<boolean> {
  const row = await db
    .selectFrom('audit_log')
    .select('id')
    .where(sql`lower(actor)`, '=', entry.actor.toLowerCase())
    .where('action', '=', entry.action)
    .where('target', '=', entry.target)
    .where('at', '>=', entry.from)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Newest first, from before the entry `before` on. */
export function listAudit(
  db: Db,
  filter: AuditFilter,
  options: { before: string | null; limit: number },
): Promise<AuditEntry[]> {
  let query = filtered(db.selectFrom('audit_log').selectAll(), filter)
    .orderBy('id', 'desc')
    .limit(options.limit);
  if (options.before !== null) query = query.where('id', '<', options.before);
  return query.execute();
}

/** Entries that are read at once for a file. */
const perBatch = 1_000;

/** The same whole, a batch in memory at a time. */
export async function* readAudit(db: Db, filter: AuditFilter): AsyncGenerator<AuditEntry> {
  for (let before: string | null = null; ;) {
    const rows: AuditEntry[] = await listAudit(db, filter, { before, limit: perBatch });
    yield* rows;
    const last = rows.at(-1);
    if (rows.length < perBatch || last === undefined) return;
    before = last.id;
  }
}

type Query = SelectQueryBuilder<Database, 'audit_log', AuditEntry>;

function filtered(all: Query, { action, actor, target, from, to, q }: AuditFilter): Query {
  let query = all;
  if (action !== null) {
    query = query.where((where) =>
      where.or([where('action', '=', action), where(sql<string>`split_part(action, '.', 1)`, '=', action)]),
    );
  }
  if (actor !== null) query = query.where('actor', 'ilike', containing(actor));
  if (target !== null) query = query.where('target', 'ilike', containing(target));
  if (from !== null) query = query.where('at', '>=', from);
  if (to !== null) query = query.where('at', '<', to);
  if (q !== null) {
    const part = containing(q);
    query = query.where(
      sql<boolean>`(actor ilike ${part} or action ilike ${part} or target ilike ${part} or address ilike ${part}
        or before::text ilike ${part} or after::text ilike ${part})`,
    );
  }
  return query;
}
