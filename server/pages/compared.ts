import { Router } from 'express';
import { comparedScreen } from '../../web/screens/connection/compared.ts';
import { csrfToken } from '../security/csrf.ts';
import { resolveAdministrator } from '../viewer.ts';
import { attempt, pathPart, queryText, show, type PageParts } from './page.ts';

/** A connection's answers beside Confluence's own. */
export function comparedPages(parts: PageParts): Router {
  const { services, now } = parts;
  const router = Router();
  const path = '/connections/:id/permissions/compared';

  router.get(path, async (req, res) => {
    const actor = resolveAdministrator(req);
    const connection = await services.connections.get(actor, pathPart(req, 'id'));
    const [comparison, { items, nextCursor }] = await Promise.all([
      services.comparison.get(actor, connection.id),
      services.comparison.disagreements(actor, connection.id, {
        cursor: queryText(req, 'cursor'),
        limit: 50,
      }),
    ]);
    const view = { csrfToken: csrfToken(req), connection, comparison, disagreements: items, nextCursor };
    show(parts, req, res, comparedScreen({ ...view, now: now() }));
  });

  router.post(path, async (req, res) => {
    const actor = resolveAdministrator(req);
    const { id } = await services.connections.get(actor, pathPart(req, 'id'));
    await attempt(req, res, `/connections/${id}/permissions/compared`, async () => {
      await services.comparison.compareNow(actor, id);
      const message =
        'Permissions are being read; a sample is compared at the end. Look here again in a minute.';
      return { code: 'comparing', message };
    });
  });

  return router;
}
