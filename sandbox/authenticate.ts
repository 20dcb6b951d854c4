import type { Request, RequestHandler } from 'express';
import type { Caller, SandboxContext } from './context.ts';
import type { Host } from './hosts.ts';

const VISITOR: Caller = { accountId: null, scopes: null, via: 'anonymous', appId: null };

/** How a request's credential was judged. A refusal is sent later, so that faults can come before it. */
export type Judgement =
  | { caller: Caller; refusal: null }
  | { caller: Caller; refusal: { body: object; headers: Record<string, string> } };

const UNAUTHORIZED = { code: 401, message: 'Unauthorized' };
const MISMATCH = { 'X-Failure-Category': 'FAILURE_CLIENT_AUTH_MISMATCH' };

/** Judges the Authorization header; `res.locals.caller` holds who it is from here on. */
export function authenticate(context: SandboxContext): RequestHandler {
  return (req, res, next) => {
    const locals = res.locals as { host: Host; caller: Caller; judgement: Judgement };
    locals.judgement = judge(context, req, locals.host);
    locals.caller = locals.judgement.caller;
    next();
  };
}

/** Sends the refusal of a credential that was found wanting, 401. */
export function refuseUnauthenticated(): RequestHandler {
  return (_req, res, next) => {
    const { refusal } = (res.locals as { judgement: Judgement }).judgement;
    if (refusal === null) next();
    else res.status(401).set(refusal.headers).json(refusal.body);
  };
}

function judge(context: SandboxContext, req: Request, host: Host): Judgement {
  const header = req.headers.authorization;
  if (header === undefined) {
    return host === 'api' ? refused(UNAUTHORIZED) : { caller: VISITOR, refusal: null };
  }
  const [scheme = '', credential = ''] = header.split(' ', 2);
  if (/^bearer$/i.test(scheme)) return judgeBearer(context, credential, host);
  if (/^basic$/i.test(scheme)) return judgeBasic(context, credential, host);
  return refused(UNAUTHORIZED);
}

function judgeBearer({ grants, store, clock }: SandboxContext, token: string, host: Host): Judgement {
  const found = grants.accessToken(token);
  // Tokens of 3LO apps work at the gateway alone.
  if (host !== 'api' || found === undefined) return refused(UNAUTHORIZED);
  const caller: Caller = {
    accountId: found.accountId,
    scopes: new Set(found.scopes),
    via: 'oauth',
    appId: found.clientId,
  };
  const person = store.person(found.accountId);
  const dead =
    found.expiresAt <= clock.now().getTime() ||
    person?.status !== 'active' ||
    store.oauthApp(found.clientId) === undefined;
  return dead ? refused(UNAUTHORIZED, {}, caller) : { caller, refusal: null };
}

function judgeBasic({ store, clock }: SandboxContext, credential: string, host: Host): Judgement {
  const pair = Buffer.from(credential, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  const token = store.apiToken(pair.slice(colon + 1));
  const person = token === undefined ? undefined : store.person(token.accountId);
  if (token === undefined || person === undefined) return refused(UNAUTHORIZED, MISMATCH);
  if (person.email.toLowerCase() !== pair.slice(0, colon).toLowerCase())
    return refused(UNAUTHORIZED, MISMATCH);
  if (person.status !== 'active') return refused(UNAUTHORIZED, MISMATCH);
  if (token.expiresAt !== null && Date.parse(token.expiresAt) <= clock.now().getTime()) {
    return refused(UNAUTHORIZED, MISMATCH);
  }
  // Scoped tokens are for the gateway, classic ones for the site (support.atlassian.com, manage API tokens).
  if ((token.scopes === null) === (host === 'api')) return refused(UNAUTHORIZED);
  return {
    caller: {
      accountId: person.accountId,
      scopes: token.scopes === null ? null : new Set(token.scopes),
      via: 'api_token',
      appId: null,
    },
    refusal: null,
  };
}

function refused(body: object, headers: Record<string, string> = {}, caller: Caller = VISITOR): Judgement {
  return { caller, refusal: { body, headers } };
}
