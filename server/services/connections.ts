import { Conflict, InvalidInput } from '../../errors.ts';
import { changesScope } from '../../scope/changes.ts';
import { insertConnection, listConnections } from '../../store/connections.ts';
import { moveConnection } from '../../store/connection-state.ts';
import { insertAuthorizeLink } from '../../store/authorize-links.ts';
import { listGroups } from '../../store/groups-read.ts';
import { findOAuthApps } from '../../store/oauth-apps.ts';
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
import type { ConnectionsService, SyncsService } from './contracts.ts';
import type { ServiceDeps } from './deps.ts';
import { presentConnection } from './present-connection.ts';
import { saveSettings } from './save-settings.ts';
import { startScopeSync } from './scope-sync.ts';

const linkMinutes = 60;

export function createConnectionsService(
  deps: ServiceDeps & { syncs: Pick<SyncsService, 'start'> },
): ConnectionsService {
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
    if (enable ? before.status === 'disabled' : before.status !== 'disabled') {
      await db.transaction().execute(async (tx) => {
        const moved = await moveConnection(tx, before.id, enable ? 'enabled' : 'disabled');
        await audit(tx, actor, enable ? 'connection.enable' : 'connection.disable', before.name, {
          before: { status: moved?.before.status },
          after: { status: moved?.after.status },
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
    async updateSettings(actor, id, settings, { expectedVersion, sync } = {}) {
      requireAdministrator(actor);
      const before = await existingConnection(db, id);
      if (before.authorized_at === null) {
        throw new InvalidInput({
          settings: 'Authorize the connection first; then its settings can be saved.',
        });
      }
      const stored = await saveSettings(db, actor, before.id, settings, expectedVersion);
      await applySchedule(before.id);
      // The first time completes the set-up: its first sync is started by a person who has seen what it costs.
      const due = !stored.first && changesScope(stored.before, settings);
      const asked = sync ?? settings.sync?.strategy !== 'manual';
      const startedSync = due && asked ? await startScopeSync(deps, actor, before.id) : null;
      return { ...(await view(before.id)), startedSync, scopeChanged: due };
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
}
