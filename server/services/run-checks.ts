import type { Kysely } from 'kysely';
import { checkConnection, type CheckDeps } from '../../atlassian/checks.ts';
import { apiTokenCredential, oauthCredential, scopedTokenCredential } from '../../atlassian/credential.ts';
import type { AtlassianHttp } from '../../atlassian/http.ts';
import type { OAuthClient } from '../../atlassian/oauth.ts';
import { createTokenSource } from '../../atlassian/token-source.ts';
import { budgetKey, createBudget, defaultHourlyPoints } from '../../store/budget.ts';
import type { Cipher } from '../../store/encryption.ts';
import { createGrantVault } from '../../store/grants.ts';
import { findOAuthApp } from '../../store/oauth-apps.ts';
import type { Connection, Database } from '../../store/schema.ts';
import type { CheckView } from '../views.ts';
import { apiTokenPlace } from './connection-rows.ts';

/** "Test connection": tries what a sync needs, with the connection's own credential and within its budget. */
export function createConnectionChecks(deps: {
  db: Kysely<Database>;
  cipher: Cipher;
  http: AtlassianHttp;
  oauth: OAuthClient;
}): (connection: Connection) => Promise<CheckView[]> {
  const { db, cipher, http, oauth } = deps;

  const access = (row: Connection): Pick<CheckDeps, 'credential' | 'auth'> | null => {
    const { site_url: siteUrl, cloud_id: cloudId } = row;
    if (row.auth_method === 'oauth') {
      if (row.grant_id === null || cloudId === null) return null;
      const vault = createGrantVault({ db, cipher });
      const tokens = createTokenSource({ vault, oauth, grantId: row.grant_id });
      return {
        credential: oauthCredential({ siteUrl, cloudId, product: row.product, tokens }),
        auth: { method: 'oauth', oauth, accessToken: () => tokens.accessToken() },
      };
    }
    if (row.api_email === null || row.api_token === null) return null;
    const secret = {
      siteUrl,
      email: row.api_email,
      token: cipher.open(row.api_token, apiTokenPlace(row.id)),
    };
    return {
      credential: row.api_token_scoped
        ? scopedTokenCredential({ ...secret, cloudId, product: row.product, http })
        : apiTokenCredential(secret),
      auth: { method: 'api_token', scoped: row.api_token_scoped },
    };
  };

  return async (row) => {
    const found = access(row);
    if (found === null) {
      return [
        {
          name: 'token',
          ok: false,
          message: 'There is no credential yet. Complete the Authorize tab first.',
        },
      ];
    }
    const app = row.oauth_app_id === null ? undefined : await findOAuthApp(db, row.oauth_app_id);
    const budget = createBudget({
      db,
      key: app === undefined ? budgetKey.connection(row.id) : budgetKey.app(app.client_id),
      hourlyPoints: app === undefined ? null : defaultHourlyPoints,
      connectionId: row.id,
      host: new URL(row.site_url).host,
    });
    try {
      return await checkConnection({ http, budget, cloudId: row.cloud_id, ...found });
    } finally {
      await budget.flush();
    }
  };
}
