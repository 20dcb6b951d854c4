import { Router } from 'express';
import { hiddenCauses } from '../../store/hidden-obstacles.ts';
import { hiddenScreen } from '../../web/screens/connection/hidden.ts';
import { csrfToken } from '../security/csrf.ts';
import { resolveAdministrator } from '../viewer.ts';
import { pathPart, queryText, show, type PageParts } from './page.ts';

/** What a connection hides from everybody: a few of each cause, or all of one. */
export function hiddenPages(parts: PageParts): Router {
  const { services, now, browserUrl } = parts;
  const router = Router();
  router.get('/connections/:id/permissions/hidden', async (req, res) => {
    const actor = resolveAdministrator(req);
    const connection = await services.connections.get(actor, pathPart(req, 'id'));
    const cause = hiddenCauses.find((known) => known === queryText(req, 'cause')) ?? null;
    const cursor = queryText(req, 'cursor');
    const page =
      cause === null
        ? await services.hidden.samples(actor, connection.id)
        : await services.hidden.list(actor, connection.id, { cause, cursor, limit: 50 });
    const hidden = { ...page, items: page.items.map((one) => ({ ...one, url: browserUrl(one.url) })) };
    show(parts, req, res, hiddenScreen({ csrfToken: csrfToken(req), connection, cause, hidden, now: now() }));
  });
  return router;
}
