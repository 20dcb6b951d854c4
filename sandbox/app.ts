import { randomBytes } from 'node:crypto';
import express from 'express';
import type { ErrorRequestHandler, Express, RequestHandler } from 'express';
import { authenticate, refuseUnauthenticated } from './authenticate.ts';
import { createClock } from './clock.ts';
import type { Clock } from './clock.ts';
import { confluenceRouter } from './confluence/router.ts';
import { callerOf } from './context.ts';
import type { SandboxContext } from './context.ts';
import { mediaRouter } from './confluence/media.ts';
import { controlRouter } from './control/router.ts';
import { createCounters } from './counters.ts';
import { createFaultPlan } from './faults.ts';
import { siteOf, tellHost } from './hosts.ts';
import type { Host } from './hosts.ts';
import { createMeter } from './metering/meter.ts';
import { authorizeRouter } from './oauth/authorize.ts';
import { createGrants } from './oauth/grants.ts';
import { identityRouter } from './oauth/identity.ts';
import { tokenRouter } from './oauth/token.ts';
import { DEFAULT_OPTIONS } from './options.ts';
import type { SandboxOptions } from './options.ts';
import { webRouter } from './site/web.ts';
import { createWorldStore } from './world/store.ts';
import type { World } from './world/types.ts';

export interface SandboxInput {
  /** Belongs to the sandbox from here on. */
  world: World;
  options?: Partial<SandboxOptions>;
  clock?: Clock;
}

/** A simulated Atlassian Cloud over one world: an Express app, and everything that a test may want to reach into. */
export function createSandbox({ world, options: given = {}, clock = createClock() }: SandboxInput): {
  app: Express;
  context: SandboxContext;
} {
  const options = { ...DEFAULT_OPTIONS, ...given };
  const store = createWorldStore(world, () => clock.now());
  const context: SandboxContext = {
    store,
    clock,
    options,
    meter: createMeter(clock, options),
    faults: createFaultPlan(clock, options.seed),
    grants: createGrants(() => store, clock),
    counters: createCounters(clock, options),
  };
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use('/__sandbox', controlRouter(context));
  app.use(
    describe(clock),
    tellHost(),
    authenticate(context),
    context.counters.middleware(),
    context.faults.middleware(),
  );
  app.use(onHost('auth', tokenRouter(context)), onHost('auth', authorizeRouter(context)));
  app.use(onHost('id', authorizeRouter(context)));
  app.use(onHost('site', answersForSite(context)));
  app.use(onHost('media', mediaRouter(context)));
  app.use(refuseUnauthenticated());
  app.use(onHost('api', identityRouter(context)));

  const product = express.Router();
  product.use(wait(options), context.meter.middleware());
  product.use(confluenceRouter(context));
  // Web pages are no API: they cost no points.
  app.use(onHost('site', webRouter(context)), onHost('site', product));
  const gateway = express.Router();
  gateway.use('/ex/confluence/:cloudId', reachesSite(context), product);
  app.use(onHost('api', gateway));

  app.use((_req, res) => void res.status(404).json({ code: 404, message: 'Not Found' }));
  app.use(failed);
  return { app, context };
}

/** The time by the sandbox's clock, and an id by which Atlassian's support would find the request. */
function describe(clock: Clock): RequestHandler {
  return (_req, res, next) => {
    res.setHeader('Date', clock.now().toUTCString());
    res.setHeader('ATL-TraceId', randomBytes(16).toString('hex'));
    next();
  };
}

function onHost(host: Host, handler: RequestHandler): RequestHandler {
  return (req, res, next) => {
    if ((res.locals as { host: Host }).host === host) handler(req, res, next);
    else next();
  };
}

function answersForSite(context: SandboxContext): RequestHandler {
  return (req, res, next) => {
    const site = siteOf(context, req);
    if (site === undefined) res.status(404).type('text').send('Your site is not available here.');
    else if (req.path === '/_edge/tenant_info') res.json({ cloudId: site.cloudId });
    else if (site === context.store.site) next();
    // The other sites have people and nothing else.
    else res.status(404).json({ code: 404, message: 'Not Found' });
  };
}

function wait(options: SandboxOptions): RequestHandler {
  return (_req, _res, next) => {
    if (options.latencyMs > 0) setTimeout(next, options.latencyMs);
    else next();
  };
}

/** A consent reaches only the sites that were picked. */
function reachesSite({ store, grants }: SandboxContext): RequestHandler {
  return (req, res, next) => {
    const { via, appId, accountId } = callerOf(res);
    const cloudId = String(req.params.cloudId);
    if (cloudId !== store.site.cloudId) {
      res.status(404).json({ code: 404, message: 'Not Found' });
      return;
    }
    const granted = via !== 'oauth' || grants.grant(appId ?? '', accountId ?? '')?.cloudIds.includes(cloudId);
    if (granted) next();
    else res.status(403).json({ code: 403, message: 'The app is not installed on this instance' });
  };
}

const failed: ErrorRequestHandler = (error: { status?: number; message?: string }, _req, res, next) => {
  if (res.headersSent) {
    next(error);
    return;
  }
  const status = error.status ?? 500;
  if (status >= 500) process.stderr.write(`${String((error as Error).stack ?? error.message)}\n`);
  res.status(status).json({ code: status, message: error.message ?? 'Internal Server Error' });
};
