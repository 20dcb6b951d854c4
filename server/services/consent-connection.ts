import { closeAuthorizeLinks } from '../../store/authorize-links.ts';
import { updateConnection } from '../../store/connections.ts';
import { markAuthorized } from '../../store/credential-notices.ts';
import { saveGrant } from '../../store/grants.ts';
import { findActingUser } from '../../store/group-roles.ts';
import type { Connection, OAuthApp } from '../../store/schema.ts';
import type { Consent } from '../oauth/strategy.ts';
import { actorOf } from './access.ts';
import { audit } from './audit.ts';
import { existingConnection } from './connection-rows.ts';
import { refuse, type Outcome } from './consent-outcomes.ts';
import { grantOf } from './consent-own.ts';
import type { PendingConsent } from './contracts.ts';
import { goOnSyncing } from './credential-mended.ts';
import type { ServiceDeps } from './deps.ts';
import { forgetGrant } from './grant-ends.ts';

/** The Authorize step: the right account, the right site, every scope; then the connection crawls with this grant. */
export async function finishConnection(
  deps: ServiceDeps,
  app: OAuthApp,
  pending: PendingConsent,
  consent: Consent,
): Promise<Outcome> {
  const { db, cipher } = deps;
  const user = pending.actor === null ? undefined : await findActingUser(db, pending.actor.userId);
  if (user === undefined || !user.active || user.role !== 'administrator') {
    return refuse('administrators_only', 'Only an administrator may authorize a connection.');
  }
  const connection = await existingConnection(db, pending.connectionId ?? '');
  if (connection.oauth_app_id !== app.id) {
    return refuse('changed_meanwhile', 'The connection uses another OAuth app by now. Authorize it again.');
  }
  const site = siteOf(connection, consent);
  if ('ok' in site) return site;
  const missing = missingScopes(deps.scopesFor(connection.product), consent, site.scopes);
  if (missing.length > 0) {
    return refuse(
      'missing_scopes',
      `The consent lacks these scopes: ${missing.join(', ')}. Add them to the app under Permissions in the developer ` +
        'console, then authorize again.',
    );
  }
  const { identity } = consent;
  const another = connection.account_id !== null && connection.account_id !== identity.accountId;
  if (another && pending.switchAccount !== true) {
    return refuse(
      'another_account',
      `You consented as ${identity.name}, but this connection reads as ${connection.account_name ?? 'another account'}. ` +
        'Use that account at Atlassian, or start again with "Use another account" to change it on purpose.',
    );
  }
  const grantId = await saveGrant(db, cipher, grantOf(app, consent));
  const moved = await db.transaction().execute(async (tx) => {
    await updateConnection(tx, connection.id, {
      cloud_id: site.cloudId,
      grant_id: grantId,
      account_id: identity.accountId,
      account_name: identity.name,
      authorized_at: new Date(),
    });
    await closeAuthorizeLinks(tx, connection.id);
    await audit(tx, actorOf(user, pending.actor?.via ?? 'session'), 'connection.authorize', connection.name, {
      before: { account: connection.account_name, status: connection.status },
      after: { account: identity.name, site: site.url },
    });
    return markAuthorized(tx, connection.id);
  });
  if (connection.grant_id !== null && connection.grant_id !== grantId)
    await forgetGrant(deps, connection.grant_id);
  await goOnSyncing(deps, moved);
  return { ok: true, userId: null, message: `Authorized as ${identity.name} for ${site.url}.` };
}

interface ReachedSite {
  cloudId: string;
  url: string;
  scopes: string[];
}

/** The entered site among those that the token reaches; one site may be listed once per product. */
function siteOf(connection: Connection, consent: Consent): ReachedSite | Outcome {
  const entered = normalised(connection.site_url);
  const entries = consent.sites.filter((site) => normalised(site.url) === entered);
  const [first] = entries;
  const who = consent.identity.name;
  if (first !== undefined) {
    return { cloudId: first.cloudId, url: entered, scopes: entries.flatMap((site) => site.scopes) };
  }
  if (consent.sites.length === 0) {
    return refuse(
      'account_without_site',
      `The account ${who} reaches no Atlassian site with Confluence (guests never do). Authorize with an account that ` +
        `may use ${entered}.`,
    );
  }
  const others = consent.sites.map((site) => site.url).slice(0, 5);
  return refuse(
    'another_site',
    `The consent is for ${[...new Set(others)].join(', ')}, but this connection is for ${entered}. Choose ${entered} at ` +
      'the consent, or correct the site URL in the Authenticate tab.',
  );
}

/** Asked for and not given, by name. A missing refresh token is a missing offline_access. */
function missingScopes(wanted: readonly string[], { tokens }: Consent, ofSite: string[]): string[] {
  const given = new Set([...tokens.scopes, ...ofSite]);
  if (tokens.refreshToken !== null) given.add('offline_access');
  else given.delete('offline_access');
  // /me has answered, which nothing but read:me allows.
  given.add('read:me');
  return wanted.filter((scope) => !given.has(scope));
}

function normalised(url: string): string {
  return URL.canParse(url) ? new URL(url).origin.toLowerCase() : url;
}
