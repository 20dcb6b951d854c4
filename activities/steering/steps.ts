import { moveRunIfPossible } from '../../store/run-state.ts';
import { loadSpaces } from '../../store/spaces.ts';
import {
  forgetOldRestrictions,
  loadSteeringFacts,
  rescopeRun,
  setRunScope,
  type SteeringFacts,
} from '../../store/steering.ts';
import type { ActivityDeps, RunRef } from '../deps.ts';
import { inScope } from '../scope.ts';
import { listsTheSame, readingScope, standingOf, type Standing } from './standing.ts';

/** As often as permissions are read otherwise: restrictions that were read before a longer rest are read anew. */
const longestRest = '15 minutes';

/** What the workflow of a run asks when its connection is wanted otherwise. */
export function steeringSteps(deps: ActivityDeps) {
  const { db } = deps;
  return {
    /** How a run stands, without changing anything: whether the steps that go on are to stop. */
    readStanding: async (run: RunRef): Promise<Standing> =>
      standingOf(await loadSteeringFacts(db, run.runId), new Date()),
    /** The same where no step goes on, and makes it so: what the run's row says then is what is so. */
    async settleStanding(run: RunRef): Promise<Standing> {
      const facts = await loadSteeringFacts(db, run.runId);
      const standing = standingOf(facts, new Date());
      if (facts === undefined) return standing;
      if (standing.is === 'rest') await rest(deps, run, standing);
      if (standing.is === 'again') await beginAgain(deps, run, facts);
      if (standing.is !== 'go' && standing.is !== 'again') return standing;
      // Also before a run goes on by itself: whoever asks again after a lost answer is told the same.
      const isOld = await forgetOldRestrictions(db, run, longestRest);
      await goOn(deps, run, facts);
      return isOld ? { is: 'again' } : standing;
    },
  };
}

async function rest({ db }: ActivityDeps, run: RunRef, standing: Extract<Standing, { is: 'rest' }>) {
  if (standing.why === 'paused') {
    const message = 'Paused. It goes on where it stopped when the connection is resumed.';
    await moveRunIfPossible(db, run.runId, 'paused', { message });
    return;
  }
  // A run that was paused and whose hours are over waits like any other.
  await moveRunIfPossible(db, run.runId, 'resumed');
  await moveRunIfPossible(db, run.runId, 'started');
  const message = 'Outside the hours that are set for syncing. It goes on where it stopped when they begin.';
  const waitingUntil = standing.until === null ? null : new Date(standing.until);
  await moveRunIfPossible(db, run.runId, 'waits', { message, waitingUntil });
}

async function goOn({ db }: ActivityDeps, run: RunRef, { state }: SteeringFacts) {
  if (state === 'paused') await moveRunIfPossible(db, run.runId, 'resumed');
  if (state === 'waiting') await moveRunIfPossible(db, run.runId, 'progressed');
}

async function beginAgain({ db }: ActivityDeps, run: RunRef, { settings, scope }: SteeringFacts) {
  const wanted = readingScope(settings);
  // What was listed stands: each of its phases finds it done, and decides anew what of it is wanted.
  if (scope !== null && listsTheSame(scope, wanted)) return setRunScope(db, run.runId, { ...wanted });
  await db.transaction().execute(async (trx) => {
    const spaces = await loadSpaces(trx, run.connectionId, run.runId);
    const left = spaces.filter((space) => !inScope(settings, space)).map((space) => space.external_id);
    await rescopeRun(trx, run, left, { ...wanted });
  });
}
