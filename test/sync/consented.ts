import type { Kysely } from 'kysely';
import { confluenceScopeNames } from '../../atlassian/scopes.ts';
import type { RunningSandbox } from '../../sandbox/main.ts';
import type { Cipher } from '../../store/encryption.ts';
import { saveGrant } from '../../store/grants.ts';
import type { Database } from '../../store/schema.ts';

/** Who consents, and to what; all that Sluice asks for when nothing is said. */
export interface Consented {
  accountId: string;
  scopes?: readonly string[];
}

/** A consent as it is stored after the callback: the sandbox's first app, registered once, and the grant. */
export async function giveConsent(options: {
  db: Kysely<Database>;
  cipher: Cipher;
  sandbox: RunningSandbox;
  consent: Consented;
}): Promise<{ appId: string; grantId: string }> {
  const { db, cipher, sandbox, consent } = options;
  const { grants, store } = sandbox.context;
  const app = store.oauthApps()[0];
  if (app === undefined) throw new Error('The world has no OAuth app.');
  const { clientId, clientSecret, name } = app;
  const known = await db
    .selectFrom('oauth_apps')
    .select('id')
    .where('client_id', '=', clientId)
    .executeTakeFirst();
  const appId = known?.id ?? (await registerApp());

  async function registerApp(): Promise<string> {
    const { id } = await db
      .insertInto('oauth_apps')
      .values({ name, client_id: clientId, client_secret: Buffer.alloc(0) })
      .returning('id')
      .executeTakeFirstOrThrow();
    const place = { table: 'oauth_apps', row: id, column: 'client_secret' };
    await db
      .updateTable('oauth_apps')
      .set({ client_secret: cipher.seal(clientSecret, place) })
      .where('id', '=', id)
      .execute();
    return id;
  }

  const scopes = [...(consent.scopes ?? confluenceScopeNames)];
  const pair = grants.issue({
    clientId,
    accountId: consent.accountId,
    scopes,
    cloudIds: [store.site.cloudId],
  });
  const grantId = await saveGrant(db, cipher, {
    oauthAppId: appId,
    accountId: consent.accountId,
    accountName: store.person(consent.accountId)?.name ?? '',
    accountEmail: null,
    scopes,
    accessToken: pair.access_token,
    refreshToken: pair.refresh_token ?? null,
    accessExpiresAt: new Date(Date.now() + pair.expires_in * 1000),
  });
  return { appId, grantId };
}
