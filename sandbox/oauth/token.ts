import express from 'express';
import type { Response, Router } from 'express';
import type { SandboxContext } from '../context.ts';
import type { TokenPair } from './grants.ts';

/** `POST /oauth/token` and `/oauth/revoke` of auth.atlassian.com, in JSON and form bodies alike. */
export function tokenRouter(context: SandboxContext): Router {
  const router = express.Router();
  router.use(
    '/oauth',
    express.json({ limit: '64kb' }),
    express.urlencoded({ extended: false, limit: '64kb' }),
  );

  router.post('/oauth/token', (req, res) => {
    res.set('Cache-Control', 'no-store');
    const given = (req.body ?? {}) as Record<string, unknown>;
    const clientId = text(given.client_id);
    const app = context.store.oauthApp(clientId);
    if (app === undefined && context.grants.list().some((grant) => grant.clientId === clientId)) {
      // An app that people consented to and that its owner has deleted since.
      res.status(403).json({ error: 'unauthorized_client', error_description: 'The app does not exist.' });
      return;
    }
    if (app === undefined || app.clientSecret !== text(given.client_secret)) {
      res.status(401).json({ error: 'access_denied', error_description: 'Unauthorized' });
      return;
    }
    switch (text(given.grant_type)) {
      case 'authorization_code': {
        const pair = context.grants.redeem(text(given.code), {
          clientId,
          redirectUri: text(given.redirect_uri),
          verifier: text(given.code_verifier) || null,
        });
        send(res, pair, { error: 'invalid_grant', error_description: 'Invalid authorization code' });
        return;
      }
      case 'refresh_token':
        send(res, context.grants.refresh(text(given.refresh_token), clientId), deadToken(context));
        return;
      default:
        res.status(403).json({
          error: 'unsupported_grant_type',
          error_description: `Unsupported grant type: ${text(given.grant_type)}`,
        });
    }
  });

  router.post('/oauth/revoke', (req, res) => {
    const given = (req.body ?? {}) as Record<string, unknown>;
    const clientId = text(given.client_id);
    const app = context.store.oauthApp(clientId);
    if (app === undefined || app.clientSecret !== text(given.client_secret)) {
      res.status(401).json({ error: 'access_denied', error_description: 'Unauthorized' });
      return;
    }
    // An unknown token is answered like a known one (RFC 7009, section 2.2).
    context.grants.revokeByToken(text(given.token), clientId);
    res.status(200).end();
  });
  return router;
}

function send(res: Response, pair: TokenPair | null, refusal: object): void {
  if (pair === null) res.status(403).json(refusal);
  else res.json(pair);
}

function deadToken({ options }: SandboxContext): object {
  return options.deadRefreshToken === 'invalid_grant'
    ? { error: 'invalid_grant', error_description: 'Unknown or invalid refresh token.' }
    : { error: 'unauthorized_client', error_description: 'refresh_token is invalid' };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
