import { randomBytes } from 'node:crypto';
import express from 'express';
import type { Request, Response, Router } from 'express';
import type { SandboxContext } from '../context.ts';
import type { Person, Site } from '../world/types.ts';
import { hasProduct } from '../world/visibility.ts';
import { parseAuthorizationRequest } from './authorization-request.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import { consentBody, errorBody, page, signInBody } from './pages.ts';
import { productOf } from './scopes.ts';
import { forgetSignIn, rememberSignIn, signedInPerson } from './signed-in.ts';

const LIFE = 15 * 60_000;
const MOST_OPEN = 5000;
const MOST_BUTTONS = 100;

/** The browser's side of the consent: `/authorize`, sign-in as one of the people, the site, Accept or Deny. */
export function authorizeRouter(context: SandboxContext): Router {
  const { store, clock, grants } = context;
  const open = new Map<string, { request: AuthorizationRequest; expiresAt: number }>();
  const router = express.Router();
  const form = express.urlencoded({ extended: false, limit: '64kb' });

  const refuse = (res: Response, error: string, description: string): void => {
    const query = new URLSearchParams({ error, error_description: description, __host: 'id.atlassian.com' });
    res.redirect(302, `/error?${query}`);
  };
  const render = (res: Response, title: string, body: string, callback?: string): void => {
    const nonce = randomBytes(16).toString('base64');
    // A form's answer redirects to the callback, which browsers count as a form target.
    const target = callback === undefined ? '' : ` ${new URL(callback).origin}`;
    res.set(
      'Content-Security-Policy',
      `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'${target}; base-uri 'none'; frame-ancestors 'none'`,
    );
    res.set({
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    });
    res.type('html').send(page({ title, body, nonce }));
  };
  const transaction = (req: Request, res: Response): { id: string; request: AuthorizationRequest } | null => {
    const id = String((req.body as Record<string, unknown> | undefined)?.transaction ?? '');
    const found = open.get(id);
    if (found !== undefined && found.expiresAt >= clock.now().getTime())
      return { id, request: found.request };
    refuse(res, 'invalid_request', 'This consent has expired. Go back to the app and start again.');
    return null;
  };
  const sitesOf = (person: Person): readonly Site[] =>
    hasProduct(store, person.accountId) ? store.sites : [];

  const showSignIn = (
    res: Response,
    id: string,
    { app }: AuthorizationRequest,
    error: string | null,
  ): void => {
    const people = store
      .people()
      .filter(({ type, status }) => type === 'atlassian' && status === 'active')
      .slice(0, MOST_BUTTONS)
      .map((person) => ({ ...person, note: noteOn(person) }));
    const body = signInBody({ transaction: id, appName: app.name, people, error });
    render(res, 'Sign in as', body, app.redirectUri);
  };
  const showConsent = (res: Response, id: string, request: AuthorizationRequest, person: Person): void => {
    const body = consentBody({
      transaction: id,
      appName: request.app.name,
      personName: person.name,
      personEmail: person.email,
      sites: sitesOf(person),
      needsSite: request.scopes.some((scope) => productOf(scope) !== null),
      scopes: request.scopes,
      callbackHost: new URL(request.redirectUri).host,
    });
    render(res, `${request.app.name} is asking for access`, body, request.redirectUri);
  };
  const show = (
    res: Response,
    id: string,
    request: AuthorizationRequest,
    person: Person | undefined,
  ): void => {
    if (person === undefined) showSignIn(res, id, request, null);
    else showConsent(res, id, request, person);
  };

  router.get('/authorize', (req, res) => {
    const request = parseAuthorizationRequest(store, new URL(req.originalUrl, 'http://sandbox').searchParams);
    if ('error' in request) {
      refuse(res, request.error, request.description);
      return;
    }
    const id = randomBytes(18).toString('base64url');
    if (open.size >= MOST_OPEN) open.delete(open.keys().next().value ?? '');
    open.set(id, { request, expiresAt: clock.now().getTime() + LIFE });
    show(res, id, request, signedInPerson(store, req));
  });

  router.post('/authorize/sign-in', form, (req, res) => {
    const found = transaction(req, res);
    if (found === null) return;
    const given = req.body as Record<string, unknown>;
    const person = given.accountId
      ? store.person(String(given.accountId))
      : store.personByEmail(String(given.email ?? ''));
    if (person?.status !== 'active' || person.type !== 'atlassian') {
      res.status(400);
      showSignIn(res, found.id, found.request, 'There is no active account with this email.');
      return;
    }
    rememberSignIn(res, person);
    showConsent(res, found.id, found.request, person);
  });

  router.post('/authorize/switch', form, (req, res) => {
    const found = transaction(req, res);
    if (found === null) return;
    forgetSignIn(res);
    showSignIn(res, found.id, found.request, null);
  });

  router.post('/authorize/decision', form, (req, res) => {
    const found = transaction(req, res);
    if (found === null) return;
    const { request, id } = found;
    const given = req.body as Record<string, unknown>;
    const back = (params: Record<string, string>): void => {
      open.delete(id);
      const target = new URL(request.redirectUri);
      for (const [name, value] of Object.entries({ ...params, state: request.state })) {
        target.searchParams.set(name, value);
      }
      res.redirect(302, target.href);
    };
    if (given.decision !== 'accept') {
      back({ error: 'access_denied', error_description: 'User did not authorize the request' });
      return;
    }
    const person = signedInPerson(store, req);
    if (person === undefined) {
      showSignIn(res, id, request, 'Sign in first.');
      return;
    }
    const needsSite = request.scopes.some((scope) => productOf(scope) !== null);
    const cloudId = String(given.cloudId ?? '');
    if (needsSite && !sitesOf(person).some((site) => site.cloudId === cloudId)) {
      refuse(res, 'invalid_request', 'Choose one of your sites.');
      return;
    }
    const code = grants.consent({
      clientId: request.app.clientId,
      accountId: person.accountId,
      scopes: request.scopes,
      cloudIds: needsSite ? [cloudId] : [],
      redirectUri: request.redirectUri,
      codeChallenge: request.codeChallenge,
    });
    back({ code });
  });

  router.get('/error', (req, res) => {
    const query = new URL(req.originalUrl, 'http://sandbox').searchParams;
    res.status(400);
    render(
      res,
      'Something went wrong',
      errorBody(query.get('error') ?? 'unknown', query.get('error_description') ?? ''),
    );
  });
  return router;
}

function noteOn(person: Person): string {
  if (person.confluenceAdmin) return 'administrator';
  return person.guest ? 'guest' : '';
}
