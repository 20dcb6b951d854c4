import type { PermissionOverview } from '../../store/permission-overview.ts';
import { openRunStates } from '../../store/run-state.ts';
import type { Connection, OAuthApp, SyncRun } from '../../store/schema.ts';
import { callbackPath } from '../oauth/paths.ts';
import { settingsSchema, type Settings } from '../settings.ts';
import type { ConnectionView } from '../views.ts';
import { presentFreshness } from './present-freshness.ts';
import { presentRun } from './present-run.ts';

const openStates = new Set<SyncRun['state']>(openRunStates);

/** `apps`, `runs`, `freshness` and `nextRuns` hold at least what belongs to this connection. */
export function presentConnection(
  row: Connection,
  context: {
    apps: OAuthApp[];
    runs: SyncRun[];
    freshness: ReadonlyMap<string, PermissionOverview>;
    /** Null while the engine is away. */
    nextRuns: ReadonlyMap<string, Date[]> | null;
    publicUrl: string;
  },
): ConnectionView {
  const app = context.apps.find((each) => each.id === row.oauth_app_id);
  const runs = context.runs.filter((run) => run.connection_id === row.id);
  const current = runs.find((run) => openStates.has(run.state));
  const last = runs.find((run) => !openStates.has(run.state));
  return {
    id: row.id,
    name: row.name,
    product: row.product,
    deployment: row.deployment,
    siteUrl: row.site_url,
    cloudId: row.cloud_id,
    auth: {
      method: row.auth_method,
      oauthApp:
        app === undefined
          ? null
          : { id: app.id, name: app.name, clientId: app.client_id, listed: app.listed },
      email: row.api_email,
      scoped: row.api_token_scoped,
      expiresAt: row.api_token_expires_at?.toISOString() ?? null,
    },
    account: row.account_id === null ? null : { id: row.account_id, name: row.account_name ?? '' },
    status: row.status,
    statusCause: row.status_cause,
    statusMessage: row.status_message,
    statusSince: row.status_since.toISOString(),
    settings: settingsOf(row),
    steps: stepsOf(row),
    redirectUrl: context.publicUrl + callbackPath,
    currentRun: current === undefined ? null : presentRun(current),
    lastRun: last === undefined ? null : presentRun(last),
    permissions: presentFreshness(context.freshness.get(row.id)),
    // A schedule still ticks where its connection rests, and starts nothing.
    nextRuns: !['active', 'attention'].includes(row.status)
      ? []
      : context.nextRuns === null
        ? null
        : (context.nextRuns.get(row.id) ?? []).map((at) => at.toISOString()),
    settingsVersion: row.settings_version,
    deletion:
      row.deletion_total === null
        ? null
        : { total: Number(row.deletion_total), done: Number(row.deletion_done) },
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    authorizedAt: row.authorized_at?.toISOString() ?? null,
    configuredAt: row.configured_at?.toISOString() ?? null,
  };
}

/**
 * Stored settings with the defaults filled in. What another version stored and we do not know is left out, part by part:
 * it must not take the other parts along.
 */
function settingsOf(row: Connection): Settings {
  const parts = Object.entries(settingsSchema.shape).flatMap(([name, part]) => {
    const stored = part.safeParse(row.settings[name]);
    return stored.success && stored.data !== undefined ? [[name, stored.data]] : [];
  });
  const settings: Settings = Object.fromEntries(parts);
  return { ...settings, sync: settings.sync ?? { strategy: 'scheduled', intervalMinutes: 60 } };
}

function stepsOf(row: Connection): ConnectionView['steps'] {
  const authorized = row.authorized_at !== null;
  const trouble = row.status === 'needs_reauth' || (!authorized && row.status_message !== null);
  return {
    authenticate: { state: 'done', reason: null },
    authorize: {
      state: trouble ? 'attention' : authorized ? 'done' : 'todo',
      reason: trouble ? row.status_message : null,
    },
    configure: authorized
      ? { state: row.configured_at === null ? 'todo' : 'done', reason: null }
      : { state: 'locked', reason: 'Authorize the connection first.' },
  };
}
