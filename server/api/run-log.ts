import { Router, type Response } from 'express';
import { z } from 'zod';
import type { AppParts } from '../app.ts';
import type { LogFormat } from '../services/run-log.ts';
import { resolveAdministrator } from '../viewer.ts';
import { sendFile } from './download.ts';
import { createEndpoints } from './endpoint.ts';
import { logLineSchema, pageQuery, pageSchema } from './schemas.ts';

const filter = {
  level: z.string().optional().meta({ description: 'debug, info, warning or error: lines of it and above.' }),
  q: z.string().max(200).optional().meta({ description: 'In messages, items, addresses; or a trace id.' }),
};

const files = {
  csv: { type: 'text/csv', summary: 'The log of a sync as a CSV for spreadsheets' },
  ndjson: { type: 'application/x-ndjson', summary: 'The log of a sync, one JSON object a line' },
} as const satisfies Record<LogFormat, { type: string; summary: string }>;

/** The calls on the log of a sync. */
export function createRunLogApi({ services, openapi }: AppParts): Router {
  const router = Router();
  const endpoint = createEndpoints(router, openapi);
  const tag = 'Syncs';
  endpoint(
    {
      method: 'get',
      path: '/syncs/{id}/log',
      tag,
      summary: 'The log of a sync, oldest first',
      query: pageQuery.extend(filter),
      response: pageSchema(logLineSchema),
    },
    ({ req, params, query }) => services.runLog.list(resolveAdministrator(req), params['id'] ?? '', query),
  );
  for (const format of ['csv', 'ndjson'] as const) {
    endpoint(
      {
        method: 'get',
        path: `/syncs/{id}/log.${format}`,
        tag,
        summary: files[format].summary,
        query: z.object(filter),
        response: z.string(),
        contentType: files[format].type,
      },
      async ({ req, res, params, query }) => {
        const id = params['id'] ?? '';
        await sendLog(
          res,
          id,
          format,
          await services.runLog.export(resolveAdministrator(req), id, query, format),
        );
      },
    );
  }
  return router;
}

/** The file's name tells which sync it is of. */
export function sendLog(
  res: Response,
  runId: string,
  format: LogFormat,
  lines: AsyncIterable<string>,
): Promise<void> {
  return sendFile(res, { name: `sync-${runId.slice(0, 8)}.${format}`, type: files[format].type }, lines);
}
