import { ApplicationFailure } from '@temporalio/activity';
import { loadSteeringFacts, noteHeartbeat, noteRunScope, type SteeringFacts } from '../../store/steering.ts';
import type { ActivityDeps, RunRef } from '../deps.ts';
import { readingScope, standingOf, type Standing } from './standing.ts';

/** A step looks at its connection this often: a change reaches it at its next batch, also where no signal came. */
const lookEveryMs = 1_000;

/** Signs of life are told by this many looks at most, so that a run's row is not written each second. */
const looksPerHeartbeat = 10;

/** The type of a failure by which a step stops because something else is wanted now; workflows/steering.ts knows it. */
export const steeredFailure = 'steered';

/** What keeps a step in touch with what is wanted of its run. */
export interface SteeringWatch {
  /** Aborted when the step is to stop. */
  signal: AbortSignal;
  /** @throws what stops the step, once something does */
  check(): void;
  stop(): void;
  /** What the run reads. */
  purpose: 'content' | 'permissions';
}

/**
 * Looks at what is wanted of a run, now and then each second until stopped.
 * @param changed called when settings or credential have changed and the step goes on with the new ones
 * @throws ApplicationFailure `steered`, or the cause of a dead credential, where the step may not begin
 */
export async function watchSteering(
  deps: Pick<ActivityDeps, 'db' | 'log'>,
  run: RunRef,
  changed: () => Promise<void>,
): Promise<SteeringWatch> {
  const { db } = deps;
  const stopped = new AbortController();
  let raised: ApplicationFailure | null = null;
  let looks = 0;
  let known: SteeringFacts | undefined;

  async function look(): Promise<void> {
    const facts = await loadSteeringFacts(db, run.runId);
    const standing = standingOf(facts, new Date());
    if (standing.is !== 'go') {
      raised = failureOf(standing);
      stopped.abort(raised);
      return;
    }
    const before = known;
    known = facts;
    if (before !== undefined && versionOf(facts) !== versionOf(before)) await changed();
    if (looks % looksPerHeartbeat === 0) await noteHeartbeat(db, run.runId);
    looks += 1;
  }
  const check = () => {
    if (raised !== null) throw raised;
  };

  await look();
  check();
  if (known !== undefined && known.scope === null && known.kind !== 'permissions') {
    await noteRunScope(db, run.runId, { ...readingScope(known.settings) });
  }
  let looking = false;
  const timer = setInterval(() => {
    if (looking || raised !== null) return;
    looking = true;
    look()
      // The database may be away for a moment; the step itself will tell when it stays so.
      .catch((error: unknown) => deps.log.debug({ err: error }, 'A look at what is wanted of a run failed.'))
      .finally(() => {
        looking = false;
      });
  }, lookEveryMs);
  const purpose = known?.kind === 'permissions' ? 'permissions' : 'content';
  return { signal: stopped.signal, check, purpose, stop: () => clearInterval(timer) };
}

const versionOf = (facts: SteeringFacts | undefined) =>
  `${facts?.settingsVersion} ${facts?.credentialVersion}`;

function failureOf(standing: Exclude<Standing, { is: 'go' }>): ApplicationFailure {
  const nonRetryable = true;
  if (standing.is === 'dead') {
    return ApplicationFailure.create({ type: standing.cause, message: standing.message, nonRetryable });
  }
  const message = `The step stops: ${standing.is === 'rest' ? standing.why : standing.is}.`;
  return ApplicationFailure.create({ type: steeredFailure, message, nonRetryable });
}
