import { timingSafeEqual } from 'node:crypto';
import { Conflict, NotFound } from '../../errors.ts';
import { noteConsentTrouble } from '../../store/connections.ts';
import { findOAuthApp, listOAuthApps } from '../../store/oauth-apps.ts';
import type { OAuthApp } from '../../store/schema.ts';
import { requireAdministrator } from '../actor.ts';
import { authorizeTab, callbackPath } from '../oauth/paths.ts';
import {
  refusalOfCallback,
  refusalOfFailure,
  refusals,
  unfinishedConsent,
  type Refusal,
} from '../oauth/refusals.ts';
import { redeemConsent, startConsent, type ConsentOptions } from '../oauth/strategy.ts';
import { randomToken } from '../tokens.ts';
import { existingConnection } from './connection-rows.ts';
import { finishConnection } from './consent-connection.ts';
import { finishOwnGrant } from './consent-own.ts';
import { finishSignIn } from './consent-sign-in.ts';
import type { ConsentResult, ConsentSession, ConsentsService, PendingConsent } from './contracts.ts';
import type { ServiceDeps } from './deps.ts';
import { clientSecretPlace, existingApp } from './oauth-apps.ts';

const lifetimeMs = 10 * 60_000;
/** A session keeps so many unfinished consents (tabs); the oldest go first. */
const mostPending = 5;

/**
 * Consents at Atlassian for a sign-in, a connection's crawl and a person's own grant, over one callback.
 *
 * All purposes ask for the same scopes: Atlassian keeps one grant per app and account, and a consent to less would
 * take from a crawl that uses the same account (OAuth 2.0 (3LO) guide, "new scopes override").
 */
export function createConsentsService(deps: ServiceDeps & { clock?: () => number }): ConsentsService {
  const { db, cipher, clock = Date.now } = deps;
  const callbackUrl = deps.publicUrl + callbackPath;

  const optionsOf = (app: OAuthApp): ConsentOptions => ({
    client: {
      clientId: app.client_id,
      clientSecret: cipher.open(app.client_secret, clientSecretPlace(app.id)),
    },
    callbackUrl,
    scopes: deps.scopesFor('confluence'),
    authorizeUrl: deps.authorizeUrl,
    oauth: deps.oauth,
  });

  const start = async (
    session: ConsentSession,
    app: OAuthApp,
    pending: Omit<PendingConsent, 'oauthAppId' | 'verifier' | 'startedAt'>,
  ): Promise<string> => {
    const state = randomToken();
    const { url, verifier } = await startConsent(optionsOf(app), state);
    const kept = Object.entries(session.consents ?? {}).slice(1 - mostPending);
    const entry: PendingConsent = { ...pending, oauthAppId: app.id, verifier, startedAt: clock() };
    session.consents = { ...Object.fromEntries(kept), [state]: entry };
    return url;
  };

  /** Exchanges the code and does what the consent was for. */
  const complete = async (pending: PendingConsent, code: string): Promise<ConsentResult> => {
    const app = await findOAuthApp(db, pending.oauthAppId);
    if (app === undefined) return refused(pending, refusals.wrongClient);
    const consent = await redeemConsent(optionsOf(app), code, pending.verifier);
    const outcome =
      pending.purpose === 'sign_in'
        ? await finishSignIn(deps, app, consent)
        : pending.purpose === 'own_grant'
          ? await finishOwnGrant(deps, app, pending, consent)
          : await finishConnection(deps, app, pending, consent);
    return outcome.ok
      ? { ok: true, pending, userId: outcome.userId, message: outcome.message }
      : refused(pending, outcome);
  };

  return {
    async startConnection(actor, connectionId, session, options = {}) {
      requireAdministrator(actor);
      const connection = await existingConnection(db, connectionId);
      if (connection.oauth_app_id === null) {
        throw new Conflict(
          'no_oauth',
          `"${connection.name}" uses an API token: there is nothing to consent to.`,
        );
      }
      const url = await start(session, await existingApp(db, connection.oauth_app_id), {
        purpose: 'connection',
        actor,
        connectionId: connection.id,
        returnTo: ownPath(options.returnTo) ?? authorizeTab(connection.id),
        popup: options.popup ?? false,
        switchAccount: options.switchAccount ?? false,
      });
      // Whoever never comes back finds the remedy on the tab; a connection that was authorized keeps its own cause.
      if (connection.status === 'draft') {
        await noteConsentTrouble(db, connection.id, unfinishedConsent(callbackUrl));
      }
      return url;
    },
    async startOwnGrant(actor, oauthAppId, session, options = {}) {
      return start(session, await existingApp(db, oauthAppId), {
        purpose: 'own_grant',
        actor,
        connectionId: null,
        returnTo: ownPath(options.returnTo) ?? '/profile',
        popup: options.popup ?? false,
      });
    },
    async startSignIn(session, options = {}) {
      const [app] = await listOAuthApps(db);
      if (app === undefined) throw new NotFound('An OAuth app to sign in with');
      return start(session, app, {
        purpose: 'sign_in',
        actor: null,
        connectionId: null,
        returnTo: ownPath(options.returnTo) ?? '/',
        popup: false,
      });
    },
    signInAvailable: async () => (await listOAuthApps(db)).length > 0,
    unfinished(session, connectionId) {
      const open = Object.values(session.consents ?? {}).some((each) => each.connectionId === connectionId);
      return open ? unfinishedConsent(callbackUrl) : null;
    },
    async finish(query, session) {
      const pending = take(session, query['state']);
      // Before anything is asked of Atlassian: a state that is not ours proves nothing.
      if (pending === null) return { ok: false, pending: null, ...refusals.unknownState };
      const result = await settle(pending);
      if (!result.ok && pending.connectionId !== null && result.code !== refusals.otherUser.code) {
        await noteConsentTrouble(db, pending.connectionId, result);
      }
      return result;

      async function settle(given: PendingConsent): Promise<ConsentResult> {
        if (clock() - given.startedAt > lifetimeMs) return refused(given, refusals.expiredState);
        if (
          session.userId !== undefined &&
          given.actor?.via === 'session' &&
          given.actor.userId !== session.userId
        ) {
          return refused(given, refusals.otherUser);
        }
        const { error, error_description: description, code } = query;
        if (typeof error === 'string') {
          const told = typeof description === 'string' ? description : '';
          return refused(given, refusalOfCallback(error, told, callbackUrl));
        }
        if (typeof code !== 'string' || code === '') return refused(given, refusals.noCode);
        try {
          return await complete(given, code);
        } catch (failure) {
          const refusal = refusalOfFailure(failure);
          if (refusal === null) throw failure;
          return refused(given, refusal);
        }
      }
    },
  };
}

function refused(pending: PendingConsent, refusal: Refusal): ConsentResult {
  return { ok: false, pending, code: refusal.code, message: refusal.message };
}

/** Takes a state out of the session: whatever comes of it, it is good once. */
function take(session: ConsentSession, state: unknown): PendingConsent | null {
  if (typeof state !== 'string') return null;
  const given = Buffer.from(state);
  const found = Object.entries(session.consents ?? {}).find(([key]) => {
    const known = Buffer.from(key);
    return known.length === given.length && timingSafeEqual(known, given);
  });
  if (found === undefined) return null;
  const { [found[0]]: pending, ...rest } = session.consents ?? {};
  session.consents = rest;
  return pending ?? null;
}

/** A path of ours to go on to; anything that a browser could read as another site is none. */
export function ownPath(given: string | undefined): string | undefined {
  return given !== undefined && /^\/(?![/\\])[\x21-\x7e]*$/.test(given) && !given.includes('\\')
    ? given
    : undefined;
}
