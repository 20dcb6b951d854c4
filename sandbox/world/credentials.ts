import { ALL_SCOPES } from '../oauth/scopes.ts';
import type { ApiToken, OAuthApp } from './types.ts';

/** The callback of the app when nothing else is asked for. */
export const DEFAULT_REDIRECT_URI = 'http://localhost:3000/oauth/atlassian/callback';

/** The one OAuth app that every ready-made world has. */
export function sandboxApp(redirectUri: string = DEFAULT_REDIRECT_URI): OAuthApp {
  return {
    clientId: 'sandbox-client',
    clientSecret: 'sandbox-secret',
    name: 'Sluice (sandbox)',
    redirectUri,
    scopes: [...ALL_SCOPES],
  };
}

/** A classic and a scoped API token of one account: `sandbox-classic-token`, `sandbox-scoped-token`. */
export function sandboxTokens(accountId: string): ApiToken[] {
  const product = ALL_SCOPES.filter((scope) => scope.includes('confluence'));
  return [
    { token: 'sandbox-classic-token', accountId, scopes: null, expiresAt: null },
    { token: 'sandbox-scoped-token', accountId, scopes: product, expiresAt: null },
  ];
}
