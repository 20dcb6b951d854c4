import type { Kysely } from 'kysely';
import { createConfluenceReader } from '../../atlassian/confluence/reader.ts';
import type { ConfluenceReader } from '../../atlassian/confluence/types.ts';
import {
  apiTokenCredential,
  oauthCredential,
  scopedTokenCredential,
  type Credential,
} from '../../atlassian/credential.ts';
import { AtlassianError } from '../../atlassian/errors.ts';
import type { AtlassianHttp } from '../../atlassian/http.ts';
import type { OAuthClient } from '../../atlassian/oauth.ts';
import { createTokenSource, NeedsReauth } from '../../atlassian/token-source.ts';
import { budgetKey, createBudget, defaultHourlyPoints } from '../../store/budget.ts';
import type { Cipher } from '../../store/encryption.ts';
import { createGrantVault } from '../../store/grants.ts';
import { findOAuthApp } from '../../store/oauth-apps.ts';
import type { Connection, Database } from '../../store/schema.ts';
import { apiTokenPlace } from './connection-rows.ts';

/**
 * Reads something of a connection's site while somebody waits for it: with the connection's own credential, within its
 * budget.
 * @param withinMs when it is given up
 * @throws what `whyUnread` has words for
 */
export type ReadSite = <T>(
  connection: Connection,
  work: (reader: ConfluenceReader) => Promise<T>,
  options?: { withinMs?: number },
) => Promise<T>;

export interface SiteReaderDeps {
  db: Kysely<Database>;
  cipher: Cipher;
  http: AtlassianHttp;
  oauth: OAuthClient;
}

export function createSiteReader(deps: SiteReaderDeps): ReadSite {
  const { db, http } = deps;
  return async (connection, work, { withinMs } = {}) => {
    const app =
      connection.oauth_app_id === null ? undefined : await findOAuthApp(db, connection.oauth_app_id);
    const budget = createBudget({
      db,
      key: app === undefined ? budgetKey.connection(connection.id) : budgetKey.app(app.client_id),
      hourlyPoints: app === undefined ? null : defaultHourlyPoints,
      connectionId: connection.id,
      host: new URL(connection.site_url).host,
    });
    const credential = credentialOf(deps, connection);
    const signal = withinMs === undefined ? undefined : AbortSignal.timeout(withinMs);
    try {
      return await work(createConfluenceReader({ http, credential, budget, signal }));
    } finally {
      await budget.flush();
    }
  };
}

/** Why a site could not be read, in words for people; null for what is a fault of ours. */
export function whyUnread(error: unknown): string | null {
  if (error instanceof NeedsReauth) return 'The connection must be authorized again.';
  if (error instanceof AtlassianError) {
    return error.code === 'rate_limited'
      ? 'Atlassian asks for a pause just now.'
      : `Confluence could not be asked: ${error.message}`;
  }
  const name = error instanceof Error ? error.name : '';
  return name === 'TimeoutError' || name === 'AbortError' ? 'Confluence took too long to answer.' : null;
}

function credentialOf({ db, cipher, http, oauth }: SiteReaderDeps, connection: Connection): Credential {
  const { site_url: siteUrl, cloud_id: cloudId, product } = connection;
  if (connection.auth_method === 'oauth') {
    if (connection.grant_id === null || cloudId === null)
      throw new NeedsReauth('no consent has been given yet');
    const vault = createGrantVault({ db, cipher });
    const tokens = createTokenSource({ vault, oauth, grantId: connection.grant_id });
    return oauthCredential({ siteUrl, cloudId, product, tokens });
  }
  if (connection.api_email === null || connection.api_token === null) {
    throw new NeedsReauth('no API token is stored');
  }
  const token = cipher.open(connection.api_token, apiTokenPlace(connection.id));
  const secret = { siteUrl, email: connection.api_email, token };
  return connection.api_token_scoped
    ? scopedTokenCredential({ ...secret, cloudId, product, http })
    : apiTokenCredential(secret);
}
