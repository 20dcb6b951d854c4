import { Conflict, InvalidInput } from '../../errors.ts';
import {
  deleteConnection,
  insertConnection,
  listConnections,
  updateConnection,
} from '../../store/connections.ts';
import { insertAuthorizeLink } from '../../store/authorize-links.ts';
import { listGroups } from '../../store/groups-read.ts';
import { deleteOAuthApp, findOAuthApp, findOAuthApps } from '../../store/oauth-apps.ts';
import { loadPermissionOverviews } from '../../store/permission-overview.ts';
import { newestRuns } from '../../store/runs-read.ts';
import type { Connection } from '../../store/schema.ts';
import { requireAdministrator, type Actor } from '../actor.ts';
import { authorizeTab } from '../oauth/paths.ts';
import { cursorOf, cursorPatterns, limitOf, pageOf } from '../paging.ts';
import { hashToken, randomToken } from '../tokens.ts';
import type { ConnectionView } from '../views.ts';
import { audit } from './audit.ts';
import {
  checkConnectionName,
  checkKind,
  checkSiteUrl,
  newId,
  resolveApp,
  together,
} from './connection-auth.ts';
import { changeConnection, tokenColumns } from './connection-change.ts';
import { existingConnection } from './connection-rows.ts';
import type { ConnectionsService } from './contracts.ts';
import type { ServiceDeps } from './deps.ts';
import { forgetGrant } from './grant-ends.ts';
import { admitPermissionSettings } from './admit-settings.ts';
import { presentConnection } from './present-connection.ts';

const linkMinutes = 60;

export function createConnectionsService(deps: ServiceDeps): ConnectionsService {
  const { db, engine, log, publicUrl } = deps;

  const presentAll = async (rows: Connection[]): Promise<ConnectionView[]> => {
    const appIds = rows.flatMap((row) => (row.oauth_app_id === null ? [] : [row.oauth_app_id]));
    const ids = rows.map((row) => row.id);
    const [apps, runs, freshness, nextRuns] = await Promise.all([
      findOAuthApps(db, [...new Set(appIds)]),
      newestRuns(db, ids),
      loadPermissionOverviews(db, ids),
      engine.nextRuns(ids),
    ]);
    return rows.map((row) => presentConnection(row, { apps, runs, freshness, nextRuns, publicUrl }));
  };
  const view = async (id: string): Promise<ConnectionView> => {
    const [presented] = await presentAll([await existingConnection(db, id)]);
    if (presented === undefined) throw new Error('A connection was not presented.');
    return presented;
  };
  /** The engine may be away: the schedule is applied again when the worker or the next change comes. */
  const applySchedule = async (id: string) => {
    await engine.applySchedule(id).catch((error: unknown) => {
      log.warn({ connectionId: id, reason: String(error) }, 'The schedule could not be applied yet.');
    });
  };

  const setStatus = async (actor: Actor, id: string, enable: boolean) => {
    requireAdministrator(actor);
    const before = await existingConnection(db, id);
    if (before.status === 'disconnecting') {
      throw new Conflict('disconnecting', `"${before.name}" is being deleted.`);
    }
    const status = !enable ? 'disabled' : before.authorized_at === null ? 'draft' : 'active';
    if (enable ? before.status === 'disabled' : before.status !== 'disabled') {
      await db.transaction().execute(async (tx) => {
        await updateConnection(tx, before.id, { status, status_cause: null, status_message: null });
        await audit(tx, actor, enable ? 'connection.enable' : 'connection.disable', before.name, {
          before: { status: before.status },
          after: { status },
        });
      });
      if (!enable) await engine.cancelRun(before.id).catch(() => {});
      await applySchedule(before.id);
    }
    return view(before.id);
  };

  return {
    async list(actor) {
      requireAdministrator(actor);
      return presentAll(await listConnections(db));
    },
    async get(actor, id) {
      requireAdministrator(actor);
      return view(id);
    },
    async create(actor, input) {
      requireAdministrator(actor);
      const { auth } = input;
      const id = newId();
      let name = '';
      let siteUrl = '';
      await together(
        () => checkKind(input),
        async () => {
          name = await checkConnectionName(db, input.name);
        },
        () => {
          siteUrl = checkSiteUrl(input.siteUrl);
        },
      );
      const token =
        auth.method === 'api_token'
          ? await tokenColumns(deps, { id, siteUrl, product: input.product }, auth)
          : {};
      await db.transaction().execute(async (tx) => {
        const appId = auth.method === 'oauth' ? await resolveApp(deps, tx, auth, name) : null;
        const row = await insertConnection(tx, {
          id,
          name,
          product: input.product,
          deployment: input.deployment,
          site_url: siteUrl,
          auth_method: auth.method,
          oauth_app_id: appId,
          settings: '{}',
          created_by: actor.userId,
          ...token,
        });
        await audit(tx, actor, 'connection.create', name, {
          after: { id, siteUrl, method: auth.method, status: row.status },
        });
      });
      return view(id);
    },
    async update(actor, id, change) {
      requireAdministrator(actor);
      await changeConnection(deps, actor, await existingConnection(db, id), change);
      return view(id);
    },
    async updateSettings(actor, id, settings) {
      requireAdministrator(actor);
      const before = await existingConnection(db, id);
      if (before.authorized_at === null) {
        throw new InvalidInput({
          settings: 'Authorize the connection first; then its settings can be saved.',
        });
      }
      await db.transaction().execute(async (tx) => {
        await admitPermissionSettings(tx, before.id, before.settings.permissions, settings.permissions);
        await updateConnection(tx, before.id, {
          settings: JSON.stringify(settings),
          configured_at: before.configured_at ?? new Date(),
        });
        await audit(tx, actor, 'connection.settings', before.name, {
          before: before.settings,
          after: settings,
        });
      });
      await applySchedule(before.id);
      return view(before.id);
    },
    async remove(actor, id) {
      requireAdministrator(actor);
      const row = await existingConnection(db, id);
      await updateConnection(db, row.id, {
        status: 'disconnecting',
        status_cause: null,
        status_message: null,
      });
      // The engine may be away; the rows go in any case, and a workflow that finds none ends by itself.
      await engine
        .cancelRun(row.id)
        .catch((error: unknown) => log.warn({ reason: String(error) }, 'No run cancelled.'));
      await engine.removeSchedule(row.id).catch((error: unknown) => {
        log.warn({ connectionId: row.id, reason: String(error) }, 'The schedule could not be removed yet.');
      });
      await db.transaction().execute(async (tx) => {
        await deleteConnection(tx, row.id);
        await audit(tx, actor, 'connection.remove', row.name, {
          before: { id: row.id, siteUrl: row.site_url },
        });
      });
      if (row.grant_id !== null) await forgetGrant(deps, row.grant_id);
      if (row.oauth_app_id !== null) await forgetApp(row.oauth_app_id);
    },
    async test(actor, id) {
      requireAdministrator(actor);
      const checks = await deps.runChecks(await existingConnection(db, id));
      return { ok: checks.length > 0 && checks.every((check) => check.ok), checks };
    },
    enable: (actor, id) => setStatus(actor, id, true),
    disable: (actor, id) => setStatus(actor, id, false),
    async authorizeLink(actor, id) {
      requireAdministrator(actor);
      const row = await existingConnection(db, id);
      const token = randomToken();
      await insertAuthorizeLink(db, {
        hash: hashToken(token),
        connectionId: row.id,
        userId: actor.userId,
        expiresAt: new Date(Date.now() + linkMinutes * 60_000),
      });
      return `${publicUrl}${authorizeTab(row.id)}?token=${token}`;
    },
    async groups(actor, connectionId, page) {
      requireAdministrator(actor);
      const row = await existingConnection(db, connectionId);
      const limit = limitOf(page);
      const rows = await listGroups(db, row.id, {
        after: cursorOf(page, cursorPatterns.text),
        limit: limit + 1,
      });
      return pageOf(
        rows,
        limit,
        (group) => group.groupId,
        (group) => group,
      );
    },
  };

  /** An app typed by hand for one connection goes with it, unless another connection or a person's consent uses it. */
  async function forgetApp(id: string): Promise<void> {
    const app = await findOAuthApp(db, id);
    if (app === undefined || app.listed) return;
    const { oauth_app_id: used } = (await db
      .selectFrom('connections')
      .select('oauth_app_id')
      .where('oauth_app_id', '=', id)
      .executeTakeFirst()) ??
      (await db
        .selectFrom('grants')
        .select('oauth_app_id')
        .where('oauth_app_id', '=', id)
        .executeTakeFirst()) ?? {
        oauth_app_id: null,
      };
    if (used === null) await deleteOAuthApp(db, id);
  }
}
