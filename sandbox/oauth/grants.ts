import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { WorldStore } from '../world/store.ts';

/** The one consent that an account has given to an app: new scopes replace the old, new sites add up. */
export interface Grant {
  clientId: string;
  accountId: string;
  scopes: string[];
  cloudIds: string[];
  grantedAt: string;
}

export interface TokenPair {
  access_token: string;
  expires_in: number;
  token_type: 'Bearer';
  scope: string;
  refresh_token?: string;
}

/** What an access token stands for. */
export interface AccessToken {
  clientId: string;
  accountId: string;
  scopes: string[];
  expiresAt: number;
}

interface RefreshToken {
  clientId: string;
  accountId: string;
  /** Milliseconds by the sandbox's clock. */
  issuedAt: number;
  /** When it was first exchanged. */
  usedAt: number | null;
}

interface Code extends Consent {
  expiresAt: number;
}

export interface Consent {
  clientId: string;
  accountId: string;
  scopes: string[];
  /** Site that was picked, if the scopes reach one. */
  cloudIds: string[];
  redirectUri: string;
  /** S256 challenge, where the app sent one. */
  codeChallenge: string | null;
}

/** Everything that was issued: plain data, so that a restarted sandbox can go on with it. */
export interface GrantsState {
  grants: Grant[];
  refreshTokens: [string, RefreshToken][];
  accessTokens: [string, AccessToken][];
}

/** The memory of the authorization server. Refusals are `null`: the route turns them into Atlassian's words. */
export interface Grants {
  /** Accept a consent; gives the code that the app exchanges within five minutes. */
  consent(consent: Consent): string;
  redeem(
    code: string,
    by: { clientId: string; redirectUri: string; verifier: string | null },
  ): TokenPair | null;
  refresh(refreshToken: string, clientId: string): TokenPair | null;
  /** A pair without the browser, for tests and scripts. */
  issue(consent: Omit<Consent, 'redirectUri' | 'codeChallenge'>): TokenPair;
  accessToken(token: string): AccessToken | undefined;
  grant(clientId: string, accountId: string): Grant | undefined;
  list(): Grant[];
  /** By the user at id.atlassian.com, or by the app: every token of the grant dies at once. */
  revoke(clientId: string, accountId: string): boolean;
  /** The app's way: by one of its refresh tokens. */
  revokeByToken(refreshToken: string, clientId: string): void;
  /** Of the person at Atlassian: every refresh token of the account dies, access tokens run out by themselves. */
  changePassword(accountId: string): void;
  /** Takes a site out of a grant. */
  removeSite(clientId: string, accountId: string, cloudId: string): void;
  /** Every access token, or those of one account, is expired from now on; refresh tokens live. */
  expireAccessTokens(accountId?: string): number;
  clear(): void;
  save(): GrantsState;
  load(state: GrantsState): void;
  /** Called after every change. */
  onChange(listener: () => void): void;
}

const CODE_LIFE = 5 * 60_000;
const ACCESS_LIFE = 3600;
const LEEWAY = 10 * 60_000;
const INACTIVITY = 90 * 24 * 3600_000;
const MOST_TOKENS = 20_000;

export function createGrants(store: () => WorldStore, clock: Clock): Grants {
  const grants = new Map<string, Grant>();
  const codes = new Map<string, Code>();
  const refreshTokens = new Map<string, RefreshToken>();
  const accessTokens = new Map<string, AccessToken>();
  const listeners: (() => void)[] = [];
  const changed = (): void => listeners.forEach((listener) => listener());
  const now = (): number => clock.now().getTime();

  const record = (consent: Omit<Consent, 'redirectUri' | 'codeChallenge'>): Grant => {
    const key = keyOf(consent.clientId, consent.accountId);
    const grant: Grant = {
      clientId: consent.clientId,
      accountId: consent.accountId,
      scopes: [...new Set(consent.scopes)],
      cloudIds: [...new Set([...(grants.get(key)?.cloudIds ?? []), ...consent.cloudIds])],
      grantedAt: clock.now().toISOString(),
    };
    grants.set(key, grant);
    return grant;
  };
  const pair = (grant: Grant): TokenPair => {
    const { clientId, accountId } = grant;
    const accessToken = opaqueToken(accountId);
    accessTokens.set(accessToken, {
      clientId,
      accountId,
      scopes: grant.scopes,
      expiresAt: now() + ACCESS_LIFE * 1000,
    });
    const offline = grant.scopes.includes('offline_access');
    const refreshToken = opaqueToken(accountId);
    if (offline) refreshTokens.set(refreshToken, { clientId, accountId, issuedAt: now(), usedAt: null });
    forgetOldest(accessTokens);
    forgetOldest(refreshTokens);
    changed();
    return {
      access_token: accessToken,
      expires_in: ACCESS_LIFE,
      token_type: 'Bearer',
      scope: grant.scopes.join(' '),
      ...(offline ? { refresh_token: refreshToken } : {}),
    };
  };
  const dropRefreshTokens = (clientId: string, accountId: string): void => {
    for (const [token, entry] of refreshTokens) {
      if (entry.clientId === clientId && entry.accountId === accountId) refreshTokens.delete(token);
    }
  };
  const revoke = (clientId: string, accountId: string): boolean => {
    dropRefreshTokens(clientId, accountId);
    for (const [token, entry] of accessTokens) {
      if (entry.clientId === clientId && entry.accountId === accountId) accessTokens.delete(token);
    }
    const existed = grants.delete(keyOf(clientId, accountId));
    changed();
    return existed;
  };
  const usable = (clientId: string, accountId: string): boolean =>
    store().oauthApp(clientId) !== undefined && store().person(accountId)?.status === 'active';

  return {
    consent(consent) {
      const grant = record(consent);
      const code = `sbx-${randomBytes(24).toString('base64url')}`;
      codes.set(code, { ...consent, cloudIds: grant.cloudIds, expiresAt: now() + CODE_LIFE });
      forgetOldest(codes);
      changed();
      return code;
    },
    redeem(code, { clientId, redirectUri, verifier }) {
      const entry = codes.get(code);
      // Single use whatever comes of it: a code that was shown with a wrong verifier may be stolen.
      codes.delete(code);
      if (entry === undefined || entry.expiresAt < now()) return null;
      if (entry.clientId !== clientId || entry.redirectUri !== redirectUri) return null;
      if (entry.codeChallenge !== null && entry.codeChallenge !== challengeOf(verifier)) return null;
      const grant = grants.get(keyOf(clientId, entry.accountId));
      return grant !== undefined && usable(clientId, entry.accountId) ? pair(grant) : null;
    },
    refresh(refreshToken, clientId) {
      const entry = refreshTokens.get(refreshToken);
      if (entry === undefined || entry.clientId !== clientId) return null;
      const grant = grants.get(keyOf(clientId, entry.accountId));
      if (grant === undefined || !usable(clientId, entry.accountId)) return null;
      if (entry.usedAt !== null && now() - entry.usedAt > LEEWAY) {
        // Someone else may hold it: none of this consent's refresh tokens is good any more.
        dropRefreshTokens(clientId, entry.accountId);
        changed();
        return null;
      }
      if (now() - entry.issuedAt > INACTIVITY) return null;
      entry.usedAt ??= now();
      return pair(grant);
    },
    issue: (consent) => pair(record(consent)),
    accessToken: (token) => accessTokens.get(token),
    grant: (clientId, accountId) => grants.get(keyOf(clientId, accountId)),
    list: () => [...grants.values()],
    revoke,
    revokeByToken(refreshToken, clientId) {
      const entry = refreshTokens.get(refreshToken);
      if (entry?.clientId === clientId) revoke(clientId, entry.accountId);
    },
    changePassword(accountId) {
      for (const { clientId } of grants.values()) dropRefreshTokens(clientId, accountId);
      changed();
    },
    removeSite(clientId, accountId, cloudId) {
      const grant = grants.get(keyOf(clientId, accountId));
      if (grant) grant.cloudIds = grant.cloudIds.filter((id) => id !== cloudId);
      changed();
    },
    expireAccessTokens(accountId) {
      let count = 0;
      for (const entry of accessTokens.values()) {
        if (accountId !== undefined && entry.accountId !== accountId) continue;
        entry.expiresAt = Math.min(entry.expiresAt, now() - 1);
        count += 1;
      }
      changed();
      return count;
    },
    clear() {
      for (const map of [grants, codes, refreshTokens, accessTokens]) map.clear();
      changed();
    },
    save: () => ({
      grants: [...grants.values()],
      refreshTokens: [...refreshTokens],
      accessTokens: [...accessTokens],
    }),
    load(state) {
      for (const grant of state.grants) grants.set(keyOf(grant.clientId, grant.accountId), grant);
      for (const [token, entry] of state.refreshTokens) refreshTokens.set(token, entry);
      for (const [token, entry] of state.accessTokens) accessTokens.set(token, entry);
    },
    onChange: (listener) => void listeners.push(listener),
  };
}

/** Looks like a JWT, as Atlassian's tokens do, and is to be treated as opaque, as theirs are. */
function opaqueToken(accountId: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const jti = randomBytes(12).toString('hex');
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ jti, sub: accountId })}.${randomBytes(32).toString('base64url')}`;
}

function challengeOf(verifier: string | null): string {
  return createHash('sha256')
    .update(verifier ?? '')
    .digest('base64url');
}

function keyOf(clientId: string, accountId: string): string {
  return JSON.stringify([clientId, accountId]);
}

function forgetOldest(map: Map<string, unknown>): void {
  for (const key of map.keys()) {
    if (map.size <= MOST_TOKENS) return;
    map.delete(key);
  }
}
