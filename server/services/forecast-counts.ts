import type { Kysely } from 'kysely';
import { createConfluenceReader } from '../../atlassian/confluence/reader.ts';
import {
  apiTokenCredential,
  oauthCredential,
  scopedTokenCredential,
  type Credential,
} from '../../atlassian/credential.ts';
import type { AtlassianHttp } from '../../atlassian/http.ts';
import type { OAuthClient } from '../../atlassian/oauth.ts';
import { createTokenSource, NeedsReauth } from '../../atlassian/token-source.ts';
import { budgetKey, createBudget, defaultHourlyPoints } from '../../store/budget.ts';
import type { Cipher } from '../../store/encryption.ts';
import type { SiteSize } from '../../store/forecast.ts';
import { createGrantVault } from '../../store/grants.ts';
import { findOAuthApp } from '../../store/oauth-apps.ts';
import type { Connection, Database } from '../../store/schema.ts';
import { apiTokenPlace } from './connection-rows.ts';

/** People in a group, on average, where nothing is known of the site's yet. */
const usualMembers = 20;

/**
 * Asks a site how much there is, before anything of it is stored: four counts by CQL, its spaces and its groups, within
 * the connection's budget.
 * @returns what throws is AtlassianError or of the token source
 */
export function createSiteCounts(deps: {
  db: Kysely<Database>;
  cipher: Cipher;
  http: AtlassianHttp;
  oauth: OAuthClient;
}): (connection: Connection) => Promise<SiteSize> {
  const { db, http } = deps;
  return async (connection) => {
    const app =
      connection.oauth_app_id === null ? undefined : await findOAuthApp(db, connection.oauth_app_id);
    const budget = createBudget({
      db,
      key: app === undefined ? budgetKey.connection(connection.id) : budgetKey.app(app.client_id),
      hourlyPoints: app === undefined ? null : defaultHourlyPoints,
      connectionId: connection.id,
      host: new URL(connection.site_url).host,
    });
    const reader = createConfluenceReader({ http, credential: credentialOf(deps, connection), budget });
    try {
      const [pages, blogposts, comments, attachments, spaces, groups] = await Promise.all([
        reader.count('type = page'),
        reader.count('type = blogpost'),
        reader.count('type = comment'),
        reader.count('type = attachment'),
        countSpaces(reader),
        reader.listGroups({}).then((found) => found.length),
      ]);
      const accounts = groups * usualMembers;
      const content = { pages, blogposts, comments, attachments, containers: 0 };
      return { ...content, spaces, groups, memberships: groups * usualMembers, accounts };
    } finally {
      await budget.flush();
    }
  };
}

async function countSpaces(reader: ReturnType<typeof createConfluenceReader>): Promise<number> {
  let spaces = 0;
  let cursor: string | null = null;
  do {
    const batch: Awaited<ReturnType<typeof reader.listSpaces>> = await reader.listSpaces({ cursor });
    spaces += batch.items.length;
    cursor = batch.next;
  } while (cursor !== null);
  return spaces;
}

function credentialOf(
  {
    db,
    cipher,
    http,
    oauth,
  }: { db: Kysely<Database>; cipher: Cipher; http: AtlassianHttp; oauth: OAuthClient },
  connection: Connection,
): Credential {
  const { site_url: siteUrl, cloud_id: cloudId, product } = connection;
  if (connection.auth_method === 'oauth') {
    if (connection.grant_id === null || cloudId === null)
      throw new NeedsReauth('no consent has been given yet');
    const tokens = createTokenSource({
      vault: createGrantVault({ db, cipher }),
      oauth,
      grantId: connection.grant_id,
    });
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
