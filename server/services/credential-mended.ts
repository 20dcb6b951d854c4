import { sql } from 'kysely';
import { InvalidInput } from '../../errors.ts';
import { credentialCauses, markAuthorized } from '../../store/credential-notices.ts';
import { failQueuedRun, hasWholeReading, queueRun } from '../../store/run-requests.ts';
import type { Connection, Db, OAuthApp, SyncKind } from '../../store/schema.ts';
import type { ServiceDeps } from './deps.ts';

type Deps = Pick<ServiceDeps, 'db' | 'engine' | 'log'>;

/**
 * After a connection's credential was stored and committed: its schedules go on, and where a dead credential had stopped
 * it, so does the sync that met it, from its checkpoints, also of a connection that syncs by hand: somebody had asked for
 * that sync. Permissions are read at once: what was stored is as old as the interruption. What cannot be started now the
 * schedule starts later.
 */
export async function goOnSyncing(
  deps: Deps,
  moved: { before: Connection; after: Connection } | undefined,
): Promise<void> {
  if (moved === undefined) return;
  const { before, after } = moved;
  await deps.engine.applySchedule(after.id).catch((error: unknown) => {
    deps.log.warn(
      { connectionId: after.id, reason: String(error) },
      'The schedule could not be applied yet.',
    );
  });
  const wasStopped = before.status === 'needs_reauth';
  if (!wasStopped || (after.status !== 'active' && after.status !== 'attention')) return;
  for (const kind of await interrupted(deps.db, after.id)) await startRun(deps, after.id, kind);
}

/** What a dead credential had stopped, by lane. */
async function interrupted(db: Db, connectionId: string): Promise<SyncKind[]> {
  const { rows } = await sql<{ kind: SyncKind; state: string; cause: string | null }>`
    select distinct on (kind = 'permissions') kind, state, cause from sync_runs
    where connection_id = ${connectionId} and kind <> 'dry_run' order by kind = 'permissions', created_at desc, id desc`.execute(
    db,
  );
  const causes: readonly string[] = credentialCauses;
  const stopped = rows.find(
    ({ kind, state, cause }) => kind !== 'permissions' && state === 'failed' && causes.includes(cause ?? ''),
  );
  const content: SyncKind[] =
    stopped === undefined
      ? []
      : [stopped.kind === 'full' || !(await hasWholeReading(db, connectionId)) ? 'full' : 'incremental'];
  const permissions: SyncKind[] = rows.some(({ kind }) => kind === 'permissions') ? ['permissions'] : [];
  return [...content, ...permissions];
}

async function startRun({ db, engine, log }: Deps, connectionId: string, kind: SyncKind): Promise<void> {
  const run = await queueRun(db, { connectionId, kind, trigger: 'setup' });
  if (run === undefined) return;
  try {
    await engine.startRun({ runId: run.id, connectionId, kind });
  } catch (error) {
    log.warn({ connectionId, reason: String(error) }, 'The interrupted sync could not be taken up yet.');
    const message = 'The workflow engine did not take the sync. The schedule starts the next one.';
    await failQueuedRun(db, run.id, 'engine_unavailable', message);
  }
}

/** A refresh token that no consent gave: whether it is refused with or before the secret tells about the secret. */
const madeUpToken = 'sluice-asks-whether-the-secret-is-good';

/**
 * Whether Atlassian takes an app's new secret, where connections wait for one: asked before it is stored.
 * @throws InvalidInput at `clientSecret` where it surely does not
 */
export async function checkWaitedForSecret(
  deps: Pick<ServiceDeps, 'db' | 'oauth'>,
  app: OAuthApp,
  clientSecret: string,
): Promise<void> {
  if ((await waitingFor(deps.db, app.id)).length === 0) return;
  const { kind } = await deps.oauth.refresh({
    clientId: app.client_id,
    clientSecret,
    refreshToken: madeUpToken,
  });
  if (kind !== 'wrong_client') return;
  throw new InvalidInput({
    clientSecret:
      'Atlassian does not accept this secret for the client ID. Copy it again from Settings of the app in the developer ' +
      'console.',
  });
}

/** Connections that wait for nothing but the right secret of their app: nobody needs to consent anew. */
async function waitingFor(db: Db, appId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select c.id from connections c join grants g on g.id = c.grant_id and g.state = 'active'
    where c.oauth_app_id = ${appId} and 'wrong_client' in (c.status_cause, c.status_before_cause)`.execute(
    db,
  );
  return rows.map((row) => row.id);
}

/** After an app's secret was stored and committed: the connections that waited for it go on. */
export async function mendBySecret(deps: Deps, appId: string): Promise<void> {
  for (const id of await waitingFor(deps.db, appId)) {
    await goOnSyncing(deps, await deps.db.transaction().execute((tx) => markAuthorized(tx, id)));
  }
}
