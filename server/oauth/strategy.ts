/* oxlint-disable promise/no-callback-in-promise, no-underscore-dangle -- passport's hooks take callbacks and are named so */
import AtlassianStrategy from 'passport-atlassian-oauth2';
import type {
  AccessibleSite,
  Client,
  Identity,
  OAuthClient,
  TokenResult,
  Tokens,
} from '../../atlassian/oauth.ts';

/** What a consent gave: the tokens, whose they are, and what they reach. */
export interface Consent {
  tokens: Tokens;
  identity: Identity;
  sites: AccessibleSite[];
}

/** The token endpoint refused the code or the client, or could not be reached. */
export class CodeRefused extends Error {
  override name = 'CodeRefused';
  readonly result: Exclude<TokenResult, { kind: 'ok' }>;
  constructor(result: Exclude<TokenResult, { kind: 'ok' }>) {
    super(`The code was not exchanged: ${result.kind}`);
    this.result = result;
  }
}

/** The tokens came, but not whose they are. */
export class ProfileRefused extends Error {
  override name = 'ProfileRefused';
}

export interface ConsentOptions {
  client: Client;
  callbackUrl: string;
  scopes: readonly string[];
  /** Atlassian's authorize page, or the gateway that stands in. */
  authorizeUrl: string;
  oauth: OAuthClient;
}

/** Where to send the browser; `verifier` (PKCE) is kept in the session under `state`. */
export async function startConsent(
  options: ConsentOptions,
  state: string,
): Promise<{ url: string; verifier: string }> {
  let verifier = '';
  const strategy = createStrategy(options, {
    save: (made) => {
      verifier = made;
      return state;
    },
    verifier: () => false,
  });
  const outcome = await drive(strategy, {});
  if (!('redirect' in outcome)) throw new Error('The strategy did not redirect.');
  return { url: outcome.redirect, verifier };
}

/**
 * Exchanges the code for a consent. The state has been taken out of the session before: it is good for one call.
 * @throws CodeRefused, ProfileRefused
 */
export async function redeemConsent(
  options: ConsentOptions,
  code: string,
  verifier: string,
): Promise<Consent> {
  const strategy = createStrategy(options, { save: () => '', verifier: () => verifier });
  const outcome = await drive(strategy, { code, state: 'taken' });
  if (!('user' in outcome)) throw new Error('The strategy asked for another consent.');
  return outcome.user as Consent;
}

/**
 * The passport strategy, with the requests behind the browser's back made by our own client: it has time limits, goes
 * through the proxy or the gateway, and tells a wrong secret from a spent code.
 */
function createStrategy(
  options: ConsentOptions,
  state: { save: (verifier: string) => string; verifier: () => string | false },
): AtlassianStrategy {
  const { client, oauth, callbackUrl } = options;
  let tokens: Tokens | null = null;
  const strategy = new AtlassianStrategy(
    {
      clientID: client.clientId,
      clientSecret: client.clientSecret,
      callbackURL: callbackUrl,
      scope: [...options.scopes],
      authorizationURL: options.authorizeUrl,
      pkce: 'S256',
      store: {
        store: (_req, verifier, _state, _meta, done) => done(null, state.save(verifier)),
        verify: (_req, _state, _meta, done) => done(null, state.verifier()),
      },
    },
    (_access, _refresh, _params, profile, done) => done(null, { tokens, ...(profile as object) }),
  );
  strategy._oauth2.getOAuthAccessToken = (code, params, done) => {
    const { code_verifier: codeVerifier } = params;
    oauth
      .exchangeCode({
        ...client,
        code,
        redirectUri: callbackUrl,
        ...(codeVerifier === undefined ? {} : { codeVerifier }),
      })
      .then((result) => {
        if (result.kind !== 'ok') return done(new CodeRefused(result));
        tokens = result.tokens;
        return done(null, tokens.accessToken, tokens.refreshToken, {});
      }, done);
  };
  strategy.userProfile = (accessToken, done) => {
    Promise.all([oauth.me(accessToken), oauth.accessibleResources(accessToken)]).then(
      ([identity, sites]) => done(null, { identity, sites }),
      (error: unknown) => done(new ProfileRefused('The account could not be read.', { cause: error })),
    );
  };
  return strategy;
}

/** Runs one half of a strategy without a response to write on: passport's own middleware binds these same actions. */
function drive(
  strategy: AtlassianStrategy,
  query: Record<string, string>,
): Promise<{ redirect: string } | { user: unknown }> {
  return new Promise((resolve, reject) => {
    const actions = {
      redirect: (url: string) => resolve({ redirect: url }),
      success: (user: unknown) => resolve({ user }),
      fail: () => reject(new Error('The strategy refused.')),
      pass: () => reject(new Error('The strategy passed.')),
      error: (error: unknown) => reject(causeOf(error)),
    };
    const running = Object.assign(Object.create(strategy) as Runnable, actions);
    running.authenticate({ query, session: {} }, {});
  });
}

interface Runnable {
  authenticate(req: object, options: object): void;
}

/** passport-oauth2 wraps what the token request failed with. */
function causeOf(error: unknown): unknown {
  return (error as { oauthError?: unknown } | null)?.oauthError ?? error;
}
