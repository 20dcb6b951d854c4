import { Router, type Request, type Response } from 'express';
import { InvalidInput, SluiceError } from '../../errors.ts';
import { invitationClosedScreen, invitationScreen } from '../../web/screens/invitation.ts';
import { csrfToken } from '../security/csrf.ts';
import { signIn } from '../session.ts';
import { formSecret, formText, queryText, show, type PageParts } from './page.ts';

/** The link of an invitation: whoever holds it chooses a password and is signed in. */
export function invitationPages(parts: PageParts): Router {
  const { invitations } = parts.services;
  const router = Router();
  const closed = (req: Request, res: Response) => show(parts, req, res, invitationClosedScreen(), 410);

  router.get('/invitation', async (req, res) => {
    const token = queryText(req, 'token') ?? '';
    const invited = await invitations.open(token);
    if (invited === null) return closed(req, res);
    const view = { csrfToken: csrfToken(req), token, ...invited, errors: {} };
    res.set('Referrer-Policy', 'no-referrer').set('Cache-Control', 'no-store');
    show(parts, req, res, invitationScreen(view));
  });

  router.post('/invitation', async (req, res) => {
    const token = formText(req, 'token');
    const name = formText(req, 'name', 200);
    try {
      const password = formSecret(req, 'password');
      await signIn(req, await invitations.accept(token, { name, password }));
      res.redirect(303, '/');
    } catch (error) {
      if (error instanceof InvalidInput) {
        const invited = await invitations.open(token);
        if (invited === null) return closed(req, res);
        const view = { csrfToken: csrfToken(req), token, email: invited.email, name, errors: error.fields };
        return show(parts, req, res, invitationScreen(view), 422);
      }
      if (error instanceof SluiceError && error.status === 410) return closed(req, res);
      throw error;
    }
  });

  return router;
}
