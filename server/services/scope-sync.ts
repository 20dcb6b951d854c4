import { SluiceError } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import { hasWholeReading } from '../../store/run-requests.ts';
import type { Db } from '../../store/schema.ts';
import type { Actor } from '../actor.ts';
import type { RunView } from '../views.ts';
import type { SyncsService } from './contracts.ts';

/** Where the state of things allows no start, or a sync under way takes the change over by itself. */
const restful = new Set([
  'sync_running',
  'paused',
  'disabled',
  'disconnecting',
  'needs_reauth',
  'not_ready',
  'engine_unavailable',
]);

/**
 * Starts the sync that carries changed settings out: an incremental one, or a full one where none has succeeded yet.
 * @returns null where none was started: one under way takes the change over, or the next one does
 */
export async function startScopeSync(
  deps: { db: Db; syncs: Pick<SyncsService, 'start'>; log: Logger },
  actor: Actor,
  connectionId: string,
): Promise<RunView | null> {
  const kind = (await hasWholeReading(deps.db, connectionId)) ? 'incremental' : 'full';
  try {
    return await deps.syncs.start(actor, connectionId, { kind });
  } catch (error) {
    if (!(error instanceof SluiceError) || !restful.has(error.code)) throw error;
    deps.log.info({ connectionId, reason: error.code }, 'No sync was started for changed settings.');
    return null;
  }
}
