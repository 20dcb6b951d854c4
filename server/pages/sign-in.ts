import { Router } from 'express';
import { InvalidInput, SluiceError } from '../../errors.ts';
import { errorScreen } from '../../web/screens/error.ts';
import { setupClosedScreen, setupScreen, signInScreen } from '../../web/screens/sign-in.ts';
import { csrfToken } from '../security/csrf.ts';
import { signIn, signOut } from '../session.ts';
import { authenticationOf } from '../viewer.ts';
import { formSecret, formText, ownPath, queryText, show, type PageParts } from './page.ts';

/** Signing in by password, signing out, and the first administrator's set-up link. */
export function signInPages(parts: PageParts): Router {
  const { services } = parts;
  const router = Router();

  router.get('/sign-in', async (req, res) => {
    const returnTo = ownPath(queryText(req, 'returnTo'));
    if (authenticationOf(req) !== null) return res.redirect(303, returnTo);
    const atlassian = await services.consents.signInAvailable();
    show(
      parts,
      req,
      res,
      signInScreen({ csrfToken: csrfToken(req), email: '', returnTo, error: null, atlassian }),
    );
  });

  router.post('/sign-in', async (req, res) => {
    const email = formText(req, 'email', 320);
    const returnTo = ownPath(formText(req, 'returnTo'));
    const failed = async (error: string, status: number) => {
      const atlassian = await services.consents.signInAvailable();
      show(
        parts,
        req,
        res,
        signInScreen({ csrfToken: csrfToken(req), email, returnTo, error, atlassian }),
        status,
      );
    };
    try {
      const actor = await services.access.checkPassword(email, formSecret(req, 'password'), req.ip);
      if (actor === null)
        return await failed('Email and password do not go together. Check both and try again.', 401);
      await signIn(req, actor);
      res.redirect(303, returnTo);
    } catch (error) {
      if (!(error instanceof SluiceError) || error.status !== 429) throw error;
      await failed(error.message, 429);
    }
  });

  router.post('/sign-out', async (req, res) => {
    await signOut(req);
    res.redirect(303, '/sign-in');
  });

  router.get('/setup', async (req, res) => {
    const token = queryText(req, 'token') ?? '';
    if (!(await services.access.setupOpen(token))) return show(parts, req, res, setupClosedScreen(), 410);
    const values = { email: '', name: '' };
    show(parts, req, res, setupScreen({ csrfToken: csrfToken(req), token, values, errors: {} }));
  });

  router.post('/setup', async (req, res) => {
    const token = formText(req, 'token');
    const values = { email: formText(req, 'email', 320), name: formText(req, 'name', 200) };
    try {
      const password = formSecret(req, 'password');
      const actor = await services.access.finishSetup(token, { ...values, password });
      await signIn(req, actor);
      res.redirect(303, '/connections');
    } catch (error) {
      if (error instanceof InvalidInput) {
        const view = { csrfToken: csrfToken(req), token, values, errors: error.fields };
        return show(parts, req, res, setupScreen(view), 422);
      }
      if (error instanceof SluiceError && error.status === 410) {
        return show(parts, req, res, errorScreen(error), 410);
      }
      throw error;
    }
  });

  return router;
}
