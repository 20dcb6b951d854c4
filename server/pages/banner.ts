import { Router, type Request } from 'express';
import type { BannerNotices } from '../../web/components/banner.ts';
import type { AppParts } from '../app.ts';
import { authenticationOf } from '../viewer.ts';

const loaded = new WeakMap<Request, BannerNotices>();

/** What the banner of a page shows; null for everybody but administrators. */
export function noticesOf(req: Request): BannerNotices | null {
  return loaded.get(req) ?? null;
}

/** Looks up the banner of each page that an administrator asks for, parts of pages excepted. */
export function loadBanner({ services, log }: AppParts): Router {
  const router = Router();
  router.use(async (req, _res, next) => {
    const actor = authenticationOf(req)?.actor;
    const isPage = req.get('hx-request') !== 'true' && req.accepts(['html', 'json']) === 'html';
    if (actor?.role === 'administrator' && isPage) {
      try {
        loaded.set(req, await services.notices.top(actor));
      } catch (error) {
        // A page without its banner is better than none.
        log.warn({ err: error }, 'The notices could not be looked up.');
      }
    }
    next();
  });
  return router;
}
