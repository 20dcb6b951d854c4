import { Router, type Request } from 'express';
import { InvalidInput } from '../../errors.ts';
import { dryRunScreen, type DryRunFilterValues } from '../../web/screens/connection/dry-run-report.ts';
import { sendReport } from '../api/dry-runs.ts';
import type { Settings } from '../settings.ts';
import { resolveAdministrator } from '../viewer.ts';
import { settingsFrom, valuesOf } from './configure-form.ts';
import { postedConfigure } from './configure-posted.ts';
import { keepValues } from './drafts.ts';
import { attempt, goOn, pathPart, queryText, show, type PageParts } from './page.ts';

/** Starting a dry run, by the settings as they are or as they are being edited, and what it found. */
export function dryRunPages(parts: PageParts): Router {
  const { services, now, browserUrl } = parts;
  const router = Router();

  const start = async (req: Request, id: string, settings?: Settings) => {
    const actor = resolveAdministrator(req);
    const input = { kind: 'full' as const, dryRun: true, ...(settings === undefined ? {} : { settings }) };
    await services.syncs.start(actor, id, input);
    const message = 'The dry run has started. Nothing is stored or removed by it.';
    return { code: 'dry_run_started', message };
  };

  router.post('/connections/:id/dry-run', async (req, res) => {
    const { id } = await services.connections.get(resolveAdministrator(req), pathPart(req, 'id'));
    await attempt(req, res, `/connections/${id}/runs?kind=dry_run`, () => start(req, id));
  });

  router.post('/connections/:id/configure/dry-run', async (req, res) => {
    const connection = await services.connections.get(resolveAdministrator(req), pathPart(req, 'id'));
    const { id } = connection;
    const values = valuesOf(postedConfigure(req), connection);
    await keepValues(req, `${id}/configure`, values);
    try {
      const settings = settingsFrom(values, connection);
      await attempt(req, res, `/connections/${id}/runs?kind=dry_run`, () => start(req, id, settings));
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      const message = `There can be no dry run by this yet. ${Object.values(error.fields).join(' ')}`;
      await goOn(req, res, `/connections/${id}/configure`, { ok: false, code: 'invalid', message });
    }
  });

  router.get('/runs/:id/report', async (req, res) => {
    const actor = resolveAdministrator(req);
    const id = pathPart(req, 'id');
    const filter = filterOf(req);
    const [run, report, page] = await Promise.all([
      services.syncs.get(actor, id),
      services.dryRuns.report(actor, id),
      services.dryRuns.items(actor, id, { ...asked(filter), cursor: queryText(req, 'cursor'), limit: 100 }),
    ]);
    const connection = await services.connections.get(actor, run.connectionId);
    const items = page.items.map((one) => ({ ...one, url: one.url === '' ? '' : browserUrl(one.url) }));
    const { nextCursor } = page;
    show(parts, req, res, dryRunScreen({ connection, run, report, items, nextCursor, filter, now: now() }));
  });

  for (const format of ['csv', 'ndjson'] as const) {
    router.get(`/runs/:id/report.${format}`, async (req, res) => {
      const id = pathPart(req, 'id');
      const request = asked(filterOf(req));
      await sendReport(
        res,
        id,
        format,
        await services.dryRuns.export(resolveAdministrator(req), id, request, format),
      );
    });
  }
  return router;
}

function filterOf(req: Request): DryRunFilterValues {
  const of = (name: string) => (queryText(req, name) ?? '').trim().slice(0, 200);
  return { outcome: of('outcome'), kind: of('kind'), space: of('space'), reason: of('reason'), q: of('q') };
}

/** An empty field of the form is no filter. */
function asked(filter: DryRunFilterValues): Partial<DryRunFilterValues> {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ''));
}
