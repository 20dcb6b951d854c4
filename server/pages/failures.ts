import { Router, type Request } from 'express';
import { failuresScreen } from '../../web/screens/connection/failures.ts';
import type { RetryRequest } from '../services/failures.ts';
import { csrfToken } from '../security/csrf.ts';
import { resolveAdministrator } from '../viewer.ts';
import { attempt, formText, pathPart, queryText, show, type PageParts } from './page.ts';

/** What could not be read of a connection, and what tries it again. */
export function failurePages(parts: PageParts): Router {
  const { services, now, browserUrl } = parts;
  const router = Router();

  router.get('/connections/:id/runs/failures', async (req, res) => {
    const actor = resolveAdministrator(req);
    const connection = await services.connections.get(actor, pathPart(req, 'id'));
    const stage = queryText(req, 'stage') ?? '';
    const q = (queryText(req, 'q') ?? '').trim();
    const page = await services.failures.list(actor, connection.id, {
      ...(stage === '' ? {} : { stage }),
      q,
      cursor: queryText(req, 'cursor'),
      limit: 50,
    });
    const items = page.items.map((one) => ({ ...one, url: one.url === null ? null : browserUrl(one.url) }));
    const failures = { ...page, items };
    show(
      parts,
      req,
      res,
      failuresScreen({ csrfToken: csrfToken(req), connection, stage, q, failures, now: now() }),
    );
  });

  router.post('/connections/:id/runs/failures/retry', async (req, res) => {
    const actor = resolveAdministrator(req);
    const connection = await services.connections.get(actor, pathPart(req, 'id'));
    await attempt(req, res, `/connections/${connection.id}/runs/failures`, async () => {
      const before = connection.currentRun;
      const run = await services.failures.retry(actor, connection.id, chosen(req));
      const message =
        before?.id === run.id
          ? 'They are due now: the sync that is under way tries them, or the next one.'
          : 'A sync has started that tries them. What can be read leaves this list.';
      return { code: 'retry', message };
    });
  });

  return router;
}

function chosen(req: Request): RetryRequest {
  const item = formText(req, 'item', 400);
  const stage = formText(req, 'stage', 100);
  if (item !== '') return { items: [{ stage: formText(req, 'of', 100), externalId: item }] };
  return stage === '' ? { all: true } : { stage };
}
