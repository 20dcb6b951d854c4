import { Router, type Request, type Response } from 'express';
import { confluenceScopes } from '../../atlassian/scopes.ts';
import { InvalidInput } from '../../errors.ts';
import { newSteps } from '../../web/screens/connection/drawer.ts';
import { authenticateScreen, type AuthenticateValues } from '../../web/screens/connection/authenticate.ts';
import type { FieldErrors } from '../../web/components/form.ts';
import type { Actor } from '../actor.ts';
import { callbackPath } from '../oauth/paths.ts';
import { csrfToken } from '../security/csrf.ts';
import type { ConnectionInput } from '../services/contracts.ts';
import { resolveAdministrator } from '../viewer.ts';
import type { ConnectionView } from '../views.ts';
import { draftOf, dropDraft, keepDraft } from './drafts.ts';
import { formText, goOn, pathPart, show, type PageParts } from './page.ts';

const names = [
  'name',
  'siteUrl',
  'method',
  'app',
  'oauthAppId',
  'clientId',
  'email',
  'tokenKind',
  'expiresAt',
] as const;

/** The first step of a connection's set-up: a new one, and the stored one again. */
export function authenticatePages(parts: PageParts): Router {
  const { services } = parts;
  const router = Router();

  const render = async (
    req: Request,
    res: Response,
    actor: Actor,
    connection: ConnectionView | null,
    values: AuthenticateValues,
    extra: { errors?: FieldErrors; isDraft?: boolean; status?: number } = {},
  ) => {
    const page = authenticateScreen({
      csrfToken: csrfToken(req),
      connection: connection === null ? null : { id: connection.id, name: connection.name },
      steps: connection?.steps ?? newSteps,
      values,
      errors: extra.errors ?? {},
      oauthApps: await services.oauthApps.list(actor),
      redirectUrl: connection?.redirectUrl ?? `${parts.publicUrl}${callbackPath}`,
      scopes: confluenceScopes,
      isDraft: extra.isDraft ?? false,
    });
    show(parts, req, res, page, extra.status ?? 200);
  };

  router.get('/connections/new', async (req, res) => {
    const actor = resolveAdministrator(req);
    const draft = draftOf(req, 'new');
    const apps = await services.oauthApps.list(actor);
    const empty = { ...noValues, app: apps.length > 0 ? ('listed' as const) : ('typed' as const) };
    await render(req, res, actor, null, valuesOf(draft ?? empty), { isDraft: draft !== null });
  });

  router.post('/connections/new', async (req, res) => {
    const actor = resolveAdministrator(req);
    const values = valuesOf(posted(req));
    try {
      const connection = await services.connections.create(actor, inputOf(req, values));
      dropDraft(req, 'new');
      const message =
        values.method === 'oauth' ? 'Saved. Now authorize it.' : 'Saved, and Atlassian accepts the token.';
      await goOn(req, res, `/connections/${connection.id}/authorize`, { ok: true, code: 'saved', message });
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      await keepDraft(req, 'new', names);
      await render(req, res, actor, null, values, { errors: ownFields(error), status: 422 });
    }
  });

  router.post('/connections/new/draft', async (req, res) => {
    resolveAdministrator(req);
    await keepDraft(req, 'new', names);
    res.status(204).end();
  });

  router.post('/connections/new/draft/discard', async (req, res) => {
    resolveAdministrator(req);
    dropDraft(req, 'new');
    await goOn(req, res, '/connections/new');
  });

  router.get('/connections/:id/authenticate', async (req, res) => {
    const actor = resolveAdministrator(req);
    const connection = await services.connections.get(actor, pathPart(req, 'id'));
    const draft = draftOf(req, `${connection.id}/authenticate`);
    const values = draft === null ? storedValues(connection) : valuesOf(draft);
    await render(req, res, actor, connection, values, { isDraft: draft !== null });
  });

  router.post('/connections/:id/authenticate', async (req, res) => {
    const actor = resolveAdministrator(req);
    const before = await services.connections.get(actor, pathPart(req, 'id'));
    const form = `${before.id}/authenticate`;
    const values = valuesOf(posted(req));
    try {
      const { name, siteUrl } = values;
      // The day that the form showed is that of the token before.
      if (formText(req, 'token') !== '' && values.expiresAt === storedValues(before).expiresAt) {
        values.expiresAt = '';
      }
      const auth = changesAuth(req, before, values) ? { auth: inputOf(req, values).auth } : {};
      const after = await services.connections.update(actor, before.id, { name, siteUrl, ...auth });
      dropDraft(req, form);
      const next = after.steps.authorize.state === 'done' ? 'authenticate' : 'authorize';
      const message = next === 'authorize' ? 'Saved. Now authorize it.' : 'Saved.';
      await goOn(req, res, `/connections/${after.id}/${next}`, { ok: true, code: 'saved', message });
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      await keepDraft(req, form, names);
      await render(req, res, actor, before, values, { errors: ownFields(error), status: 422 });
    }
  });

  router.post('/connections/:id/authenticate/draft', async (req, res) => {
    const connection = await services.connections.get(resolveAdministrator(req), pathPart(req, 'id'));
    await keepDraft(req, `${connection.id}/authenticate`, names);
    res.status(204).end();
  });

  router.post('/connections/:id/authenticate/draft/discard', async (req, res) => {
    const { id } = await services.connections.get(resolveAdministrator(req), pathPart(req, 'id'));
    dropDraft(req, `${id}/authenticate`);
    await goOn(req, res, `/connections/${id}/authenticate`);
  });

  return router;
}

const noValues: AuthenticateValues = {
  name: '',
  siteUrl: '',
  method: 'oauth',
  app: 'listed',
  oauthAppId: '',
  clientId: '',
  email: '',
  tokenKind: 'classic',
  expiresAt: '',
};

function posted(req: Request): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, formText(req, name)]));
}

function valuesOf(from: Record<string, string> | AuthenticateValues): AuthenticateValues {
  return {
    ...noValues,
    ...from,
    method: from['method'] === 'api_token' ? 'api_token' : 'oauth',
    app: from['app'] === 'typed' ? 'typed' : 'listed',
    tokenKind: from['tokenKind'] === 'scoped' ? 'scoped' : 'classic',
  };
}

function storedValues({ name, siteUrl, auth }: ConnectionView): AuthenticateValues {
  return {
    ...noValues,
    name,
    siteUrl,
    method: auth.method === 'api_token' ? 'api_token' : 'oauth',
    app: auth.oauthApp?.listed === false ? 'typed' : 'listed',
    oauthAppId: auth.oauthApp?.listed === true ? auth.oauthApp.id : '',
    clientId: auth.oauthApp?.listed === false ? auth.oauthApp.clientId : '',
    email: auth.email ?? '',
    tokenKind: auth.scoped ? 'scoped' : 'classic',
    expiresAt: auth.expiresAt?.slice(0, 10) ?? '',
  };
}

function inputOf(req: Request, values: AuthenticateValues): ConnectionInput {
  const { name, siteUrl, method, app, oauthAppId, clientId, email, tokenKind, expiresAt } = values;
  const auth: ConnectionInput['auth'] =
    method === 'api_token'
      ? { method, email, token: formText(req, 'token', 4_000), scoped: tokenKind === 'scoped', expiresAt }
      : app === 'listed'
        ? { method, oauthAppId }
        : { method, clientId, clientSecret: formText(req, 'clientSecret', 4_000) };
  return { name, product: 'confluence', deployment: 'cloud', siteUrl, auth };
}

/** Whether the form says anything else about the credential than what is stored. An empty secret keeps it. */
function changesAuth(req: Request, connection: ConnectionView, values: AuthenticateValues): boolean {
  const stored = storedValues(connection);
  const secret = values.method === 'api_token' ? 'token' : 'clientSecret';
  if (formText(req, secret) !== '' && !(values.method === 'oauth' && values.app === 'listed')) return true;
  const parts: (keyof AuthenticateValues)[] =
    values.method === 'api_token'
      ? ['method', 'email', 'tokenKind', 'expiresAt']
      : ['method', 'app', values.app === 'listed' ? 'oauthAppId' : 'clientId'];
  return parts.some((part) => stored[part] !== values[part]);
}

/** Errors by the names that the form's fields have, wherever the service found them. */
function ownFields(error: InvalidInput): FieldErrors {
  return Object.fromEntries(
    Object.entries(error.fields).map(([name, message]) => [name.replace(/^auth\./, ''), message]),
  );
}
