import { loadRun } from '../../store/runs.ts';
import type { SyncContext } from '../context.ts';
import { loadAllowance } from '../permissions/allowance.ts';

/** What a sweep may spend, over all its attempts. */
export interface Spending {
  isOver(): Promise<boolean>;
}

/** A sweep that somebody asked for sweeps everything; a scheduled one keeps to its share of the budget. */
export async function createSpending(context: SyncContext, hourlyPoints?: number): Promise<Spending> {
  const { db, connection, runId } = context;
  const run = await loadRun(db, runId);
  if (run?.trigger !== 'schedule') return { isOver: async () => false };
  const { currency, perRun, left } = await loadAllowance(db, connection, hourlyPoints, 'sweep');
  // A killed worker's attempt was of the same run.
  const before = Number(run[currency]);
  const most = Math.max(0, Math.min(left, perRun - before));
  return {
    async isOver() {
      const now = await loadRun(db, runId);
      return now !== undefined && Number(now[currency]) - before >= most;
    },
  };
}
