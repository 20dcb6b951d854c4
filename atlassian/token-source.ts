import { SluiceError } from '../errors.ts';
import type { OAuthClient, TokenResult, Tokens } from './oauth.ts';

/** A grant's secrets while they are needed. */
export interface OpenGrant {
  clientId: string;
  clientSecret: string;
  accessToken: string;
  expiresAt: Date;
  refreshToken: string | null;
  /** The refresh token that the last refresh consumed. */
  previousRefreshToken: string | null;
  rotatedAt: Date;
  state: 'active' | 'dead';
  deadCause: string | null;
}

/** What to do with a locked grant. */
export type Rotation =
  | { kind: 'keep' }
  | { kind: 'rotated'; tokens: Tokens }
  | { kind: 'dead'; cause: string };

/** Where one grant is kept. Implemented over PostgreSQL in store/grants.ts. */
export interface GrantVault {
  /** Null when the grant is gone. */
  read(grantId: string): Promise<OpenGrant | null>;
  /**
   * Locks the grant against every other process, reads it, and stores what `decide` returns before it resolves.
   * The result is the grant as stored. `decide` has `withinMs` at most.
   */
  underLock(
    grantId: string,
    decide: (grant: OpenGrant) => Promise<Rotation>,
    withinMs: number,
  ): Promise<OpenGrant | null>;
}

/** Access tokens of one grant, refreshed when needed, by one process at a time. */
export interface TokenSource {
  /** @throws NeedsReauth, WrongClient, AppDeleted, RefreshFailed */
  accessToken(): Promise<string>;
  /** A token other than `stale`, which Atlassian has just refused. @throws as accessToken */
  refreshAfter(stale: string): Promise<string>;
}

/** The grant is dead: only a new consent helps. Code `needs_reauth`. */
export class NeedsReauth extends SluiceError {
  override name = 'NeedsReauth';
  readonly deadCause: string;
  constructor(deadCause: string) {
    super('needs_reauth', `Atlassian no longer accepts this authorization (${deadCause}). Reauthenticate.`, {
      status: 409,
      details: { cause: deadCause },
    });
    this.deadCause = deadCause;
  }
}

/** Client id and secret do not match; the grant itself may be well. Code `wrong_client`. */
export class WrongClient extends SluiceError {
  override name = 'WrongClient';
  constructor(cause: string) {
    super(
      'wrong_client',
      `Atlassian does not accept the app's client id and secret (${cause}). ` +
        'Enter the secret again as the developer console shows it; nobody needs to consent again.',
      { status: 409, details: { cause } },
    );
  }
}

/** The app is not there any more: no consent to it is good. Code `app_deleted`. */
export class AppDeleted extends SluiceError {
  override name = 'AppDeleted';
  constructor(cause: string) {
    super(
      'app_deleted',
      `Atlassian knows the OAuth app no more (${cause}). Register another app, choose it in Authenticate Instance, ` +
        'and authorize the connection with it.',
      { status: 409, details: { cause } },
    );
  }
}

/** The refresh did not go through for now; nothing is lost. Code `refresh_failed`. */
export class RefreshFailed extends SluiceError {
  override name = 'RefreshFailed';
  constructor(cause: unknown) {
    const told = cause instanceof Error ? cause.message : String(cause);
    super('refresh_failed', `The access token could not be refreshed for now: ${told}`, {
      status: 502,
      cause,
    });
  }
}

/** Atlassian answers a consumed refresh token again for ten minutes; one minute is left for clocks that differ. */
const leewayMs = 9 * 60_000;
/** A token that ends sooner than this is refreshed before it is used. */
const marginMs = 60_000;
const refreshWithinMs = 40_000;

export function createTokenSource(deps: {
  vault: GrantVault;
  oauth: Pick<OAuthClient, 'refresh'>;
  grantId: string;
  now?: () => Date;
  /** For tests of crashes: runs after Atlassian has answered and before the new pair is stored. */
  afterReply?: () => Promise<void>;
}): TokenSource {
  const now = deps.now ?? (() => new Date());
  let known: { token: string; expiresAt: Date } | null = null;
  let refreshing: Promise<string> | null = null;

  function use(grant: OpenGrant | null): string {
    known = null;
    if (grant === null) throw new NeedsReauth('the authorization was removed');
    if (grant.state === 'dead') throw new NeedsReauth(grant.deadCause ?? 'unknown cause');
    known = { token: grant.accessToken, expiresAt: grant.expiresAt };
    return grant.accessToken;
  }

  const fresh = (expiresAt: Date) => expiresAt.getTime() - now().getTime() > marginMs;

  async function decide(grant: OpenGrant, stale: string | null): Promise<Rotation> {
    if (grant.state === 'dead') return { kind: 'keep' };
    if (grant.accessToken !== stale && fresh(grant.expiresAt)) return { kind: 'keep' };
    const result = await refreshWith(grant);
    await deps.afterReply?.();
    switch (result.kind) {
      case 'ok':
        return { kind: 'rotated', tokens: result.tokens };
      case 'dead':
        return { kind: 'dead', cause: result.cause };
      case 'wrong_client':
        throw result.deleted === true ? new AppDeleted(result.cause) : new WrongClient(result.cause);
      case 'transient':
        throw new RefreshFailed(result.error);
    }
  }

  /** The stored refresh token; where that is refused, its predecessor while Atlassian still answers it. */
  async function refreshWith(grant: OpenGrant): Promise<TokenResult> {
    const { clientId, clientSecret, refreshToken, previousRefreshToken } = grant;
    if (refreshToken === null) {
      return { kind: 'dead', cause: 'the consent had no offline_access, and the access token has expired' };
    }
    const result = await deps.oauth.refresh({ clientId, clientSecret, refreshToken });
    const inLeeway = now().getTime() - grant.rotatedAt.getTime() < leewayMs;
    if (result.kind !== 'dead' || previousRefreshToken === null || !inLeeway) return result;
    const second = await deps.oauth.refresh({ clientId, clientSecret, refreshToken: previousRefreshToken });
    return second.kind === 'ok' ? second : result;
  }

  /** Everybody in this process who waits for a token waits for the same refresh. */
  function renew(stale: string | null): Promise<string> {
    refreshing ??= deps.vault
      .underLock(deps.grantId, (grant) => decide(grant, stale), refreshWithinMs)
      .then(use)
      .catch((error: unknown) => {
        // The database's failures (a lock not had in time, a lost connection) say nothing of the grant either.
        throw error instanceof SluiceError ? error : new RefreshFailed(error);
      })
      .finally(() => {
        refreshing = null;
      });
    return refreshing;
  }

  return {
    async accessToken() {
      if (known !== null && fresh(known.expiresAt)) return known.token;
      if (refreshing !== null) return refreshing;
      const grant = await deps.vault.read(deps.grantId);
      const token = use(grant);
      return grant !== null && fresh(grant.expiresAt) ? token : renew(null);
    },
    async refreshAfter(stale) {
      if (known !== null && known.token !== stale && fresh(known.expiresAt)) return known.token;
      return renew(stale);
    },
  };
}
