import { Router, type Request, type Response } from 'express';
import { confluenceScopes } from '../../atlassian/scopes.ts';
import { InvalidInput } from '../../errors.ts';
import type { FieldErrors } from '../../web/components/form.ts';
import { apiKeysScreen } from '../../web/screens/settings/api-keys.ts';
import { oauthAppsScreen } from '../../web/screens/settings/oauth-apps.ts';
import { apiKeyScopes, type Actor } from '../actor.ts';
import { callbackPath } from '../oauth/paths.ts';
import { csrfToken } from '../security/csrf.ts';
import { resolveAdministrator } from '../viewer.ts';
import { endOfLife } from './key-life.ts';
import { attempt, formList, formText, goOn, pathPart, show, type PageParts } from './page.ts';

/** Settings of an organisation: OAuth apps and API keys. */
export function settingsPages(parts: PageParts): Router {
  const { services, now } = parts;
  const router = Router();

  router.get('/settings', (_req, res) => res.redirect(303, '/settings/oauth-apps'));

  const renderApps = async (
    req: Request,
    res: Response,
    form: { values: { name: string; clientId: string }; errors: FieldErrors; status: number },
  ) => {
    const page = oauthAppsScreen({
      csrfToken: csrfToken(req),
      apps: await services.oauthApps.list(resolveAdministrator(req)),
      values: form.values,
      errors: form.errors,
      redirectUrl: `${parts.publicUrl}${callbackPath}`,
      scopes: confluenceScopes,
      now: now(),
    });
    show(parts, req, res, page, form.status);
  };

  router.get('/settings/oauth-apps', (req, res) =>
    renderApps(req, res, { values: { name: '', clientId: '' }, errors: {}, status: 200 }),
  );

  router.post('/settings/oauth-apps', async (req, res) => {
    const actor = resolveAdministrator(req);
    const values = { name: formText(req, 'name'), clientId: formText(req, 'clientId') };
    try {
      const input = { ...values, clientSecret: formText(req, 'clientSecret', 4_000) };
      const app = await services.oauthApps.create(actor, input);
      const message = `${app.name} is registered. New connections offer it.`;
      await goOn(req, res, '/settings/oauth-apps', { ok: true, code: 'added', message });
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      await renderApps(req, res, { values, errors: error.fields, status: 422 });
    }
  });

  router.post('/settings/oauth-apps/:id/secret', async (req, res) => {
    const actor = resolveAdministrator(req);
    const id = pathPart(req, 'id');
    const flash = await replaceSecret(actor, id, formText(req, `clientSecret-${id}`, 4_000));
    await goOn(req, res, '/settings/oauth-apps', flash);
  });

  const replaceSecret = async (actor: Actor, id: string, clientSecret: string) => {
    if (clientSecret === '') {
      return { ok: false, code: 'secret_missing', message: 'No secret was entered; the stored one stays.' };
    }
    try {
      const app = await services.oauthApps.update(actor, id, { clientSecret });
      return { ok: true, code: 'secret_replaced', message: `The secret of ${app.name} is replaced.` };
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      return { ok: false, code: error.code, message: error.message };
    }
  };

  router.post('/settings/oauth-apps/:id/remove', (req, res) =>
    attempt(req, res, '/settings/oauth-apps', async () => {
      await services.oauthApps.remove(resolveAdministrator(req), pathPart(req, 'id'));
      return { code: 'removed', message: 'The app is removed.' };
    }),
  );

  const renderKeys = async (
    req: Request,
    res: Response,
    form: {
      made?: { name: string; key: string };
      values?: { name: string; scopes: readonly string[]; life: string };
      errors?: FieldErrors;
      status?: number;
    } = {},
  ) => {
    const page = apiKeysScreen({
      csrfToken: csrfToken(req),
      keys: await services.apiKeys.list(resolveAdministrator(req)),
      made: form.made ?? null,
      values: form.values ?? { name: '', scopes: ['search'], life: '90' },
      errors: form.errors ?? {},
      now: now(),
    });
    show(parts, req, res, page, form.status ?? 200);
  };

  router.get('/settings/api-keys', (req, res) => renderKeys(req, res));

  router.post('/settings/api-keys', async (req, res) => {
    const actor = resolveAdministrator(req);
    const chosen = formList(req, 'scopes');
    const values = {
      name: formText(req, 'name'),
      scopes: apiKeyScopes.filter((scope) => chosen.includes(scope)),
      life: formText(req, 'life'),
    };
    try {
      // Answered at once, without a redirect: the key would have to be stored somewhere to survive one.
      const input = { ...values, expiresAt: endOfLife(values.life, now()) };
      await renderKeys(req, res, { made: await services.apiKeys.create(actor, input) });
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      await renderKeys(req, res, { values, errors: error.fields, status: 422 });
    }
  });

  router.post('/settings/api-keys/:id/revoke', async (req, res) => {
    await services.apiKeys.revoke(resolveAdministrator(req), pathPart(req, 'id'));
    const message = 'The key is revoked. Whatever used it is refused from now on.';
    await goOn(req, res, '/settings/api-keys', { ok: true, code: 'revoked', message });
  });

  return router;
}
