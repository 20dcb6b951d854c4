import { Router } from 'express';
import { Conflict, InvalidInput } from '../../errors.ts';
import { importPreviewScreen, importScreen } from '../../web/screens/people/import.ts';
import { plural } from '../../web/time.ts';
import { csrfToken } from '../security/csrf.ts';
import { template } from '../services/people/table.ts';
import { resolveAdministrator } from '../viewer.ts';
import { formText, goOn, show, type PageParts } from './page.ts';

const path = '/people/import';
const longest = 2_000_000;

/** A table of accounts and emails: pasted, looked at, stored. */
export function peopleImportPages(parts: PageParts): Router {
  const { people } = parts.services;
  const router = Router();

  router.get(path, (req, res) => {
    resolveAdministrator(req);
    show(parts, req, res, importScreen({ csrfToken: csrfToken(req), csv: '', errors: {} }));
  });

  router.post(path, async (req, res) => {
    const actor = resolveAdministrator(req);
    const csv = formText(req, 'csv', longest);
    try {
      const plan = await people.importTable(actor, { csv }, { dryRun: true });
      show(parts, req, res, importPreviewScreen({ csrfToken: csrfToken(req), csv, plan, aged: false }));
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      const view = { csrfToken: csrfToken(req), csv, errors: error.fields };
      show(parts, req, res, importScreen(view), 422);
    }
  });

  router.post(`${path}/confirm`, async (req, res) => {
    const actor = resolveAdministrator(req);
    const csv = formText(req, 'csv', longest);
    try {
      const options = { dryRun: false, digest: formText(req, 'digest') };
      const { counts } = await people.importTable(actor, { csv }, options);
      const left =
        counts.refused === 0 ? '' : ` ${plural(counts.refused, 'line was', 'lines were')} left out.`;
      const message = `${plural(counts.link + counts.change, 'link is', 'links are')} stored.${left}`;
      await goOn(req, res, '/people', { ok: true, code: 'imported', message });
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      const plan = await people.importTable(actor, { csv }, { dryRun: true });
      show(parts, req, res, importPreviewScreen({ csrfToken: csrfToken(req), csv, plan, aged: true }), 409);
    }
  });

  router.get('/people/template.csv', (req, res) => {
    resolveAdministrator(req);
    res.type('text/csv').attachment('sluice-people.csv').send(`\uFEFF${template}`);
  });

  return router;
}
