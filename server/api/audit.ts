import { Router } from 'express';
import { z } from 'zod';
import type { AppParts } from '../app.ts';
import { resolveAdministrator } from '../viewer.ts';
import { sendFile } from './download.ts';
import { createEndpoints } from './endpoint.ts';
import { auditSchema, pageQuery, pageSchema } from './schemas.ts';

const text = z.string().max(200).optional();
const filter = {
  action: text.meta({ description: 'An action such as user.role, or what stands before its dot.' }),
  actor: text.meta({ description: 'In who did it.' }),
  target: text.meta({ description: 'In what it was done to.' }),
  from: text.meta({ description: 'From this day or time on.' }),
  to: text.meta({ description: 'Before this day or time.' }),
  q: text.meta({ description: 'Anywhere, what was before and after among it.' }),
};

const files = {
  csv: { type: 'text/csv', summary: 'The same whole as a CSV for spreadsheets' },
  ndjson: { type: 'application/x-ndjson', summary: 'The same whole, one JSON object a line' },
} as const;

/** The calls on what was done in Sluice, by whom. */
export function createAuditApi({ services: { audit }, openapi }: AppParts): Router {
  const router = Router();
  const endpoint = createEndpoints(router, openapi);
  const tag = 'Audit';
  endpoint(
    {
      method: 'get',
      path: '/audit',
      tag,
      summary: 'What was changed by whom, newest first',
      query: pageQuery.extend(filter),
      response: pageSchema(auditSchema),
    },
    ({ req, query }) => audit.list(resolveAdministrator(req), query),
  );
  for (const format of ['csv', 'ndjson'] as const) {
    const { type, summary } = files[format];
    endpoint(
      {
        method: 'get',
        path: `/audit.${format}`,
        tag,
        summary,
        query: z.object(filter),
        response: z.string(),
        contentType: type,
      },
      async ({ req, res, query }) =>
        sendFile(
          res,
          { name: `audit.${format}`, type },
          await audit.export(resolveAdministrator(req), query, format),
        ),
    );
  }
  return router;
}
