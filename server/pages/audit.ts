import { Router, type Request } from 'express';
import { InvalidInput } from '../../errors.ts';
import { auditScreen, type AuditScreenFilter } from '../../web/screens/settings/audit.ts';
import { sendFile } from '../api/download.ts';
import { resolveAdministrator } from '../viewer.ts';
import { queryText, show, type PageParts } from './page.ts';

/** Who did what in Sluice: filters in the address, pages, and the same as a file. */
export function auditPages(parts: PageParts): Router {
  const { services, now } = parts;
  const router = Router();

  router.get('/settings/audit', async (req, res) => {
    const actor = resolveAdministrator(req);
    const filter = filterIn(req);
    const view = { filter, now: now() };
    try {
      const request = { ...filter, cursor: queryText(req, 'cursor'), limit: 50 };
      const { items, nextCursor } = await services.audit.list(actor, request);
      show(parts, req, res, auditScreen({ ...view, entries: items, nextCursor, errors: {} }));
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      const page = auditScreen({ ...view, entries: [], nextCursor: null, errors: error.fields });
      show(parts, req, res, page, 422);
    }
  });

  for (const [format, type] of [
    ['csv', 'text/csv'],
    ['ndjson', 'application/x-ndjson'],
  ] as const) {
    router.get(`/settings/audit.${format}`, async (req, res) => {
      const lines = await services.audit.export(resolveAdministrator(req), filterIn(req), format);
      await sendFile(res, { name: `audit.${format}`, type }, lines);
    });
  }

  return router;
}

function filterIn(req: Request): AuditScreenFilter {
  const text = (name: string) => queryText(req, name)?.trim().slice(0, 200) ?? '';
  const [actor, action, target, from] = [text('actor'), text('action'), text('target'), text('from')];
  return { actor, action, target, from, to: text('to'), q: text('q') };
}
