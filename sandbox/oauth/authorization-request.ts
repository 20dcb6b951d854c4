import type { WorldStore } from '../world/store.ts';
import type { OAuthApp } from '../world/types.ts';

/** A checked request to `/authorize`, before anybody has signed in. */
export interface AuthorizationRequest {
  app: OAuthApp;
  scopes: string[];
  redirectUri: string;
  state: string;
  codeChallenge: string | null;
}

export interface Refusal {
  error: string;
  description: string;
}

const REQUIRED = [
  'audience',
  'client_id',
  'scope',
  'redirect_uri',
  'state',
  'response_type',
  'prompt',
] as const;

/**
 * Checks the parameters as auth.atlassian.com does (developer.atlassian.com, "OAuth 2.0 (3LO) apps"). What fails here
 * is shown at id.atlassian.com/error and never sent to the callback, which may belong to someone else.
 */
export function parseAuthorizationRequest(
  store: WorldStore,
  query: URLSearchParams,
): AuthorizationRequest | Refusal {
  for (const name of REQUIRED) {
    if (!query.get(name))
      return { error: 'invalid_request', description: `Missing required parameter: ${name}` };
  }
  const value = (name: string): string => query.get(name) ?? '';
  const app = store.oauthApp(value('client_id'));
  if (app === undefined) {
    return { error: 'unauthorized_client', description: `Unknown client: ${value('client_id')}` };
  }
  if (value('response_type') !== 'code') {
    return {
      error: 'unsupported_response_type',
      description: `Unsupported response type: ${value('response_type')}`,
    };
  }
  if (value('audience') !== 'api.atlassian.com') {
    return { error: 'invalid_request', description: `Service not found: ${value('audience')}` };
  }
  if (value('prompt') !== 'consent') {
    return { error: 'invalid_request', description: `Unsupported prompt: ${value('prompt')}` };
  }
  if (value('redirect_uri') !== app.redirectUri || !isAllowedCallback(app.redirectUri)) {
    return {
      error: 'unauthorized_client',
      description: `Callback URL mismatch. ${value('redirect_uri')} is not in the list of allowed callback URLs.`,
    };
  }
  const scopes = [...new Set(value('scope').split(/\s+/).filter(Boolean))];
  const notEnabled = scopes.filter((scope) => !app.scopes.includes(scope));
  if (notEnabled.length > 0) {
    return {
      error: 'invalid_scope',
      description: `The app has not enabled these scopes: ${notEnabled.join(' ')}`,
    };
  }
  const method = query.get('code_challenge_method') ?? 'plain';
  const codeChallenge = query.get('code_challenge');
  if (codeChallenge !== null && method !== 'S256') {
    return { error: 'invalid_request', description: `Unsupported code_challenge_method: ${method}` };
  }
  return { app, scopes, redirectUri: app.redirectUri, state: value('state'), codeChallenge };
}

/** `http` is for localhost alone. */
function isAllowedCallback(redirectUri: string): boolean {
  if (!URL.canParse(redirectUri)) return false;
  const { protocol, hostname } = new URL(redirectUri);
  return (
    protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname))
  );
}
