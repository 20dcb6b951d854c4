import express from 'express';
import type { Router } from 'express';
import type { SandboxContext } from '../context.ts';
import { accessRoutes } from './access.ts';
import { behaviourRoutes } from './behaviour.ts';
import { ControlError, guard } from './guard.ts';
import { worldRoutes } from './world.ts';

/**
 * The way to steer the sandbox from outside, in JSON, below `/__sandbox` (docs/sandbox.md). It changes anything and
 * asks for no credential, so it answers none but this machine.
 */
export function controlRouter(context: SandboxContext): Router {
  const router = express.Router();
  router.use(guard, express.json({ limit: '512mb' }));
  worldRoutes(router, context);
  accessRoutes(router, context);
  behaviourRoutes(router, context);
  router.get('/', (_req, res) => {
    res.json({
      site: context.store.site,
      now: context.clock.now(),
      people: context.store
        .people()
        .slice(0, 100)
        .map(({ accountId, name, email, status, guest, confluenceAdmin }) => {
          return { accountId, name, email, status, guest, confluenceAdmin };
        }),
      counters: context.counters.view(),
      documentation: 'docs/sandbox.md',
    });
  });
  router.use((req) => {
    throw new ControlError(404, `There is no ${req.method} ${req.originalUrl}. See docs/sandbox.md.`);
  });
  router.use(((error: Error & { status?: number }, _req, res, _next) => {
    res.status(error.status ?? 400).json({ error: { message: error.message } });
  }) satisfies express.ErrorRequestHandler);
  return router;
}
