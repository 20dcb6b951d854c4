import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  defineSignal,
  isCancellation,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/create.ts';
import type { RunRef } from '../activities/deps.ts';
import type { SteeringSignal } from '../temporal/engine.ts';

/** A part of a run: its steps, side by side. It is over when none of them writes any more. */
export type Phase = () => Promise<void>;

/** Where a run goes on after it was continued as new. */
export interface Place {
  phase: number;
}

/** A history is given up for a new one at this many events: far below Temporal's limit, and quickly replayed. */
const usualMostEvents = 4_000;
/** Fewer than this and a run would only go on as new. */
const fewestEvents = 60;

/** Of a step that stopped because something else is wanted now (activities/steering/watch.ts). */
const steeredFailure = 'steered';

const looks = proxyActivities<Pick<Activities, 'readStanding' | 'settleStanding'>>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/** How a walk over the phases ended, where no failure ended it: with all of them, or on the way. */
export type WalkEnd = { is: 'done' } | { is: 'stopped' } | { is: 'long'; place: Place };

/**
 * Walks a run's phases in order. What is wanted of the run is in the database; signals only say when to look: a run
 * that is to rest stops its steps at their next batch, says so, and waits without a worker until it is told to look
 * again; one that is wanted otherwise begins its phases again. Where the history has grown long, steps stop too, and
 * the walk goes on from its place in a new one.
 */
export async function walkPhases(
  run: RunRef,
  phases: readonly Phase[],
  { from, mostEvents = usualMostEvents }: { from: Place | undefined; mostEvents?: number | undefined },
): Promise<WalkEnd> {
  // Whoever goes on from a place may have missed a signal at the turn.
  const told = { now: from !== undefined };
  for (const name of ['pause', 'resume', 'reconfigure'] satisfies SteeringSignal[]) {
    setHandler(defineSignal(name), () => {
      told.now = true;
    });
  }
  const most = Math.max(fewestEvents, mostEvents);
  const isLong = () => workflowInfo().continueAsNewSuggested || workflowInfo().historyLength >= most;
  let phase = from?.phase ?? 0;
  for (;;) {
    if (told.now) {
      told.now = false;
      const standing = await looks.settleStanding(run);
      if (standing.is === 'stop') return { is: 'stopped' };
      if (standing.is === 'again') phase = 0;
      if (standing.is === 'rest') {
        await rest(standing.until, () => told.now || isLong());
        told.now = true;
      }
      // Of a credential that is dead the next step itself tells, in the words of every other failure.
    } else if (await walkPhase(run, phases[phase] ?? nothing, told, isLong)) {
      phase += 1;
      if (phase === phases.length) return { is: 'done' };
    } else {
      told.now = true;
    }
    if (isLong()) return { is: 'long', place: { phase } };
  }
}

const nothing: Phase = async () => {};

/** Waits until told to look, or until a time. A timer of Temporal's: weeks of it cost nothing. */
async function rest(until: string | null, isOver: () => boolean): Promise<void> {
  if (until === null) return condition(isOver);
  await condition(isOver, Math.max(1_000, Date.parse(until) - Date.now()));
}

/** @returns false when the steps were stopped because something else is wanted: some of the phase may be left to do. */
async function walkPhase(
  run: RunRef,
  phase: Phase,
  told: { now: boolean },
  isLong: () => boolean,
): Promise<boolean> {
  const scope = new CancellationScope();
  let over = false;
  const steps = scope.run(phase).finally(() => {
    over = true;
  });
  steps.catch(() => {});
  let stopped = false;
  try {
    while (!over && !stopped) {
      await condition(() => over || told.now || isLong());
      if (over) break;
      told.now = false;
      stopped = isLong() || (await looks.readStanding(run)).is !== 'go';
    }
  } finally {
    // Also where the whole run was cancelled meanwhile: it ends when its steps have.
    if (!over) scope.cancel();
    await Promise.allSettled([steps]);
  }
  try {
    await steps;
    if (stopped) told.now = true;
    return true;
  } catch (error) {
    if (isSteered(error) || (stopped && isCancellation(error))) return false;
    throw error;
  }
}

/** Whether a step ended because something else is wanted of its run. */
export function isSteered(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure && cause.type === steeredFailure;
}
