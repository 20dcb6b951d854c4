import type { Request } from 'express';
import {
  Forbidden,
  NotSignedIn,
  requireAdministrator,
  type Actor,
  type ApiKeyScope,
  type Viewer,
} from './actor.ts';

/** What the authentication middleware found out about a request. */
export interface Authentication {
  actor: Actor;
  /** Scopes of the API key; null for a session, which may do whatever its user's role allows. */
  keyScopes: readonly ApiKeyScope[] | null;
  viewer: Viewer;
}

const authentications = new WeakMap<Request, Authentication>();

/** For the authentication middleware alone. */
export function setAuthentication(req: Request, authentication: Authentication): void {
  authentications.set(req, authentication);
}

/** Null when nobody is signed in and no key came along. */
export function authenticationOf(req: Request): Authentication | null {
  return authentications.get(req) ?? null;
}

/**
 * Whose eyes this request reads with: the session's user, the API key's owner, whoever `X-Sluice-User` names, or the
 * person whom an administrator searches as. Already resolved by the middleware; costs nothing.
 * @throws NotSignedIn, or Forbidden `key_scope` for a key without the scope `search`
 */
export function resolveViewer(req: Request): Viewer {
  const { viewer, keyScopes } = required(req);
  if (keyScopes !== null && !keyScopes.includes('search') && !viewer.searchingAs) {
    throw new Forbidden('key_scope', 'This API key lacks the scope "search". Make one that has it.');
  }
  return viewer;
}

/** Who makes the call, for anything that is not reading content. @throws NotSignedIn */
export function resolveActor(req: Request): Actor {
  return required(req).actor;
}

/**
 * The actor of an administrator's call.
 * @throws NotSignedIn, or Forbidden `administrators_only`, `key_scope` (a key without `administer`), `impersonating`
 */
export function resolveAdministrator(req: Request): Actor {
  const { actor, keyScopes } = required(req);
  requireAdministrator(actor);
  if (keyScopes !== null && !keyScopes.includes('administer')) {
    throw new Forbidden('key_scope', 'This API key lacks the scope "administer". Make one that has it.');
  }
  if (keyScopes !== null && req.get('x-sluice-user') !== undefined) {
    throw new Forbidden('impersonating', "Send an administrator's call without X-Sluice-User.");
  }
  return actor;
}

/**
 * The actor of a call on the caller's own things (keys, consents). A key needs `administer`: one that may only search
 * must not make another key.
 */
export function resolveSelf(req: Request): Actor {
  const { actor, keyScopes } = required(req);
  if (keyScopes !== null && !keyScopes.includes('administer')) {
    throw new Forbidden(
      'key_scope',
      'This API key lacks the scope "administer". Sign in instead, or use one that has it.',
    );
  }
  return actor;
}

function required(req: Request): Authentication {
  const found = authentications.get(req);
  if (found === undefined) throw new NotSignedIn();
  return found;
}
