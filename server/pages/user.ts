import { Router, type Request, type Response } from 'express';
import { deleteUserScreen, userScreen } from '../../web/screens/settings/user.ts';
import { csrfToken } from '../security/csrf.ts';
import { resolveAdministrator } from '../viewer.ts';
import { attempt, formText, goOn, pathPart, show, type PageParts } from './page.ts';

const all = '/settings/users';

/** One user's page, for administrators: link for a password, sessions, keys, deletion. */
export function userPage(parts: PageParts): Router {
  const { services, now } = parts;
  const router = Router();
  const pathOf = (req: Request) => `${all}/${pathPart(req, 'id')}`;

  const render = async (
    req: Request,
    res: Response,
    invitation: { url: string; expiresAt: string } | null = null,
  ) => {
    const actor = resolveAdministrator(req);
    const id = pathPart(req, 'id');
    const user = await services.users.get(actor, id);
    const own = user.id === actor.userId;
    const [sessions, keys] = await Promise.all([
      services.sessions.list(actor, user.id, own ? req.sessionID : null),
      services.apiKeys.list(actor),
    ]);
    const view = { user, own, sessions, keys: keys.filter((key) => key.owner.id === user.id), invitation };
    show(parts, req, res, userScreen({ csrfToken: csrfToken(req), ...view, now: now() }));
  };

  router.get(`${all}/:id`, (req, res) => render(req, res));

  // Answered at once, without a redirect: the link would have to be stored somewhere to survive one.
  router.post(`${all}/:id/invitation`, async (req, res) => {
    const invitation = await services.invitations.invite(resolveAdministrator(req), pathPart(req, 'id'));
    res.set('Cache-Control', 'no-store');
    await render(req, res, invitation);
  });

  router.post(`${all}/:id/invitation/revoke`, async (req, res) => {
    await services.invitations.revoke(resolveAdministrator(req), pathPart(req, 'id'));
    await goOn(req, res, pathOf(req), {
      ok: true,
      code: 'revoked',
      message: 'The link does not work any more.',
    });
  });

  router.post(`${all}/:id/sessions/end`, async (req, res) => {
    const actor = resolveAdministrator(req);
    await services.sessions.end(actor, pathPart(req, 'id'), formText(req, 'session'));
    await goOn(req, res, pathOf(req), { ok: true, code: 'ended', message: 'The session has ended.' });
  });

  router.post(`${all}/:id/sessions/end-all`, async (req, res) => {
    const actor = resolveAdministrator(req);
    const id = pathPart(req, 'id');
    await services.sessions.endAll(actor, id, id === actor.userId ? req.sessionID : null);
    await goOn(req, res, pathOf(req), { ok: true, code: 'ended', message: 'The sessions have ended.' });
  });

  router.get(`${all}/:id/delete`, async (req, res) => {
    const belongings = await services.users.belongings(resolveAdministrator(req), pathPart(req, 'id'));
    show(parts, req, res, deleteUserScreen({ csrfToken: csrfToken(req), belongings, errors: {} }));
  });

  router.post(`${all}/:id/delete`, async (req, res) => {
    const actor = resolveAdministrator(req);
    const id = pathPart(req, 'id');
    const belongings = await services.users.belongings(actor, id);
    const { email } = belongings.user;
    if (formText(req, 'confirmation', 320) !== email) {
      const errors = { confirmation: `Type ${email} as it stands here, or keep the person.` };
      return show(parts, req, res, deleteUserScreen({ csrfToken: csrfToken(req), belongings, errors }), 422);
    }
    await attempt(req, res, all, async () => {
      await services.users.remove(actor, id);
      return { code: 'deleted', message: `${email} is deleted.` };
    });
  });

  return router;
}
