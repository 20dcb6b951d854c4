import { sql } from 'kysely';
import { containing } from './people-accounts.ts';
import { logLevels, type LogLevel, type LogLine } from './run-log-read.ts';
import type { Db, RunKind } from './schema.ts';

/** A line of a run's log, with whose it is. */
export interface FoundLine extends LogLine {
  connection_id: string;
  connection_name: string;
  kind: RunKind;
  /** `at` with all its digits and the id: what the next page goes on behind. */
  place: string;
}

export interface LogSearch {
  connectionId: string | null;
  /** Lines of this level and above; null: all. */
  level: LogLevel | null;
  from: Date | null;
  /** Lines before it. */
  to: Date | null;
  /** In messages, items, addresses; or a trace id. */
  q: string | null;
}

/** Lines of all runs, newest first, behind `before` (the `place` of a line). */
export async function searchLog(
  db: Db,
  search: LogSearch & { before: string | null; limit: number },
): Promise<FoundLine[]> {
  const { connectionId, level, from, to, q, before, limit } = search;
  const [at = '', id = ''] = before?.split(' ') ?? [];
  const conditions = [
    connectionId === null ? null : sql`r.connection_id = ${connectionId}::uuid`,
    levelIs(level),
    from === null ? null : sql`l.at >= ${from}`,
    to === null ? null : sql`l.at < ${to}`,
    before === null
      ? null
      : sql`(l.at, l.id) < (timestamptz 'epoch' + ${at}::bigint * interval '1 microsecond', ${id}::bigint)`,
    q === null
      ? null
      : sql`(l.message ilike ${containing(q)} or l.item ilike ${containing(q)} or l.url ilike ${containing(q)}
          or l.trace_id = ${q})`,
  ].filter((each) => each !== null);
  const where = conditions.length === 0 ? sql`` : sql`where ${sql.join(conditions, sql` and `)}`;
  const { rows } = await sql<FoundLine>`
    select l.*, r.connection_id, r.kind, c.name as connection_name,
      (extract(epoch from l.at) * 1000000)::bigint || ' ' || l.id as place
    from sync_log l join sync_runs r on r.id = l.run_id join connections c on c.id = r.connection_id
    ${where} order by l.at desc, l.id desc limit ${limit}`.execute(db);
  return rows;
}

/** Written out, so that the index of trouble is seen to hold what is asked for. */
function levelIs(level: LogLevel | null) {
  if (level === null || level === 'debug') return null;
  if (level === 'warning') return sql`l.level in ('warning', 'error')`;
  if (level === 'error') return sql`l.level in ('warning', 'error') and l.level = 'error'`;
  return sql`l.level = any(${logLevels.slice(logLevels.indexOf(level))}::text[])`;
}

const perBatch = 1_000;

/** The same whole, a batch in memory at a time. */
export async function* readFoundLog(db: Db, search: LogSearch): AsyncGenerator<FoundLine> {
  for (let before: string | null = null; ;) {
    const lines: FoundLine[] = await searchLog(db, { ...search, before, limit: perBatch });
    yield* lines;
    if (lines.length < perBatch) return;
    before = lines.at(-1)?.place ?? null;
  }
}
