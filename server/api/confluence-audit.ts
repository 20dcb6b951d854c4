import { Router, type Response } from 'express';
import { z } from 'zod';
import type { AppParts } from '../app.ts';
import { resolveAdministrator } from '../viewer.ts';
import { sendFile } from './download.ts';
import { createEndpoints } from './endpoint.ts';
import { pageQuery, pageSchema } from './schemas.ts';

const time = z.iso.datetime();
const text = z.string().max(500).optional();
const object = z.object({ name: z.string(), objectType: z.string() });

export const auditRecordSchema = z
  .object({
    id: z.string(),
    at: time,
    author: z.object({ accountId: z.string().nullable(), name: z.string() }),
    category: z.string(),
    summary: z.string(),
    description: z.string(),
    object,
    associated: z.array(object),
    changed: z.array(z.object({ name: z.string(), oldValue: z.string(), newValue: z.string() })),
    remoteAddress: z.string(),
    recordId: z
      .string()
      .nullable()
      .meta({ description: 'The record here that it is about, where exactly one fits its names.' }),
  })
  .meta({ id: 'AuditRecord' });

export const auditLogSchema = z
  .object({
    state: z.enum(['untried', 'readable', 'refused']),
    message: z.string().nullable().meta({ description: 'Why it may not be read, and what to do.' }),
    readUpTo: time.nullable(),
    categories: z.array(z.string()),
  })
  .meta({ id: 'ConfluenceAuditLog' });

const filter = z.strictObject({
  from: text.meta({ description: 'A time, or a day of UTC.' }),
  to: text.meta({ description: 'A time, or a day of UTC, which is included.' }),
  author: text.meta({ description: 'Part of the name, or the account id.' }),
  object: text.meta({ description: 'Part of the name of something that the record is about.' }),
  category: text,
  q: text.meta({ description: 'A text anywhere in the record.' }),
});

/** Confluence's own audit log, as far as it was read. */
export function createConfluenceAuditApi({ services, openapi }: AppParts): Router {
  const router = Router();
  const endpoint = createEndpoints(router, openapi);
  const tag = 'Permissions';

  endpoint(
    {
      method: 'get',
      path: '/connections/{id}/audit-records',
      tag,
      summary: "Records of Confluence's audit log, newest first",
      query: filter.extend(pageQuery.shape),
      response: pageSchema(auditRecordSchema),
    },
    ({ req, params, query }) =>
      services.confluenceAudit.list(resolveAdministrator(req), params['id'] ?? '', query),
  );
  endpoint(
    {
      method: 'get',
      path: '/connections/{id}/audit-log',
      tag,
      summary: "Whether Confluence's audit log may be read, and up to when it was",
      response: auditLogSchema,
    },
    ({ req, params }) => services.confluenceAudit.log(resolveAdministrator(req), params['id'] ?? ''),
  );
  endpoint(
    {
      method: 'get',
      path: '/connections/{id}/audit-records.csv',
      tag,
      summary: 'The same records as a CSV for spreadsheets (text/csv)',
      query: filter,
      response: z.string(),
      contentType: 'text/csv',
    },
    async ({ req, res, params, query }) =>
      sendCsv(
        res,
        await services.confluenceAudit.export(resolveAdministrator(req), params['id'] ?? '', query),
      ),
  );
  return router;
}

export function sendCsv(res: Response, lines: AsyncIterable<string>): Promise<void> {
  return sendFile(res, { name: 'confluence-audit-log.csv', type: 'text/csv' }, lines);
}
