import { findConnection } from '../../store/connections.ts';
import { pruneHistory } from '../../store/permission-changes.ts';
import { saveFreshness, usualRunSeconds } from '../../store/permission-freshness.ts';
import { loadGaps } from '../../store/permission-readings.ts';
import { oldestReading } from '../../store/permission-units.ts';
import type { ActivityDeps, RunRef } from '../deps.ts';
import { endRun } from '../ending.ts';
import { loadAllowance } from './allowance.ts';
import { loadLoads } from './loads.ts';
import { planReadings, promisedSeconds } from './plan.ts';

/** Gaps are measured over a promised cycle, and over a day at least. */
const measuredAtLeastSeconds = 86_400;

/**
 * Ends a permission sync, and tells how fresh permissions are: what its pace promises, and what was measured. Where
 * something has waited for longer than the pace promises, that is the promise.
 */
export async function finishPermissionRun(deps: ActivityDeps, run: RunRef): Promise<void> {
  const { db } = deps;
  const { connectionId } = run;
  const connection = await findConnection(db, connectionId);
  if (connection !== undefined) {
    const allowance = await loadAllowance(db, connection, deps.hourlyPoints);
    const { kinds } = await loadLoads(db, connectionId, allowance);
    const { intervalSeconds } = allowance;
    const runSeconds = await usualRunSeconds(db, connectionId);
    const byPace = promisedSeconds(planReadings(kinds, allowance), { intervalSeconds, runSeconds });
    const oldest = await oldestReading(db, connectionId);
    const waited = oldest === null ? 0 : Math.ceil((Date.now() - oldest.getTime()) / 1000);
    const promised = Math.max(byPace, waited);
    const gaps = await loadGaps(db, connectionId, Math.max(measuredAtLeastSeconds, promised));
    await saveFreshness(db, connectionId, {
      promisedSeconds: promised,
      oldestReadAt: oldest,
      readingP50Seconds: gaps.p50,
      readingP95Seconds: gaps.p95,
    });
    await pruneHistory(db, connectionId);
  }
  await endRun(deps, run, 'succeeded');
}
