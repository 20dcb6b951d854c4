import type { Request, RequestHandler } from 'express';
import type { Kysely } from 'kysely';
import { findLiveKey, touchApiKey } from '../../store/api-keys.ts';
import { findActingUser } from '../../store/group-roles.ts';
import type { Database, User } from '../../store/schema.ts';
import { findUser, findUserByEmail } from '../../store/users.ts';
import { SluiceError } from '../../errors.ts';
import { apiKeyScopes, Forbidden, NotSignedIn, type Actor, type Viewer } from '../actor.ts';
import { actorOf } from '../services/access.ts';
import { auditDaily } from '../services/audit.ts';
import { hashToken } from '../tokens.ts';
import { setAuthentication } from '../viewer.ts';
import { longestSession } from './sessions.ts';

/**
 * Finds out who calls by API key. A request with a bearer key stands and falls with it: a session that came
 * along is not looked at. @throws NotSignedIn
 */
export function authenticateKey(db: Kysely<Database>): RequestHandler {
  return async (req, _res, next) => {
    if (!isByKey(req)) return next();
    const key = /^Bearer +([\x21-\x7e]{1,512})$/i.exec(req.get('authorization') ?? '')?.[1];
    const found = key === undefined ? undefined : await findLiveKey(db, hashToken(key));
    if (found === undefined) {
      throw new NotSignedIn('This API key is unknown or revoked. Send "Authorization: Bearer <key>".');
    }
    if (Date.now() - (found.lastUsedAt?.getTime() ?? 0) > 60_000) await touchApiKey(db, found.keyId);
    const { userId, email, name, through } = found;
    const role = through === null ? found.role : 'administrator';
    const actor: Actor = { userId, email, name, role, via: 'api_key', address: req.ip };
    const keyScopes = apiKeyScopes.filter((scope) => found.scopes.includes(scope));
    const named = req.get('x-sluice-user');
    const viewer =
      named === undefined ? ownEyes(actor) : await impersonated(db, actor, keyScopes, named.trim());
    setAuthentication(req, { actor, keyScopes, viewer });
    next();
  };
}

/**
 * Finds out who is signed in. The user is read on every request: roles, those of groups too, and deactivation count at
 * once.
 */
export function authenticateSession(db: Kysely<Database>): RequestHandler {
  return async (req, _res, next) => {
    const { userId, signedInAt = 0, searchAs } = req.session;
    if (userId === undefined || Date.now() - signedInAt > longestSession) return next();
    const user = await findActingUser(db, userId);
    if (user === undefined || !user.active) return next();
    if (req.get('x-sluice-user') !== undefined) {
      throw new Forbidden('key_scope', 'X-Sluice-User needs an API key with the scope "impersonate".');
    }
    const actor: Actor = { ...actorOf(user, 'session'), address: req.ip };
    const other =
      searchAs === undefined || actor.role !== 'administrator' ? undefined : await findUser(db, searchAs);
    setAuthentication(req, {
      actor,
      keyScopes: null,
      viewer: other === undefined || !other.active ? ownEyes(actor) : eyesOf(other, actor),
    });
    next();
  };
}

/** True when the request proves itself by key. Other schemes (Basic) are of a proxy before us, and none of ours. */
function isByKey(req: Request): boolean {
  return /^bearer/i.test(req.get('authorization') ?? '');
}

/** Runs middlewares only where no key is used: sessions, CSRF. */
export function unlessByKey(...middlewares: RequestHandler[]): RequestHandler[] {
  return middlewares.map(
    (middleware): RequestHandler =>
      (req, res, next) =>
        isByKey(req) ? next() : middleware(req, res, next),
  );
}

async function impersonated(
  db: Kysely<Database>,
  actor: Actor,
  keyScopes: readonly string[],
  email: string,
): Promise<Viewer> {
  if (!keyScopes.includes('impersonate') || actor.role !== 'administrator') {
    throw new Forbidden(
      'key_scope',
      'X-Sluice-User needs an administrator\'s API key with the scope "impersonate".',
    );
  }
  const user = await findUserByEmail(db, email);
  if (user === undefined || !user.active) {
    throw new SluiceError(
      'unknown_viewer',
      'X-Sluice-User names nobody who is an active user here. Create the user first (POST /api/v1/users).',
      { status: 404 },
    );
  }
  await auditDaily(db, actor, 'impersonate', user.email);
  return eyesOf(user, actor);
}

function ownEyes(actor: Actor): Viewer {
  return { userId: actor.userId, email: actor.email, name: actor.name, actor, searchingAs: false };
}

function eyesOf(user: User, actor: Actor): Viewer {
  return {
    userId: user.id,
    email: user.email,
    name: user.name,
    actor,
    searchingAs: user.id !== actor.userId,
  };
}
