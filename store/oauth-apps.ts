import type { Db, OAuthApp } from './schema.ts';

/** Registered apps (not those typed by hand for one connection), oldest first. */
export function listOAuthApps(db: Db): Promise<OAuthApp[]> {
  return db
    .selectFrom('oauth_apps')
    .selectAll()
    .where('listed', '=', true)
    .orderBy('created_at')
    .orderBy('id')
    .limit(500)
    .execute();
}

export function findOAuthApp(db: Db, id: string): Promise<OAuthApp | undefined> {
  return db.selectFrom('oauth_apps').selectAll().where('id', '=', id).executeTakeFirst();
}

export function findOAuthApps(db: Db, ids: string[]): Promise<OAuthApp[]> {
  if (ids.length === 0) return Promise.resolve([]);
  return db.selectFrom('oauth_apps').selectAll().where('id', 'in', ids).execute();
}

export function findOAuthAppByClientId(db: Db, clientId: string): Promise<OAuthApp | undefined> {
  return db.selectFrom('oauth_apps').selectAll().where('client_id', '=', clientId).executeTakeFirst();
}

/** Returns undefined where the client id is registered already. `clientSecret` is sealed for this id. */
export function insertOAuthApp(
  db: Db,
  app: { id: string; name: string; clientId: string; clientSecret: Buffer; listed: boolean },
): Promise<OAuthApp | undefined> {
  return db
    .insertInto('oauth_apps')
    .values({
      id: app.id,
      name: app.name,
      client_id: app.clientId,
      client_secret: app.clientSecret,
      listed: app.listed,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
}

export function updateOAuthApp(
  db: Db,
  id: string,
  change: Partial<Pick<OAuthApp, 'name' | 'client_secret' | 'listed'>>,
): Promise<OAuthApp | undefined> {
  return db.updateTable('oauth_apps').set(change).where('id', '=', id).returningAll().executeTakeFirst();
}

export async function deleteOAuthApp(db: Db, id: string): Promise<void> {
  await db.deleteFrom('oauth_apps').where('id', '=', id).execute();
}

/** Names of the connections that crawl with each app, by app id. */
export async function connectionsOfApps(db: Db, ids: string[]): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  if (ids.length === 0) return found;
  const rows = await db
    .selectFrom('connections')
    .select(['oauth_app_id', 'name'])
    .where('oauth_app_id', 'in', ids)
    .orderBy('name')
    .execute();
  for (const row of rows) {
    if (row.oauth_app_id !== null)
      found.set(row.oauth_app_id, [...(found.get(row.oauth_app_id) ?? []), row.name]);
  }
  return found;
}
