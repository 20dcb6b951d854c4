import type { Kysely } from 'kysely';
import { InvalidInput } from '../../errors.ts';
import { readFoundLog, searchLog, type FoundLine, type LogSearch } from '../../store/log-search.ts';
import { logLevels } from '../../store/run-log-read.ts';
import type { Database, RunKind } from '../../store/schema.ts';
import { requireAdministrator, type Actor } from '../actor.ts';
import { cursorOf, idOf, limitOf, pageOf } from '../paging.ts';
import type { LogLineView, Page } from '../views.ts';
import type { PageRequest } from './contracts.ts';
import { presentLogLine } from './present-run.ts';

/** A line with the run and the connection that it is of. */
export interface FoundLineView extends LogLineView {
  connection: { id: string; name: string };
  run: { id: string; kind: RunKind };
}

export interface LogsRequest {
  /** Id of a connection. */
  connection?: string | undefined;
  /** Lines of this level and above. */
  level?: string | undefined;
  /** ISO 8601; `to` is not part of it. */
  from?: string | undefined;
  to?: string | undefined;
  /** In messages, items and addresses, or a trace id. */
  q?: string | undefined;
}

export type LogsFormat = 'txt' | 'ndjson';

/** What all syncs have told; for administrators. @throws InvalidInput at the field that is wrong; NotFound */
export interface LogsService {
  /** Newest first. */
  list(actor: Actor, page?: PageRequest & LogsRequest): Promise<Page<FoundLineView>>;
  /** The same whole, as the lines of a file. */
  export(actor: Actor, request: LogsRequest, format: LogsFormat): AsyncIterable<string>;
}

const placePattern = /^-?\d{1,18} \d{1,18}$/;

export function createLogsService({ db }: { db: Kysely<Database> }): LogsService {
  return {
    async list(actor, page = {}) {
      requireAdministrator(actor);
      const limit = limitOf(page);
      const before = cursorOf(page, placePattern);
      const rows = await searchLog(db, { ...searchOf(page), before, limit: limit + 1 });
      return pageOf(rows, limit, (row) => row.place, present);
    },
    export(actor, request, format) {
      requireAdministrator(actor);
      const lines = readFoundLog(db, searchOf(request));
      return format === 'txt' ? asText(lines) : asJson(lines);
    },
  };
}

function searchOf({ connection, level, from, to, q = '' }: LogsRequest): LogSearch {
  const known = logLevels.find((one) => one === level) ?? null;
  if (level !== undefined && known === null)
    throw new InvalidInput({ level: `One of ${logLevels.join(', ')}.` });
  const words = q.trim().slice(0, 200);
  return {
    connectionId: connection === undefined ? null : idOf('This connection', connection),
    level: known,
    from: timeOf('from', from),
    to: timeOf('to', to),
    q: words === '' ? null : words,
  };
}

function timeOf(field: string, text: string | undefined): Date | null {
  if (text === undefined) return null;
  // A form's time has no zone: it is UTC, as all that is shown.
  const time = new Date(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(text) ? `${text}Z` : text);
  const year = time.getUTCFullYear();
  if (Number.isNaN(year) || year < 2000 || year > 9999) {
    throw new InvalidInput({ [field]: 'A time such as 2026-03-26T16:00:00Z.' });
  }
  return time;
}

function present(line: FoundLine): FoundLineView {
  return {
    ...presentLogLine(line),
    connection: { id: line.connection_id, name: line.connection_name },
    run: { id: line.run_id, kind: line.kind },
  };
}

async function* asText(lines: AsyncIterable<FoundLine>): AsyncGenerator<string> {
  for await (const line of lines) {
    const { at, level, message, item, url, status, traceId, connection, run } = present(line);
    const rest = [
      item,
      url,
      status === null ? null : `status ${status}`,
      traceId === null ? null : `trace ${traceId}`,
    ];
    const words = [message, ...rest.filter((each) => each !== null)].join(' | ');
    yield (
      `${at} ${level.padEnd(7)} [${connection.name}, ${run.kind} ${run.id.slice(0, 8)}] ${words}`
        // One line each, and nothing that a terminal would obey.
        .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ') + '\n'
    );
  }
}

async function* asJson(lines: AsyncIterable<FoundLine>): AsyncGenerator<string> {
  for await (const line of lines) yield `${JSON.stringify(present(line))}\n`;
}
