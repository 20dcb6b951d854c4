import { Router, type Response } from 'express';
import { z } from 'zod';
import type { AppParts } from '../app.ts';
import type { LogsFormat } from '../services/logs.ts';
import { resolveAdministrator } from '../viewer.ts';
import { sendFile } from './download.ts';
import { createEndpoints } from './endpoint.ts';
import { logLineSchema, pageQuery, pageSchema } from './schemas.ts';

const filter = {
  connection: z.string().optional().meta({ description: 'Id of a connection; absent: all of them.' }),
  level: z.string().optional().meta({ description: 'debug, info, warning or error: lines of it and above.' }),
  from: z.string().optional().meta({ description: 'Lines of this time and after, ISO 8601.' }),
  to: z.string().optional().meta({ description: 'Lines before this time, ISO 8601.' }),
  q: z.string().max(200).optional().meta({ description: 'In messages, items, addresses; or a trace id.' }),
};

const foundLineSchema = logLineSchema
  .extend({
    connection: z.object({ id: z.uuid(), name: z.string() }),
    run: z.object({ id: z.uuid(), kind: z.string() }),
  })
  .meta({ id: 'FoundLogLine' });

const files = {
  txt: { type: 'text/plain', summary: 'The logs of all syncs as text, newest first' },
  ndjson: { type: 'application/x-ndjson', summary: 'The logs of all syncs, one JSON object a line' },
} as const satisfies Record<LogsFormat, { type: string; summary: string }>;

/** The calls on the logs of all syncs. */
export function createLogsApi({ services, openapi }: AppParts): Router {
  const router = Router();
  const endpoint = createEndpoints(router, openapi);
  const tag = 'Syncs';
  endpoint(
    {
      method: 'get',
      path: '/logs',
      tag,
      summary: 'The logs of all syncs, newest first',
      query: pageQuery.extend(filter),
      response: pageSchema(foundLineSchema),
    },
    ({ req, query }) => services.logs.list(resolveAdministrator(req), query),
  );
  for (const format of ['txt', 'ndjson'] as const) {
    endpoint(
      {
        method: 'get',
        path: `/logs.${format}`,
        tag,
        summary: files[format].summary,
        query: z.object(filter),
        response: z.string(),
        contentType: files[format].type,
      },
      ({ req, res, query }) =>
        sendLogs(res, format, services.logs.export(resolveAdministrator(req), query, format)),
    );
  }
  return router;
}

export function sendLogs(res: Response, format: LogsFormat, lines: AsyncIterable<string>): Promise<void> {
  return sendFile(res, { name: `logs.${format}`, type: files[format].type }, lines);
}
