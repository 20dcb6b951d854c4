import type { Kysely } from 'kysely';
import { countSpending, type Budget } from '../atlassian/budget.ts';
import { createConfluenceReader } from '../atlassian/confluence/reader.ts';
import {
  apiTokenCredential,
  oauthCredential,
  scopedTokenCredential,
  type Credential,
} from '../atlassian/credential.ts';
import type { AtlassianHttp } from '../atlassian/http.ts';
import { createOAuthClient } from '../atlassian/oauth.ts';
import { createTokenSource, NeedsReauth, type TokenSource } from '../atlassian/token-source.ts';
import { budgetKey, createBudget, defaultHourlyPoints, defaultRequestsPerMinute } from '../store/budget.ts';
import type { Cipher } from '../store/encryption.ts';
import { createGrantVault } from '../store/grants.ts';
import type { Connection, Database } from '../store/schema.ts';
import type { ActivityDeps } from './deps.ts';

export interface SiteDeps {
  db: Kysely<Database>;
  cipher: Cipher;
  http: AtlassianHttp;
}

/**
 * Opens a connection's site with its credential and budget. Token sources and budgets are shared by everything in the
 * process that uses the same grant or app, so that one refresh and one look at the ledger serve all.
 */
export function createSiteOpener({ db, cipher, http }: SiteDeps): ActivityDeps['openSite'] {
  const oauth = createOAuthClient({ http });
  const vault = createGrantVault({ db, cipher });
  const tokens = new Map<string, TokenSource>();
  const budgets = new Map<string, Budget>();

  async function budgetOf(connection: Connection): Promise<Budget> {
    // API-token traffic is outside the points quota; apps share one quota over all their connections.
    const app =
      connection.oauth_app_id === null
        ? undefined
        : await db
            .selectFrom('oauth_apps')
            .select('client_id')
            .where('id', '=', connection.oauth_app_id)
            .executeTakeFirst();
    const key = app === undefined ? budgetKey.connection(connection.id) : budgetKey.app(app.client_id);
    const hourlyPoints = app === undefined ? null : defaultHourlyPoints;
    return remember(budgets, key, () =>
      createBudget({ db, key, hourlyPoints, requestsPerMinute: defaultRequestsPerMinute }),
    );
  }

  function credentialOf(connection: Connection): Credential {
    const { site_url: siteUrl, cloud_id: cloudId } = connection;
    if (connection.auth_method === 'oauth') {
      const grantId = connection.grant_id;
      if (grantId === null || cloudId === null) throw new NeedsReauth('no consent has been given yet');
      const source = remember(tokens, grantId, () => createTokenSource({ vault, oauth, grantId }));
      return oauthCredential({ siteUrl, cloudId, tokens: source });
    }
    if (connection.api_email === null || connection.api_token === null) {
      throw new NeedsReauth('no API token is stored');
    }
    const place = { table: 'connections', row: connection.id, column: 'api_token' };
    const secret = { siteUrl, email: connection.api_email, token: cipher.open(connection.api_token, place) };
    return connection.api_token_scoped
      ? scopedTokenCredential({ ...secret, cloudId, http })
      : apiTokenCredential(secret);
  }

  return async (connection, signal) => {
    const budget = await budgetOf(connection);
    const metered = countSpending(budget);
    return {
      reader: createConfluenceReader({ http, credential: credentialOf(connection), budget: metered, signal }),
      takeSpent: metered.takeSpent,
      close: () => budget.flush(),
    };
  };
}

function remember<T>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}
