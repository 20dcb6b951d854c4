import { sql } from 'kysely';
import type { Cost } from '../atlassian/budget.ts';
import type { Db } from './schema.ts';

/**
 * Adds what a step has spent and no batch has counted: its last questions, and those of a try that came to nothing. The
 * run may have ended meanwhile; its bill is still its own.
 */
export async function addSpending(db: Db, runId: string, { requests, points }: Cost): Promise<void> {
  if (requests === 0 && points === 0) return;
  await db
    .updateTable('sync_runs')
    .set({ requests: sql<string>`requests + ${requests}`, points: sql<string>`points + ${points}` })
    .where('id', '=', runId)
    .execute();
}
