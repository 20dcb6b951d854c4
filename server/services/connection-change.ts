import { InvalidInput } from '../../errors.ts';
import { moveConnection } from '../../store/connection-state.ts';
import { updateConnection } from '../../store/connections.ts';
import { closeCredentialNotices, markAuthorized } from '../../store/credential-notices.ts';
import { findOAuthApp } from '../../store/oauth-apps.ts';
import { newestRuns } from '../../store/runs-read.ts';
import type { Connection, Db, Product } from '../../store/schema.ts';
import type { Actor } from '../actor.ts';
import { audit } from './audit.ts';
import { checkConnectionName, checkSiteUrl, checkToken, resolveApp, together } from './connection-auth.ts';
import { apiTokenPlace } from './connection-rows.ts';
import type { ConnectionChange, ConnectionInput } from './contracts.ts';
import { goOnSyncing, mendBySecret } from './credential-mended.ts';
import type { ServiceDeps } from './deps.ts';
import { forgetGrant } from './grant-ends.ts';

/** A new connection by API token, after the site has accepted it. @throws InvalidInput at the field to mend */
export async function tokenColumns(...given: Parameters<typeof acceptToken>) {
  const token = await acceptToken(...given);
  return { ...token, status: 'active' as const, status_cause: null, status_message: null };
}

async function acceptToken(
  deps: Pick<ServiceDeps, 'cipher' | 'probeToken'>,
  target: { id: string; siteUrl: string; product: Product },
  auth: { email: string; token: string; scoped?: boolean; expiresAt?: string | null },
) {
  const { email, token, expiresAt } = await checkToken(auth);
  const scoped = auth.scoped ?? false;
  const { siteUrl, product } = target;
  const probe = await deps.probeToken({ siteUrl, product, email, token, scoped });
  if (!probe.ok) throw new InvalidInput({ [probe.field]: probe.message });
  return {
    api_email: email,
    api_token: deps.cipher.seal(token, apiTokenPlace(target.id)),
    api_token_scoped: scoped,
    api_token_expires_at: expiresAt,
    cloud_id: probe.cloudId,
    account_id: probe.accountId,
    account_name: probe.accountName,
    authorized_at: new Date(),
  };
}

/** What a connection forgets when its site, its app or its account changes: it must be authorized anew. */
const unauthorized = {
  grant_id: null,
  cloud_id: null,
  account_id: null,
  account_name: null,
  authorized_at: null,
};

/** Stores the Authenticate tab again. An empty token or secret keeps the stored one. @throws InvalidInput */
export async function changeConnection(
  deps: ServiceDeps,
  actor: Actor,
  before: Connection,
  change: ConnectionChange,
): Promise<void> {
  const { db, cipher } = deps;
  let name = before.name;
  let siteUrl = before.site_url;
  await together(
    async () => {
      if (change.name !== undefined) name = await checkConnectionName(db, change.name, before.id);
    },
    () => {
      if (change.siteUrl !== undefined) siteUrl = checkSiteUrl(change.siteUrl);
    },
  );
  const isMoved = siteUrl !== before.site_url;
  const { auth } = change;
  if (auth !== undefined && auth.method !== before.auth_method) {
    throw new InvalidInput({ method: 'The method stays as it was. Make a new connection for another one.' });
  }
  if (isMoved && (await newestRuns(db, [before.id])).length > 0) {
    throw new InvalidInput({
      siteUrl: `This connection holds the content of ${before.site_url}. Make a new connection for another site.`,
    });
  }
  /** The app as saved; the client ID that is in use with an empty secret keeps the stored secret. */
  const changedApp = async (tx: Db, given: Extract<ConnectionInput['auth'], { method: 'oauth' }>) => {
    const current = before.oauth_app_id === null ? undefined : await findOAuthApp(tx, before.oauth_app_id);
    const kept =
      'clientId' in given && given.clientSecret.trim() === '' && current?.client_id === given.clientId.trim();
    return kept ? before.oauth_app_id : resolveApp(deps, tx, given, name);
  };
  let columns: Record<string, unknown> = {};
  let event: 'authorized' | 'unauthorized' | null = null;
  if (before.auth_method === 'api_token' && (auth !== undefined || isMoved)) {
    const given = auth?.method === 'api_token' ? auth : undefined;
    const typed = given?.token?.trim() ?? '';
    // Opened only where it is needed: a new token also replaces one that a lost key has locked.
    const stored = () =>
      before.api_token === null ? '' : cipher.open(before.api_token, apiTokenPlace(before.id));
    const typedExpiry = given !== undefined && 'expiresAt' in given ? given.expiresAt : undefined;
    // The end that was entered belongs to the token that it was entered with.
    const storedExpiry = typed === '' ? (before.api_token_expires_at?.toISOString() ?? null) : null;
    columns = await acceptToken(
      deps,
      { id: before.id, siteUrl, product: before.product },
      {
        email: given?.email ?? before.api_email ?? '',
        token: typed === '' ? stored() : typed,
        scoped: given?.scoped ?? before.api_token_scoped,
        expiresAt: typedExpiry === undefined ? storedExpiry : typedExpiry,
      },
    );
    event = 'authorized';
  }
  const moved = await db.transaction().execute(async (tx) => {
    if (before.auth_method === 'oauth') {
      const appId = auth?.method === 'oauth' ? await changedApp(tx, auth) : before.oauth_app_id;
      if (isMoved || appId !== before.oauth_app_id) {
        columns = { ...unauthorized, oauth_app_id: appId };
        event = 'unauthorized';
      }
    }
    await updateConnection(tx, before.id, { name, site_url: siteUrl, ...columns });
    await audit(tx, actor, 'connection.update', name, {
      before: { name: before.name, siteUrl: before.site_url },
      after: { name, siteUrl, credential: auth === undefined ? 'kept' : 'saved again' },
    });
    if (event === null) return undefined;
    if (event === 'authorized') return markAuthorized(tx, before.id);
    await closeCredentialNotices(tx, before.id);
    return moveConnection(tx, before.id, event);
  });
  const released = before.grant_id !== null && 'grant_id' in columns ? before.grant_id : null;
  if (released !== null) await forgetGrant(deps, released);
  if (moved !== undefined) await goOnSyncing(deps, moved);
  if (before.auth_method === 'oauth' && before.oauth_app_id !== null)
    await mendBySecret(deps, before.oauth_app_id);
}
