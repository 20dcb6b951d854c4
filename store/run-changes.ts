import { sql } from 'kysely';
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
  | 'hidden';

/** Adds to what a run has changed. Call it in the transaction that stores the change. */
export async function addRunChanges(
  db: Db,
  runId: string,
  changes: Partial<Record<RunChange, number>>,
): Promise<void> {
  const news = Object.fromEntries(Object.entries(changes).filter(([, count]) => count !== 0));
  if (Object.keys(news).length === 0) return;
  await sql`
    update sync_runs set changes = changes || (
      select jsonb_object_agg(key, value::bigint + coalesce((changes ->> key)::bigint, 0))
      from jsonb_each_text(${JSON.stringify(news)}::jsonb))
    where id = ${runId}`.execute(db);
}
