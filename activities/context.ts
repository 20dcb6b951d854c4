import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import type { ConfluenceReader } from '../atlassian/confluence/types.ts';
import { NotFound } from '../errors.ts';
import { createExtractor, type Extractor } from '../extraction/extractor.ts';
import type { Logger } from '../log.ts';
import { findConnection } from '../store/connections.ts';
import { addSpending } from '../store/run-spending.ts';
import { endWait, noteWait, waitForOthers } from '../store/run-waits.ts';
import { forgetFailedTries, noteFailedTry } from '../store/runs.ts';
import type { Connection } from '../store/schema.ts';
import { createAskedAt } from './asked-at.ts';
import type { ActivityDeps, OpenSite, RunRef } from './deps.ts';
import { asFailure, isFailure } from './failures.ts';
import { watchSteering, type SteeringWatch } from './steering/watch.ts';

/** What every step of a sync works with. */
export interface SyncContext extends RunRef {
  db: ActivityDeps['db'];
  log: Logger;
  /** As it is now: changed settings and a changed credential show here while the step goes on. */
  readonly connection: Connection;
  reader: ConfluenceReader;
  extractor: Extractor;
  takeSpent: OpenSite['takeSpent'];
  /** Take it before a question about access or places is sent, and store the answer with it: the later question counts. */
  askedAt(): Date;
  /**
   * Throws when the run was cancelled, paused or is wanted otherwise, or the worker shuts down; call it between batches.
   */
  checkpointReached(position: string): void;
}

/** What bodies are rendered by, as it is now. */
export function siteOf({ connection }: Pick<SyncContext, 'connection'>) {
  return { siteUrl: connection.site_url, content: connection.settings.content };
}

/** Its bounds hold for the process, whatever connections it works for. */
const extractor = createExtractor();

/** A worker that is gone is noticed after this: heartbeats come each second, whatever the step waits for. */
const heartbeatEveryMs = 1_000;

/**
 * Runs one activity: opens the site, keeps the heartbeat, stops when something else is wanted of the run, and turns
 * errors into failures that say when to retry.
 */
export async function withSite<T>(
  deps: ActivityDeps,
  run: RunRef,
  work: (context: SyncContext) => Promise<T>,
): Promise<T> {
  const activity = Context.current();
  const step = activity.info.activityType;
  let position = 'starting';
  const beating = setInterval(() => activity.heartbeat(position), heartbeatEveryMs);
  let site: OpenSite | undefined;
  let steering: SteeringWatch | undefined;
  const started = performance.now();
  try {
    let read: Connection | undefined;
    steering = await watchSteering(deps, run, async () => {
      if (read === undefined) return;
      // The same object, so that whoever holds it works with what is new from the next request on.
      Object.assign(read, await findConnection(deps.db, run.connectionId));
      await site?.refresh?.(read);
    });
    // After the watch knows its versions: what changes in between shows at its next look.
    const connection = await findConnection(deps.db, run.connectionId);
    if (connection === undefined) throw new NotFound('The connection');
    read = connection;
    const { check, signal, purpose } = steering;
    await endWait(deps.db, run.runId, step);
    const askedAt = await createAskedAt(deps.db);
    const stop = AbortSignal.any([activity.cancellationSignal, signal]);
    site = await deps.openSite(connection, stop, purpose);
    const done = await work({
      ...run,
      db: deps.db,
      log: deps.log.child({ run: run.runId, connection: run.connectionId }),
      connection,
      reader: site.reader,
      extractor: deps.extractor ?? extractor,
      takeSpent: site.takeSpent,
      askedAt,
      checkpointReached(at) {
        position = at;
        activity.heartbeat(position);
        if (activity.cancellationSignal.aborted) throw new CancelledFailure('The sync was stopped.');
        check();
      },
    });
    await waitForOthers(deps.db, run.runId);
    return done;
  } catch (error) {
    if (activity.cancellationSignal.aborted) throw new CancelledFailure('The sync was stopped.');
    // A request that was cut off because the step is to stop is not what stopped it.
    const stopped: unknown = steering?.signal.reason ?? error;
    if (stopped instanceof ApplicationFailure) throw stopped;
    const failing = isFailure(stopped)
      ? await noteFailedTry(deps.db, run.runId)
      : await forgetFailedTries(deps.db, run.runId).then(() => ({ failures: 0, ms: 0 }));
    const failure = asFailure(stopped, { attempt: activity.info.attempt, now: new Date(), failing });
    if (failure.retryAt !== null) {
      const { message } = failure.cause;
      await noteWait(deps.db, run.runId, { step, until: failure.retryAt, message });
    }
    throw failure.cause;
  } finally {
    clearInterval(beating);
    steering?.stop();
    const ms = Math.round(performance.now() - started);
    deps.log.debug({ run: run.runId, step, ms }, 'A step of a sync has ended.');
    if (site !== undefined) await addSpending(deps.db, run.runId, site.takeSpent()).finally(site.close);
  }
}
