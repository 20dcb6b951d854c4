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
  const { currency, left } = await loadAllowance(db, connection, hourlyPoints, 'sweep');
  // What an earlier attempt has spent is spent of the app's quota as well, which `left` knows of.
  const before = Number(run[currency]);
  const most = currency === 'requests' ? Math.max(0, left - before) : left;
  return {
    async isOver() {
      const now = await loadRun(db, runId);
      return now !== undefined && Number(now[currency]) - before >= most;
    },
  };
}
