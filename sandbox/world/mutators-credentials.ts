import type { Indexes } from './indexes.ts';
import type { ApiToken, OAuthApp } from './types.ts';

export interface CredentialMutators {
  /** A new app, or another shape of one that exists. */
  putOAuthApp(app: OAuthApp): OAuthApp;
  /** Its tokens stop working with it. */
  removeOAuthApp(clientId: string): void;
  putApiToken(token: ApiToken): ApiToken;
  removeApiToken(token: string): void;
}

export function createCredentialMutators(indexes: Indexes): CredentialMutators {
  return {
    putOAuthApp(app) {
      const others = indexes.world.oauthApps.filter(({ clientId }) => clientId !== app.clientId);
      indexes.world.oauthApps = [...others, app];
      return app;
    },
    removeOAuthApp(clientId) {
      indexes.world.oauthApps = indexes.world.oauthApps.filter((app) => app.clientId !== clientId);
    },
    putApiToken(token) {
      const others = indexes.world.apiTokens.filter((other) => other.token !== token.token);
      indexes.world.apiTokens = [...others, token];
      indexes.apiTokens.set(token.token, token);
      return token;
    },
    removeApiToken(token) {
      indexes.world.apiTokens = indexes.world.apiTokens.filter((other) => other.token !== token);
      indexes.apiTokens.delete(token);
    },
  };
}
