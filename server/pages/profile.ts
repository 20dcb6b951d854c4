import { Router, type Request, type Response } from 'express';
import { InvalidInput } from '../../errors.ts';
import { withdrawScreen } from '../../web/screens/own-account.ts';
import { profileScreen, type ProfileView } from '../../web/screens/profile.ts';
import { csrfToken } from '../security/csrf.ts';
import { resolveActor } from '../viewer.ts';
import { endOfLife } from './key-life.ts';
import { formSecret, formText, goOn, pathPart, show, type PageParts } from './page.ts';

/** One's own Atlassian account, keys and password. */
export function profilePages(parts: PageParts): Router {
  const { services, now } = parts;
  const router = Router();

  const render = async (
    req: Request,
    res: Response,
    extra: Partial<Pick<ProfileView, 'made' | 'errors'>> = {},
    status = 200,
  ) => {
    const actor = resolveActor(req);
    const [user, offered, keys, sessions] = await Promise.all([
      services.users.get(actor, actor.userId),
      services.grants.offered(actor),
      services.apiKeys.list(actor),
      services.sessions.list(actor, actor.userId, req.sessionID),
    ]);
    const page = profileScreen({
      csrfToken: csrfToken(req),
      user,
      offered,
      keys: keys.filter((key) => key.owner.id === actor.userId),
      sessions,
      made: extra.made ?? null,
      errors: extra.errors ?? {},
      now: now(),
    });
    show(parts, req, res, page, status);
  };

  router.get('/profile', (req, res) => render(req, res));

  router.post('/profile/api-keys', async (req, res) => {
    const actor = resolveActor(req);
    try {
      const made = await services.apiKeys.create(actor, {
        name: formText(req, 'name'),
        scopes: ['search'],
        expiresAt: endOfLife(formText(req, 'life'), now()),
      });
      await render(req, res, { made });
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      await render(req, res, { errors: error.fields }, 422);
    }
  });

  router.post('/profile/api-keys/:id/revoke', async (req, res) => {
    await services.apiKeys.revoke(resolveActor(req), pathPart(req, 'id'));
    await goOn(req, res, '/profile', { ok: true, code: 'revoked', message: 'The key is revoked.' });
  });

  router.post('/profile/sessions/end', async (req, res) => {
    const actor = resolveActor(req);
    await services.sessions.end(actor, actor.userId, formText(req, 'session'));
    await goOn(req, res, '/profile', { ok: true, code: 'ended', message: 'The session has ended.' });
  });

  router.post('/profile/sessions/end-all', async (req, res) => {
    const actor = resolveActor(req);
    await services.sessions.endAll(actor, actor.userId, req.sessionID);
    await goOn(req, res, '/profile', { ok: true, code: 'ended', message: 'Your other sessions have ended.' });
  });

  router.get('/profile/grants/:id/withdraw', async (req, res) => {
    const actor = resolveActor(req);
    const [grant, offered] = await Promise.all([
      services.grants.get(actor, pathPart(req, 'id')),
      services.grants.offered(actor),
    ]);
    const hosts = offered.find((app) => app.id === grant.oauthApp.id)?.hosts ?? [];
    show(parts, req, res, withdrawScreen({ csrfToken: csrfToken(req), grant, hosts }));
  });

  router.post('/profile/grants/:id/withdraw', async (req, res) => {
    await services.grants.withdraw(resolveActor(req), pathPart(req, 'id'));
    const message =
      'Your consent is withdrawn here. To end it in Atlassian too, remove the app under Connected apps of your Atlassian account.';
    await goOn(req, res, '/profile', { ok: true, code: 'withdrawn', message });
  });

  router.post('/profile/password', async (req, res) => {
    const actor = resolveActor(req);
    const current = formSecret(req, 'current');
    try {
      const password = formSecret(req, 'password');
      const input = { password, ...(current === '' ? {} : { current }) };
      await services.users.setPassword(actor, actor.userId, input);
      await goOn(req, res, '/profile', { ok: true, code: 'password', message: 'Your password is changed.' });
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      await render(req, res, { errors: error.fields }, 422);
    }
  });

  return router;
}
