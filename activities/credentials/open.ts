import { sql, type Kysely } from 'kysely';
import {
  apiTokenCredential,
  oauthCredential,
  scopedTokenCredential,
  type Credential,
} from '../../atlassian/credential.ts';
import type { AtlassianHttp } from '../../atlassian/http.ts';
import { createOAuthClient } from '../../atlassian/oauth.ts';
import { createTokenSource, NeedsReauth, type TokenSource } from '../../atlassian/token-source.ts';
import { findConnection } from '../../store/connections.ts';
import type { Cipher } from '../../store/encryption.ts';
import { createGrantVault } from '../../store/grants.ts';
import type { Connection, Database } from '../../store/schema.ts';
import { askReach, type Reach } from './reach.ts';

/** How often a step under way looks whether its connection has another credential by now. */
const lookEveryMs = 5_000;

export interface Credentials {
  /** @throws NeedsReauth, EncryptionError */
  open(connection: Connection): Credential;
  /** What the connection's credential reaches now. Never throws. */
  reach(connection: Connection): Promise<Reach>;
}

/**
 * Opens stored credentials. One that is replaced while a step uses it is taken up by that step's next requests: a new
 * API token, a new consent, also of another account. Token sources are shared by all connections of a grant in this
 * process, so that one refresh serves all.
 */
export function createCredentials(deps: {
  db: Kysely<Database>;
  cipher: Cipher;
  http: AtlassianHttp;
}): Credentials {
  const { db, cipher, http } = deps;
  const oauth = createOAuthClient({ http });
  const vault = createGrantVault({ db, cipher });
  const sources = new Map<string, TokenSource>();

  function sourceOf(grantId: string): TokenSource {
    const found = sources.get(grantId) ?? createTokenSource({ vault, oauth, grantId });
    sources.set(grantId, found);
    return found;
  }

  function stored(connection: Connection): Credential {
    const { site_url: siteUrl, cloud_id: cloudId } = connection;
    if (connection.auth_method === 'oauth') {
      const grantId = connection.grant_id;
      if (grantId === null || cloudId === null) throw new NeedsReauth('no consent has been given yet');
      return oauthCredential({ siteUrl, cloudId, tokens: sourceOf(grantId) });
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

  /** Rises with each change of the credential, and with each consent to the same grant. */
  async function versionOf(id: string): Promise<string | null> {
    const { rows } = await sql<{ version: string }>`
      select c.credential_version || ' ' || coalesce(g.created_at::text, '') as version
      from connections c left join grants g on g.id = c.grant_id where c.id = ${id}`.execute(db);
    return rows[0]?.version ?? null;
  }

  return {
    open(first) {
      let current = stored(first);
      let grantId = first.grant_id;
      let known: string | null = null;
      let lookedAt = 0;
      let looking: Promise<void> | null = null;

      /** Takes up what is stored now. Requests that ask side by side wait for the same look. */
      function look(): Promise<void> {
        looking ??= takeUp().finally(() => {
          looking = null;
        });
        return looking;
      }

      async function takeUp(): Promise<void> {
        lookedAt = Date.now();
        const version = await versionOf(first.id);
        if (version === null || version === known) return;
        const row = await findConnection(db, first.id);
        if (row === undefined) return;
        const isNew = known !== null || row.credential_version !== first.credential_version;
        known = version;
        if (!isNew) return;
        // What the source knows by heart is of the consent before.
        if (grantId !== null) sources.delete(grantId);
        grantId = row.grant_id;
        current = stored(row);
      }

      return {
        siteUrl: first.site_url,
        baseUrl: () => current.baseUrl(),
        async authorization() {
          if (Date.now() - lookedAt > lookEveryMs) await look();
          const used = current;
          try {
            return await used.authorization();
          } catch (error) {
            // A consent of another account leaves nothing of the grant before.
            if (!(error instanceof NeedsReauth)) throw error;
            await look();
            if (current === used) throw error;
            return current.authorization();
          }
        },
        async renew(stale) {
          await look();
          if ((await current.authorization()) !== stale) return true;
          return current.renew(stale);
        },
      };
    },
    async reach(connection) {
      try {
        const credential = stored(connection);
        const { cloud_id: cloudId } = connection;
        const byConsent = connection.auth_method === 'oauth' && cloudId !== null;
        return await askReach({ http, credential, oauth: byConsent ? { client: oauth, cloudId } : null });
      } catch {
        return { kind: 'unknown' };
      }
    },
  };
}
