import { Router, type Request, type Response } from 'express';
import type { Kysely } from 'kysely';
import { findAuthorizeLink } from '../../store/authorize-links.ts';
import type { Database } from '../../store/schema.ts';
import { SluiceError } from '../../errors.ts';
import { idOf } from '../paging.ts';
import type { ConsentResult, Services } from '../services/contracts.ts';
import { save, signIn, type Flash } from '../session.ts';
import { hashToken } from '../tokens.ts';
import { resolveActor, resolveAdministrator } from '../viewer.ts';
import { callbackPath } from './paths.ts';
import { popupPage } from './popup-page.ts';

/** The routes of paths.ts. */
export function createConsentRouter(deps: { db: Kysely<Database>; services: Services }): Router {
  const { db, services } = deps;
  const router = Router();

  /** The state must be in the store before the browser leaves. */
  const leave = async (req: Request, res: Response, url: string) => {
    await save(req);
    res.redirect(303, url);
  };

  router.post('/connections/:id/authorize', async (req, res) => {
    const form = formOf(req);
    const url = await services.consents.startConnection(
      resolveAdministrator(req),
      req.params.id,
      req.session,
      {
        popup: form['popup'] === '1',
        switchAccount: form['switchAccount'] === '1',
        ...(typeof form['returnTo'] === 'string' ? { returnTo: form['returnTo'] } : {}),
      },
    );
    await leave(req, res, url);
  });

  router.get('/connections/:id/authorize', async (req, res, next) => {
    const { token, switchAccount } = req.query;
    if (typeof token !== 'string') return next();
    const connectionId = idOf('This connection', req.params.id);
    const userId = await findAuthorizeLink(db, { hash: hashToken(token), connectionId });
    const actor = userId === undefined ? null : await services.access.activeActor(userId, 'api_key');
    if (actor === null) {
      throw new SluiceError(
        'authorize_link_used',
        'This link has served its purpose or is older than an hour. Get a new one by ' +
          'POST /api/v1/connections/{id}/authorize-link.',
        { status: 410 },
      );
    }
    const url = await services.consents.startConnection(actor, connectionId, req.session, {
      returnTo: '/oauth/atlassian/done',
      switchAccount: switchAccount === '1',
    });
    await leave(req, res, url);
  });

  router.post('/grants/authorize', async (req, res) => {
    const form = formOf(req);
    const url = await services.consents.startOwnGrant(
      resolveActor(req),
      String(form['oauthAppId'] ?? ''),
      req.session,
      {
        popup: form['popup'] === '1',
        ...(typeof form['returnTo'] === 'string' ? { returnTo: form['returnTo'] } : {}),
      },
    );
    await leave(req, res, url);
  });

  router.post('/sign-in/atlassian', async (req, res) => {
    const { returnTo } = formOf(req);
    const url = await services.consents.startSignIn(
      req.session,
      typeof returnTo === 'string' ? { returnTo } : {},
    );
    await leave(req, res, url);
  });

  router.get(callbackPath, async (req, res) => {
    const result = await services.consents.finish(req.query, req.session);
    await answer(req, res, result);
  });

  /** Where such a link ends for a browser that is not signed in. */
  router.get('/oauth/atlassian/done', (req, res) => {
    const { flash } = req.session;
    delete req.session.flash;
    const message = flash?.message ?? 'Nothing is under way here.';
    res
      .type('html')
      .send(
        popupPage(
          { ok: flash?.ok ?? false, code: flash?.code ?? 'none', message },
          null,
          String(res.locals['nonce']),
        ),
      );
  });

  const answer = async (req: Request, res: Response, result: ConsentResult) => {
    const flash: Flash = { ok: result.ok, code: result.ok ? 'ok' : result.code, message: result.message };
    if (result.pending === null) {
      throw new SluiceError(flash.code, flash.message, { status: 403 });
    }
    const { pending } = result;
    if (result.ok && result.userId !== null) {
      const actor = await services.access.activeActor(result.userId, 'session');
      if (actor !== null) await signIn(req, actor);
      return res.redirect(303, pending.returnTo);
    }
    if (pending.popup) {
      // The opener reloads when all went well, and shows what the popup cannot; a refusal it is told by message.
      if (result.ok) req.session.flash = flash;
      await save(req);
      return res.type('html').send(popupPage(flash, pending.returnTo, String(res.locals['nonce'])));
    }
    req.session.flash = flash;
    await save(req);
    res.redirect(303, pending.purpose === 'sign_in' ? '/sign-in' : pending.returnTo);
  };
  return router;
}

function formOf(req: Request): Record<string, unknown> {
  return (req.body ?? {}) as Record<string, unknown>;
}
