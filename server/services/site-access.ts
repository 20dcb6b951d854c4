import type { Kysely } from 'kysely';
import type { CheckDeps } from '../../atlassian/checks.ts';
import { apiTokenCredential, oauthCredential, scopedTokenCredential } from '../../atlassian/credential.ts';
import type { AtlassianHttp } from '../../atlassian/http.ts';
import type { OAuthClient } from '../../atlassian/oauth.ts';
import { createTokenSource } from '../../atlassian/token-source.ts';
import { budgetKey, createBudget, defaultHourlyPoints } from '../../store/budget.ts';
import type { Cipher } from '../../store/encryption.ts';
import { createGrantVault } from '../../store/grants.ts';
import { findOAuthApp } from '../../store/oauth-apps.ts';
import type { Connection, Database } from '../../store/schema.ts';
import { apiTokenPlace } from './connection-rows.ts';

export interface SiteAccessDeps {
  db: Kysely<Database>;
  cipher: Cipher;
  http: AtlassianHttp;
  oauth: OAuthClient;
}

/** A connection's own credential; null where there is none yet. @throws EncryptionError */
export function accessOf(
  { db, cipher, http, oauth }: SiteAccessDeps,
  row: Connection,
): Pick<CheckDeps, 'credential' | 'auth'> | null {
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
}

/** What a connection may spend; flush it when done. */
export async function budgetOf({ db }: Pick<SiteAccessDeps, 'db'>, row: Connection) {
  const app = row.oauth_app_id === null ? undefined : await findOAuthApp(db, row.oauth_app_id);
  return createBudget({
    db,
    key: app === undefined ? budgetKey.connection(row.id) : budgetKey.app(app.client_id),
    hourlyPoints: app === undefined ? null : defaultHourlyPoints,
    connectionId: row.id,
    host: new URL(row.site_url).host,
  });
}
