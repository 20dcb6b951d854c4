import { Router, type Request, type Response } from 'express';
import { InvalidInput } from '../../errors.ts';
import { notificationsScreen, type NotificationsView } from '../../web/screens/settings/notifications.ts';
import {
  removeTargetScreen,
  targetScreen,
  type TargetView,
} from '../../web/screens/settings/notification-target.ts';
import { csrfToken } from '../security/csrf.ts';
import { resolveAdministrator } from '../viewer.ts';
import { formText, goOn, pathPart, queryText, show, type PageParts } from './page.ts';

const path = '/settings/notifications';

/** Settings, Notifications: what is open, where it is posted, and what became of it. */
export function noticeTargetPages(parts: PageParts): Router {
  const { services, now } = parts;
  const { notices, noticeTargets } = services;
  const router = Router();

  const render = async (
    req: Request,
    res: Response,
    extra: Partial<Pick<NotificationsView, 'made' | 'values' | 'errors'>> & { status?: number } = {},
  ) => {
    const actor = resolveAdministrator(req);
    const [open, over, targets] = await Promise.all([
      notices.list(actor, { open: true, limit: 100 }),
      notices.list(actor, { open: false, limit: 20, cursor: queryText(req, 'cursor') }),
      noticeTargets.list(actor),
    ]);
    const view: NotificationsView = {
      csrfToken: csrfToken(req),
      open: open.items,
      over: over.items,
      nextCursor: over.nextCursor,
      targets,
      made: extra.made ?? null,
      values: extra.values ?? { name: '' },
      errors: extra.errors ?? {},
      now: now(),
    };
    show(parts, req, res, notificationsScreen(view), extra.status ?? 200);
  };

  const renderTarget = async (
    req: Request,
    res: Response,
    extra: Partial<Pick<TargetView, 'made' | 'errors'>> & { status?: number } = {},
  ) => {
    const actor = resolveAdministrator(req);
    const id = pathPart(req, 'id');
    const [target, deliveries] = await Promise.all([
      noticeTargets.get(actor, id),
      noticeTargets.deliveries(actor, id, { limit: 50, cursor: queryText(req, 'cursor') }),
    ]);
    const view: TargetView = {
      csrfToken: csrfToken(req),
      target,
      deliveries: deliveries.items,
      nextCursor: deliveries.nextCursor,
      made: extra.made ?? null,
      errors: extra.errors ?? {},
      now: now(),
    };
    show(parts, req, res, targetScreen(view), extra.status ?? 200);
  };

  router.get(path, (req, res) => render(req, res));

  router.post(path, async (req, res) => {
    const actor = resolveAdministrator(req);
    const name = formText(req, 'name');
    try {
      // Answered at once, without a redirect: the secret would have to be stored somewhere to survive one.
      await render(req, res, {
        made: await noticeTargets.create(actor, { name, url: formText(req, 'url') }),
      });
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      await render(req, res, { values: { name }, errors: error.fields, status: 422 });
    }
  });

  router.get(`${path}/:id`, (req, res) => renderTarget(req, res));

  router.post(`${path}/:id`, async (req, res) => {
    const actor = resolveAdministrator(req);
    const id = pathPart(req, 'id');
    try {
      const change = { name: formText(req, 'name'), url: formText(req, 'url') };
      await noticeTargets.update(actor, id, change);
      await goOn(req, res, `${path}/${id}`, { ok: true, code: 'saved', message: 'Saved.' });
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      await renderTarget(req, res, { errors: error.fields, status: 422 });
    }
  });

  router.post(`${path}/:id/secret`, async (req, res) => {
    const made = await noticeTargets.renewSecret(resolveAdministrator(req), pathPart(req, 'id'));
    await renderTarget(req, res, { made });
  });

  router.post(`${path}/:id/enabled`, async (req, res) => {
    const id = pathPart(req, 'id');
    const enabled = formText(req, 'enabled') === 'yes';
    const target = await noticeTargets.update(resolveAdministrator(req), id, { enabled });
    const message = enabled
      ? `Notices are posted to ${target.name} again.`
      : `Nothing is posted to ${target.name} any more.`;
    await goOn(req, res, `${path}/${id}`, { ok: true, code: 'changed', message });
  });

  router.post(`${path}/:id/test`, async (req, res) => {
    const id = pathPart(req, 'id');
    const { ok, message } = await noticeTargets.test(resolveAdministrator(req), id);
    await goOn(req, res, `${path}/${id}`, { ok, code: 'tested', message });
  });

  router.get(`${path}/:id/remove`, async (req, res) => {
    const target = await noticeTargets.get(resolveAdministrator(req), pathPart(req, 'id'));
    show(parts, req, res, removeTargetScreen({ csrfToken: csrfToken(req), target }));
  });

  router.post(`${path}/:id/remove`, async (req, res) => {
    const actor = resolveAdministrator(req);
    const { name } = await noticeTargets.get(actor, pathPart(req, 'id'));
    await noticeTargets.remove(actor, pathPart(req, 'id'));
    const message = `${name} is removed. Nothing is posted there any more.`;
    await goOn(req, res, path, { ok: true, code: 'removed', message });
  });

  return router;
}
