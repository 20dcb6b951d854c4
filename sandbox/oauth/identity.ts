import express from 'express';
import type { Router } from 'express';
import { callerOf, requireScope } from '../context.ts';
import type { SandboxContext } from '../context.ts';
import { hasProduct } from '../world/visibility.ts';
import { productOf } from './scopes.ts';

/** What api.atlassian.com tells a token about itself: `/me` and the sites that it reaches. */
export function identityRouter(context: SandboxContext): Router {
  const router = express.Router();

  router.get('/me', signedIn, requireScope('read:me'), (_req, res) => {
    const person = context.store.person(callerOf(res).accountId ?? '');
    if (person === undefined) {
      res.status(401).json({ code: 401, message: 'Unauthorized' });
      return;
    }
    res.json({
      account_type: person.type,
      account_id: person.accountId,
      // The account itself has agreed to show its own email by granting read:me.
      email: person.email,
      name: person.name,
      picture: `https://avatar-management.invalid/${person.accountId}/128`,
      account_status: person.status,
      nickname: person.name.split(' ')[0],
      zoneinfo: person.timeZone,
      locale: 'en-US',
      extended_profile: {
        job_title: '',
        organization: context.store.site.name,
        department: '',
        location: '',
      },
    });
  });

  router.get('/oauth/token/accessible-resources', signedIn, (_req, res) => {
    const { accountId, appId, scopes } = callerOf(res);
    const person = context.store.person(accountId ?? '');
    const grant = appId === null ? undefined : context.grants.grant(appId, accountId ?? '');
    // Guests get none (jira.atlassian.com/browse/OAUTH20-2485), and so do accounts without the product.
    const reachable =
      person !== undefined && !person.guest && hasProduct(context.store, person.accountId)
        ? context.store.sites.filter((site) => grant?.cloudIds.includes(site.cloudId))
        : [];
    res.json(
      reachable.flatMap((site) =>
        (['confluence', 'jira'] as const)
          .map((product) => [...(scopes ?? [])].filter((scope) => productOf(scope) === product))
          .filter((own) => own.length > 0)
          .map((own) => ({
            id: site.cloudId,
            url: site.url,
            name: site.name,
            scopes: own,
            avatarUrl: 'https://site-admin-avatar-cdn.invalid/avatars/240/site.png',
          })),
      ),
    );
  });
  return router;
}

const signedIn: express.RequestHandler = (_req, res, next) => {
  if (callerOf(res).via === 'oauth') next();
  else res.status(401).json({ code: 401, message: 'Unauthorized' });
};
