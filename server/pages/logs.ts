import { Router, type Request } from 'express';
import { InvalidInput } from '../../errors.ts';
import { logFilters, type LogFilterLevel } from '../../web/presenters/log.ts';
import { logsScreen, type LogsFilter } from '../../web/screens/logs.ts';
import { sendLogs } from '../api/logs.ts';
import type { LogsRequest } from '../services/logs.ts';
import { resolveAdministrator } from '../viewer.ts';
import { queryText, show, type PageParts } from './page.ts';

/** What all syncs have told, also as a file. */
export function logPages(parts: PageParts): Router {
  const { services, now, db } = parts;
  const router = Router();

  router.get('/logs', async (req, res) => {
    const actor = resolveAdministrator(req);
    const filter = filterOf(req);
    const connections = await db.selectFrom('connections').select(['id', 'name']).orderBy('name').execute();
    const view = { filter, connections, now: now() };
    try {
      const { items, nextCursor } = await services.logs.list(actor, {
        ...requestOf(filter),
        cursor: queryText(req, 'cursor'),
        limit: 100,
      });
      show(parts, req, res, logsScreen({ ...view, lines: items, nextCursor, errors: {} }));
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      const page = logsScreen({ ...view, lines: [], nextCursor: null, errors: error.fields });
      show(parts, req, res, page, 422);
    }
  });

  for (const format of ['txt', 'ndjson'] as const) {
    router.get(`/logs.${format}`, (req, res) =>
      sendLogs(
        res,
        format,
        services.logs.export(resolveAdministrator(req), requestOf(filterOf(req)), format),
      ),
    );
  }
  return router;
}

function filterOf(req: Request): LogsFilter {
  const level = queryText(req, 'level') ?? 'debug';
  return {
    connection: queryText(req, 'connection') ?? '',
    level: Object.hasOwn(logFilters, level) ? (level as LogFilterLevel) : 'debug',
    from: queryText(req, 'from') ?? '',
    to: queryText(req, 'to') ?? '',
    q: (queryText(req, 'q') ?? '').trim().slice(0, 200),
  };
}

function requestOf({ connection, level, from, to, q }: LogsFilter): LogsRequest {
  return {
    ...(connection === '' ? {} : { connection }),
    level,
    ...(from === '' ? {} : { from }),
    ...(to === '' ? {} : { to }),
    q,
  };
}
