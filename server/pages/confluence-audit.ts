import { Router, type Request } from 'express';
import { InvalidInput } from '../../errors.ts';
import {
  auditFields,
  confluenceAuditScreen,
  type AuditFields,
} from '../../web/screens/connection/confluence-audit.ts';
import { sendCsv } from '../api/confluence-audit.ts';
import { resolveAdministrator } from '../viewer.ts';
import { pathPart, queryText, show, type PageParts } from './page.ts';

/** Confluence's own audit log of one connection, and the same as a file. */
export function confluenceAuditPages(parts: PageParts): Router {
  const { services, now } = parts;
  const router = Router();
  const path = '/connections/:id/permissions/audit';

  router.get(path, async (req, res) => {
    const actor = resolveAdministrator(req);
    const connection = await services.connections.get(actor, pathPart(req, 'id'));
    const log = await services.confluenceAudit.log(actor, connection.id);
    const filter = fieldsOf(req);
    const view = { connection, log, filter, now: now() };
    try {
      const query = { ...filter, cursor: queryText(req, 'cursor'), limit: 50 };
      const { items, nextCursor } = await services.confluenceAudit.list(actor, connection.id, query);
      show(parts, req, res, confluenceAuditScreen({ ...view, records: items, nextCursor, errors: {} }));
    } catch (error) {
      if (!(error instanceof InvalidInput) || 'cursor' in error.fields) throw error;
      const none = { records: [], nextCursor: null, errors: error.fields };
      show(parts, req, res, confluenceAuditScreen({ ...view, ...none }), 422);
    }
  });

  router.get(`${path}.csv`, async (req, res) => {
    const actor = resolveAdministrator(req);
    await sendCsv(res, await services.confluenceAudit.export(actor, pathPart(req, 'id'), fieldsOf(req)));
  });

  return router;
}

function fieldsOf(req: Request): AuditFields {
  const entries = auditFields.map((name) => [name, (queryText(req, name) ?? '').trim().slice(0, 500)]);
  return Object.fromEntries(entries) as AuditFields;
}
