import { Router } from 'express';
import { connectAccountScreen } from '../../web/screens/own-account.ts';
import { csrfToken } from '../security/csrf.ts';
import { resolveActor } from '../viewer.ts';
import { show, type PageParts } from './page.ts';

/** Where an administrator's link for everybody leads. Whoever is not signed in does that first, and comes back. */
export const connectAccountPath = '/connect-account';

export function connectAccountPages(parts: PageParts): Router {
  const { services, now } = parts;
  const router = Router();
  router.get(connectAccountPath, async (req, res) => {
    const actor = resolveActor(req);
    const [user, offered] = await Promise.all([
      services.users.get(actor, actor.userId),
      services.grants.offered(actor),
    ]);
    const view = {
      csrfToken: csrfToken(req),
      user,
      offered,
      returnTo: connectAccountPath,
      now: now(),
    } as const;
    show(parts, req, res, connectAccountScreen(view));
  });
  return router;
}
