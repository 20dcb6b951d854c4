import type { Kysely } from 'kysely';
import { Conflict, InvalidInput, NotFound, SluiceError } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import { queueDryRun } from '../../store/dry-runs.ts';
import { newestFailures } from '../../store/failures-read.ts';
import { failQueuedRun, hasWholeReading, queueRun } from '../../store/run-requests.ts';
import { findOpenRun, findRun, listRuns, stagesOf } from '../../store/runs-read.ts';
import type { Connection, Database, SyncKind, SyncRun } from '../../store/schema.ts';
import type { SyncEngine } from '../../temporal/engine.ts';
import { requireAdministrator, type Actor } from '../actor.ts';
import { cursorOf, cursorPatterns, idOf, limitOf, pageOf } from '../paging.ts';
import type { ProgressView, RunView } from '../views.ts';
import { audit } from './audit.ts';
import { existingConnection } from './connection-rows.ts';
import type { SyncsService } from './contracts.ts';
import { presentProgress, presentRun } from './present-run.ts';
import { createProgressWatch, endStates } from './watch.ts';

const kinds = ['content', 'full', 'incremental', 'permissions', 'sweep', 'dry_run'] as const;
const states = ['open', 'succeeded', 'failed', 'cancelled'] as const;

export function createSyncsService(deps: {
  db: Kysely<Database>;
  engine: SyncEngine;
  log: Logger;
  pollMs?: number;
}): SyncsService {
  const { db, engine, log } = deps;

  const existingRun = async (actor: Actor, id: string) => {
    requireAdministrator(actor);
    const run = await findRun(db, idOf('This sync', id));
    if (run === undefined) throw new NotFound('This sync');
    return run;
  };
  const progressOf = async (id: string): Promise<ProgressView> => {
    const run = await findRun(db, id);
    if (run === undefined) throw new NotFound('This sync');
    const [stages, failures] = await Promise.all([
      stagesOf(db, run.id),
      newestFailures(db, run.connection_id, 20),
    ]);
    return presentProgress(run, stages, failures, new Date());
  };
  /** @throws SluiceError `engine_unavailable`: the run has failed then, and the next one may start */
  const takeToEngine = async ({ id, connection_id: connectionId, kind }: SyncRun) => {
    try {
      await engine.startRun({ runId: id, connectionId, kind });
    } catch (error) {
      const message =
        'The workflow engine did not take the sync. Check that Temporal is up, then start it again.';
      await failQueuedRun(db, id, 'engine_unavailable', message);
      throw new SluiceError('engine_unavailable', message, { status: 503, cause: error });
    }
  };
  const startDryRun = async (
    actor: Actor,
    connection: Connection,
    { kind, settings }: Pick<Parameters<SyncsService['start']>[2], 'kind' | 'settings'>,
  ): Promise<RunView> => {
    if (kind !== 'full') {
      throw new InvalidInput({ kind: 'A dry run tells what a full sync would do: "full" goes with dryRun.' });
    }
    const candidate = settings !== undefined;
    const asStored = candidate
      ? (JSON.parse(JSON.stringify(settings)) as Connection['settings'])
      : connection.settings;
    const run = await queueDryRun(db, connection.id, { settings: asStored, candidate });
    if (run === undefined) throw await alreadyRunning(db, connection, kind);
    await audit(db, actor, 'sync.dry_run', connection.name, { after: { run: run.id, candidate } });
    await takeToEngine(run);
    return presentRun(run);
  };
  const watch = createProgressWatch(progressOf, {
    ...(deps.pollMs === undefined ? {} : { everyMs: deps.pollMs }),
    onError: (error) => log.warn({ err: error }, 'The progress of a sync could not be read.'),
  });

  return {
    async start(actor, connectionId, input) {
      requireAdministrator(actor);
      const connection = await existingConnection(db, connectionId);
      refuseUnready(connection, input.kind);
      if (input.dryRun === true) return startDryRun(actor, connection, input);
      if (input.settings !== undefined) {
        throw new InvalidInput({ settings: 'Only a dry run takes settings. Save them, then sync by them.' });
      }
      if (
        (input.kind === 'incremental' || input.kind === 'sweep') &&
        !(await hasWholeReading(db, connection.id))
      ) {
        throw new Conflict('no_full_sync', 'No full sync has succeeded yet. Start a full one first.');
      }
      const run = await queueRun(db, { connectionId: connection.id, kind: input.kind, trigger: 'manual' });
      if (run === undefined) throw await alreadyRunning(db, connection, input.kind);
      await audit(db, actor, 'sync.start', connection.name, { after: { kind: input.kind, run: run.id } });
      await takeToEngine(run);
      return presentRun(run);
    },
    async cancel(actor, connectionId) {
      requireAdministrator(actor);
      const connection = await existingConnection(db, connectionId);
      await engine.cancelRun(connection.id);
      await audit(db, actor, 'sync.cancel', connection.name);
    },
    async list(actor, connectionId, page) {
      requireAdministrator(actor);
      const connection = await existingConnection(db, connectionId);
      const limit = limitOf(page);
      const before = cursorOf(page, cursorPatterns.uuid);
      const kind = kinds.find((known) => known === page?.kind) ?? null;
      if (page?.kind !== undefined && kind === null) {
        throw new InvalidInput({ kind: `One of ${kinds.join(', ')}.` });
      }
      const state = states.find((known) => known === page?.state) ?? null;
      if (page?.state !== undefined && state === null) {
        throw new InvalidInput({ state: `One of ${states.join(', ')}.` });
      }
      const rows = await listRuns(db, connection.id, { before, limit: limit + 1, kind, state });
      return pageOf(rows, limit, (row) => row.id, presentRun);
    },
    get: async (actor, runId) => progressOf((await existingRun(actor, runId)).id),
    async watch(actor, runId, listener) {
      const run = await existingRun(actor, runId);
      const first = await progressOf(run.id);
      listener(first);
      return endStates.has(first.state) ? () => {} : watch.listen(run.id, listener);
    },
  };
}

async function alreadyRunning(
  db: Kysely<Database>,
  connection: Connection,
  kind: SyncKind,
): Promise<Conflict> {
  const open = await findOpenRun(db, connection.id, kind === 'permissions');
  const what =
    open === undefined
      ? 'A sync'
      : `A ${open.kind === 'dry_run' ? 'dry run' : 'sync'} (${open.kind === 'dry_run' ? '' : `${open.kind}, `}since ${open.created_at.toISOString()})`;
  return new Conflict(
    'sync_running',
    `${what} of "${connection.name}" is under way. Wait for it, or cancel it.`,
  );
}

/**
 * Permissions are read while a connection is paused, so that nothing stays open for longer than promised.
 * @throws Conflict that says what is missing
 */
function refuseUnready(connection: Connection, kind: SyncKind): void {
  const { status, name } = connection;
  if (status === 'draft') {
    throw new Conflict('not_ready', `"${name}" is not authorized yet. Complete the Authorize tab first.`);
  }
  if (status === 'needs_reauth') {
    throw new Conflict(
      'needs_reauth',
      `"${name}" must be authorized again: ${connection.status_message ?? ''}`.trim(),
    );
  }
  if (status === 'paused' && kind !== 'permissions') {
    throw new Conflict('paused', `"${name}" is paused. Resume it first; permissions are read meanwhile.`);
  }
  if (status === 'disabled') throw new Conflict('disabled', `"${name}" is disabled. Enable it first.`);
  if (status === 'disconnecting') throw new Conflict('disconnecting', `"${name}" is being deleted.`);
}
