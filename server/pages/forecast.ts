import { Router } from 'express';
import { syncNowScreen } from '../../web/screens/connection/sync-now.ts';
import { csrfToken } from '../security/csrf.ts';
import { syncKinds } from '../services/forecast.ts';
import { resolveAdministrator } from '../viewer.ts';
import { attempt, formText, pathPart, show, type PageParts } from './page.ts';

/** Each kind of sync with what it does and costs, and the form that starts it. */
export function forecastPages(parts: PageParts): Router {
  const { services, now } = parts;
  const router = Router();

  router.get('/connections/:id/sync', async (req, res) => {
    const actor = resolveAdministrator(req);
    const connection = await services.connections.get(actor, pathPart(req, 'id'));
    const forecasts =
      connection.status === 'draft'
        ? { items: [], quota: null }
        : await services.forecast.all(actor, connection.id);
    const view = { csrfToken: csrfToken(req), connection, ...forecasts, now: now() };
    show(parts, req, res, syncNowScreen(view));
  });

  router.post('/connections/:id/sync/start', async (req, res) => {
    const actor = resolveAdministrator(req);
    const id = pathPart(req, 'id');
    const kind = syncKinds.find((known) => known === formText(req, 'kind')) ?? 'incremental';
    await attempt(req, res, `/connections/${id}`, async () => {
      await services.syncs.start(actor, id, { kind });
      return { code: 'sync_started', message: 'The sync has started.' };
    });
  });
  return router;
}
