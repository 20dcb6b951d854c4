import type { Kysely } from 'kysely';
import { InvalidInput, NotFound } from '../../errors.ts';
import { listLog, logLevels, readLog, type LogFilter } from '../../store/run-log-read.ts';
import { findRun } from '../../store/runs-read.ts';
import type { Database } from '../../store/schema.ts';
import { requireAdministrator, type Actor } from '../actor.ts';
import { byteOrderMark, csvLine } from '../csv.ts';
import { cursorOf, cursorPatterns, idOf, limitOf, pageOf } from '../paging.ts';
import type { LogLineView, Page } from '../views.ts';
import type { PageRequest } from './contracts.ts';
import { presentLogLine } from './present-run.ts';

export interface LogRequest {
  /** Lines of this level and above. */
  level?: string | undefined;
  /** In messages, items and addresses, or a trace id. */
  q?: string | undefined;
}

export type LogFormat = 'csv' | 'ndjson';

/** What a sync has told; for administrators. @throws InvalidInput at `level`, `cursor`, `limit` */
export interface RunLogService {
  /** Oldest first. */
  list(actor: Actor, runId: string, page?: PageRequest & LogRequest): Promise<Page<LogLineView>>;
  /** The same whole, as the lines of a file. */
  export(actor: Actor, runId: string, request: LogRequest, format: LogFormat): Promise<AsyncIterable<string>>;
}

export function createRunLogService({ db }: { db: Kysely<Database> }): RunLogService {
  const runOf = async (actor: Actor, id: string) => {
    requireAdministrator(actor);
    const run = await findRun(db, idOf('This sync', id));
    if (run === undefined) throw new NotFound('This sync');
    return run;
  };
  return {
    async list(actor, runId, page) {
      const run = await runOf(actor, runId);
      const limit = limitOf(page);
      const after = cursorOf(page, cursorPatterns.number);
      const rows = await listLog(db, run.id, { ...filterOf(page ?? {}), after, limit: limit + 1 });
      return pageOf(rows, limit, (row) => row.id, presentLogLine);
    },
    async export(actor, runId, request, format) {
      const run = await runOf(actor, runId);
      const lines = readLog(db, run.id, filterOf(request));
      return format === 'csv' ? asCsv(lines) : asJson(lines);
    },
  };
}

function filterOf({ level, q = '' }: LogRequest): LogFilter {
  const known = logLevels.find((one) => one === level) ?? null;
  if (level !== undefined && known === null) {
    throw new InvalidInput({ level: `One of ${logLevels.join(', ')}.` });
  }
  const words = q.trim().slice(0, 200);
  return { level: known, q: words === '' ? null : words };
}

type Line = Parameters<typeof presentLogLine>[0];

async function* asCsv(lines: AsyncIterable<Line>): AsyncGenerator<string> {
  yield byteOrderMark + csvLine(['at', 'level', 'message', 'item', 'url', 'status', 'traceId']);
  for await (const line of lines) {
    const { at, level, message, item, url, status, traceId } = presentLogLine(line);
    yield csvLine([at, level, message, item, url, status, traceId]);
  }
}

async function* asJson(lines: AsyncIterable<Line>): AsyncGenerator<string> {
  for await (const line of lines) yield `${JSON.stringify(presentLogLine(line))}\n`;
}
