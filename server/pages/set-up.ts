import { Router, type Request } from 'express';
import { authorizeScreen } from '../../web/screens/connection/authorize.ts';
import { csrfToken } from '../security/csrf.ts';
import { resolveAdministrator } from '../viewer.ts';
import { goOn, pathPart, show, type PageParts } from './page.ts';

/** The second step of a connection's set-up, and its test. The consent itself is server/oauth's. */
export function setUpPages(parts: PageParts): Router {
  const { services, now } = parts;
  const router = Router();
  const connectionOf = (req: Request) =>
    services.connections.get(resolveAdministrator(req), pathPart(req, 'id'));

  router.get('/connections/:id/authorize', async (req, res) => {
    const connection = await connectionOf(req);
    const found = req.session.tests?.[connection.id];
    const test = found === undefined ? null : { ...found, at: new Date(found.at) };
    show(parts, req, res, authorizeScreen({ csrfToken: csrfToken(req), connection, test, now: now() }));
  });

  router.post('/connections/:id/test', async (req, res) => {
    const actor = resolveAdministrator(req);
    const id = pathPart(req, 'id');
    const { ok, checks } = await services.connections.test(actor, id);
    req.session.tests = { [id]: { at: now().toISOString(), ok, checks } };
    const message = ok ? 'Every check is ok.' : 'Not every check is ok: each line below says what to do.';
    await goOn(req, res, `/connections/${id}/authorize`, { ok, code: 'tested', message });
  });

  return router;
}
