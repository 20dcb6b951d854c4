import { sql, type Selectable } from 'kysely';
import { containing } from './people-accounts.ts';
import type { Database, Db } from './schema.ts';

export type LogLine = Selectable<Database['sync_log']>;

/** From what is of least interest to what is of most. */
export const logLevels = ['debug', 'info', 'warning', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LogFilter {
  /** Lines of this level and above; null: all. */
  level: LogLevel | null;
  /** In messages, items, addresses; or a trace id. null: whatever they say. */
  q: string | null;
}

/** Lines of a run's log in order, from behind the line `after` on. */
export function listLog(
  db: Db,
  runId: string,
  options: LogFilter & { after: string | null; limit: number },
): Promise<LogLine[]> {
  const { after, limit, level, q } = options;
  let query = db.selectFrom('sync_log').selectAll().where('run_id', '=', runId).orderBy('id').limit(limit);
  if (after !== null) query = query.where('id', '>', after);
  if (level !== null) query = query.where('level', 'in', logLevels.slice(logLevels.indexOf(level)));
  if (q !== null) {
    const part = containing(q);
    query = query.where(
      sql<boolean>`(message ilike ${part} or item ilike ${part} or url ilike ${part} or trace_id = ${q})`,
    );
  }
  return query.execute();
}

/** Lines that are read at once for a file. */
const perBatch = 1_000;

/** The same whole, a batch in memory at a time. */
export async function* readLog(db: Db, runId: string, filter: LogFilter): AsyncGenerator<LogLine> {
  for (let after: string | null = null; ;) {
    const lines: LogLine[] = await listLog(db, runId, { ...filter, after, limit: perBatch });
    yield* lines;
    if (lines.length < perBatch) return;
    after = lines.at(-1)?.id ?? null;
  }
}
