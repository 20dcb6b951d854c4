import { randomUUID } from 'node:crypto';
import { Conflict, InvalidInput, NotFound } from '../../errors.ts';
import type { Cipher } from '../../store/encryption.ts';
import {
  connectionsOfApps,
  deleteOAuthApp,
  findOAuthApp,
  findOAuthAppByClientId,
  insertOAuthApp,
  listOAuthApps,
  updateOAuthApp,
} from '../../store/oauth-apps.ts';
import type { Db, OAuthApp } from '../../store/schema.ts';
import { unlinkUnprovenAccounts, usersWithGrantsOf } from '../../store/user-grants.ts';
import { requireAdministrator } from '../actor.ts';
import { idOf } from '../paging.ts';
import { audit } from './audit.ts';
import type { OAuthAppsService } from './contracts.ts';
import { checkWaitedForSecret, mendBySecret } from './credential-mended.ts';
import type { ServiceDeps } from './deps.ts';

/** Where an app's client secret is sealed. */
export const clientSecretPlace = (id: string) => ({ table: 'oauth_apps', row: id, column: 'client_secret' });

export function createOAuthAppsService(
  deps: Pick<ServiceDeps, 'db' | 'cipher' | 'oauth' | 'engine' | 'log'>,
): OAuthAppsService {
  const { db, cipher } = deps;
  const present = async (app: OAuthApp) => presentApp(app, await connectionsOfApps(db, [app.id]));

  return {
    async list(actor) {
      requireAdministrator(actor);
      const apps = await listOAuthApps(db);
      const used = await connectionsOfApps(
        db,
        apps.map((app) => app.id),
      );
      return apps.map((app) => presentApp(app, used));
    },
    async create(actor, input) {
      requireAdministrator(actor);
      const name = checkAppName(input.name);
      const client = checkClient(input);
      const app = await db.transaction().execute(async (tx) => {
        const created = await saveApp(tx, cipher, { ...client, name, listed: true });
        await audit(tx, actor, 'oauth_app.create', name, { after: { clientId: client.clientId } });
        return created;
      });
      return present(app);
    },
    async update(actor, id, input) {
      requireAdministrator(actor);
      const before = await existingApp(db, id);
      const name = input.name === undefined ? before.name : checkAppName(input.name);
      const secret = input.clientSecret?.trim() ?? '';
      if (secret !== '') await checkWaitedForSecret(deps, before, secret);
      const app = await db.transaction().execute(async (tx) => {
        const updated = await updateOAuthApp(tx, before.id, {
          name,
          listed: true,
          ...(secret === '' ? {} : { client_secret: cipher.seal(secret, clientSecretPlace(before.id)) }),
        });
        await audit(tx, actor, 'oauth_app.update', name, {
          before: { name: before.name },
          after: { name, clientSecret: secret === '' ? 'kept' : 'replaced' },
        });
        return updated ?? before;
      });
      if (secret !== '') await mendBySecret(deps, before.id);
      return present(app);
    },
    async remove(actor, id) {
      requireAdministrator(actor);
      const app = await existingApp(db, id);
      const used = (await connectionsOfApps(db, [app.id])).get(app.id);
      if (used !== undefined) {
        throw new Conflict(
          'oauth_app_in_use',
          `"${app.name}" is used by ${used.join(', ')}. Delete or change these connections first.`,
        );
      }
      await db.transaction().execute(async (tx) => {
        const people = await usersWithGrantsOf(tx, app.id);
        await deleteOAuthApp(tx, app.id);
        await unlinkUnprovenAccounts(tx, people);
        await audit(tx, actor, 'oauth_app.remove', app.name, { before: { clientId: app.client_id } });
      });
    },
  };
}

/** @throws NotFound */
export async function existingApp(db: Db, id: string): Promise<OAuthApp> {
  const app = await findOAuthApp(db, idOf('This OAuth app', id));
  if (app === undefined) throw new NotFound('This OAuth app');
  return app;
}

/** Client id and secret, trimmed. @throws InvalidInput at `clientId`, `clientSecret` */
export function checkClient(given: { clientId: string; clientSecret: string }) {
  const clientId = given.clientId.trim();
  const clientSecret = given.clientSecret.trim();
  const fields: Record<string, string> = {};
  if (!/^[\w-]{1,128}$/.test(clientId)) {
    fields['clientId'] =
      'The client ID from the Settings page of your app in the Atlassian developer console.';
  }
  if (clientSecret === '' || clientSecret.length > 500 || /\s/.test(clientSecret)) {
    fields['clientSecret'] =
      'The secret from the Settings page of your app in the Atlassian developer console.';
  }
  if (Object.keys(fields).length > 0) throw new InvalidInput(fields);
  return { clientId, clientSecret };
}

/** Stores a new app with its secret sealed. @throws InvalidInput at `clientId` where it is registered already */
export async function saveApp(
  db: Db,
  cipher: Cipher,
  app: { name: string; clientId: string; clientSecret: string; listed: boolean },
): Promise<OAuthApp> {
  const id = randomUUID();
  const sealed = cipher.seal(app.clientSecret, clientSecretPlace(id));
  const saved = await insertOAuthApp(db, {
    id,
    name: app.name,
    clientId: app.clientId,
    clientSecret: sealed,
    listed: app.listed,
  });
  if (saved !== undefined) return saved;
  const other = await findOAuthAppByClientId(db, app.clientId);
  throw new InvalidInput({
    clientId: `This client ID is registered already as "${other?.name ?? app.name}". Choose that app, or change its secret.`,
  });
}

function checkAppName(given: string): string {
  const name = given.trim();
  if (name === '' || name.length > 100) throw new InvalidInput({ name: 'A name of 1 to 100 characters.' });
  return name;
}

function presentApp(app: OAuthApp, used: Map<string, string[]>) {
  return {
    id: app.id,
    name: app.name,
    clientId: app.client_id,
    connections: used.get(app.id)?.length ?? 0,
    createdAt: app.created_at.toISOString(),
  };
}
