import type { Router } from 'express';
import { z } from 'zod';
import type { SandboxContext } from '../context.ts';
import { ControlError, parsed } from './guard.ts';

const whose = z.object({ clientId: z.string(), accountId: z.string() });

/** What was issued to whom, and its end. */
export function accessRoutes(router: Router, { grants, store, meter }: SandboxContext): void {
  router.get('/apps', (_req, res) => {
    res.json({
      apps: store.oauthApps().map((app) => ({ ...app, usedPoints: meter.used(app.clientId) })),
    });
  });
  router.get('/tokens', (_req, res) => void res.json({ grants: grants.list() }));
  router.post('/tokens/issue', (req, res) => {
    const { clientId, accountId, scopes, cloudIds } = parsed(
      whose.extend({ scopes: z.array(z.string()).optional(), cloudIds: z.array(z.string()).optional() }),
      req.body,
    );
    const app = store.oauthApp(clientId);
    if (app === undefined) throw new ControlError(404, `There is no app with clientId ${clientId}.`);
    if (store.person(accountId) === undefined)
      throw new ControlError(404, `There is no person ${accountId}.`);
    res.json(
      grants.issue({
        clientId,
        accountId,
        scopes: scopes ?? app.scopes,
        cloudIds: cloudIds ?? [store.site.cloudId],
      }),
    );
  });
  router.post('/tokens/revoke', (req, res) => {
    const { clientId, accountId } = parsed(whose, req.body);
    res.json({ revoked: grants.revoke(clientId, accountId) });
  });
  router.post('/tokens/remove-site', (req, res) => {
    const { clientId, accountId, cloudId } = parsed(whose.extend({ cloudId: z.string() }), req.body);
    grants.removeSite(clientId, accountId, cloudId);
    res.json({ grant: grants.grant(clientId, accountId) ?? null });
  });
  router.post('/tokens/expire', (req, res) => {
    const { accountId } = parsed(z.object({ accountId: z.string().optional() }), req.body);
    res.json({ expired: grants.expireAccessTokens(accountId) });
  });
  router.put('/points', (req, res) => {
    const { clientId, points } = parsed(
      z.object({ clientId: z.string(), points: z.number().nonnegative() }),
      req.body,
    );
    meter.setUsed(clientId, points);
    res.json({ used: meter.used(clientId) });
  });
}
