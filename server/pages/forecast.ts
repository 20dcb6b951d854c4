import { Router } from 'express';
import { InvalidInput } from '../../errors.ts';
import { hasWholeReading } from '../../store/run-requests.ts';
import type { SyncKind } from '../../store/schema.ts';
import { syncNowScreen } from '../../web/screens/connection/sync-now.ts';
import { csrfToken } from '../security/csrf.ts';
import { syncKinds } from '../services/forecast.ts';
import { resolveAdministrator } from '../viewer.ts';
import { attempt, formText, pathPart, show, type PageParts } from './page.ts';

/** Each kind of sync with what it does and costs, and the form that starts it. */
export function forecastPages(parts: PageParts): Router {
  const { db, services, now } = parts;
  const router = Router();

  /** Without a kind: whatever brings everything up to date. */
  const kindOf = async (asked: string, id: string): Promise<SyncKind> => {
    if (asked === '') return (await hasWholeReading(db, id)) ? 'incremental' : 'full';
    const kind = syncKinds.find((known) => known === asked);
    if (kind === undefined) throw new InvalidInput({ kind: `One of ${syncKinds.join(', ')}.` });
    return kind;
  };

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

  router.post('/connections/:id/sync', async (req, res) => {
    const actor = resolveAdministrator(req);
    const { id } = await services.connections.get(actor, pathPart(req, 'id'));
    const kind = await kindOf(formText(req, 'kind'), id);
    await attempt(req, res, `/connections/${id}`, async () => {
      await services.syncs.start(actor, id, { kind });
      return { code: 'sync_started', message: 'The sync has started.' };
    });
  });
  return router;
}
