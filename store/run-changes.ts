import { sql, type RawBuilder } from 'kysely';
import type { Db } from './schema.ts';

/** What a run changed, by name: shown in the history of runs. */
export type RunChange =
  | 'added'
  | 'updated'
  | 'retitled'
  | 'moved'
  | 'relabelled'
  | 'restored'
  | 'spaces_changed'
  | 'removed'
  | 'left_out'
  | 'hidden';

export type RunChanges = Partial<Record<RunChange, number>>;

/** Adds to what a run has changed, where no batch is counted (runs.ts). Call it in the transaction that stores the change. */
export async function addRunChanges(db: Db, runId: string, changes: RunChanges): Promise<void> {
  if (Object.values(changes).every((count) => count === 0)) return;
  await sql`update sync_runs set changes = ${withChanges(changes)} where id = ${runId}`.execute(db);
}

/** `sync_runs.changes` with more of them. */
export function withChanges(changes: RunChanges): RawBuilder<unknown> {
  const news = Object.entries(changes).filter(([, count]) => count !== 0);
  if (news.length === 0) return sql`changes`;
  return sql`changes || (
    select jsonb_object_agg(key, value::bigint + coalesce((changes ->> key)::bigint, 0))
    from jsonb_each_text(${JSON.stringify(Object.fromEntries(news))}::jsonb))`;
}
