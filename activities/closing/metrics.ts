import { Counter, Histogram, type Registry } from 'prom-client';
import type { SyncRun } from '../../store/schema.ts';

/** Runs whose counters did not add up: each is a fault of ours. A worker serves it with its other metrics. */
export const unbalancedRuns = new Counter({
  name: 'sluice_unbalanced_runs_total',
  help: 'Runs whose counters did not add up at their end',
  registers: [],
});

const runs = new Counter({
  name: 'sluice_runs_total',
  help: 'Runs that this worker ended, by kind and how they ended',
  labelNames: ['kind', 'state'],
  registers: [],
});

const duration = new Histogram({
  name: 'sluice_run_duration_seconds',
  help: 'Time from the start of a run to its end, waits included',
  labelNames: ['kind', 'state'],
  buckets: [1, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400],
  registers: [],
});

const items = new Counter({
  name: 'sluice_run_items_total',
  help: 'Items of runs that this worker ended, by what became of them',
  labelNames: ['kind', 'outcome'],
  registers: [],
});

const outcomes = ['indexed', 'unchanged', 'filtered', 'failed', 'deleted'] as const;

/** Counts a run that has ended, once, after its end is stored. */
export function countRun(run: SyncRun): void {
  const { kind, state, started_at: startedAt, finished_at: finishedAt } = run;
  runs.inc({ kind, state });
  for (const outcome of outcomes) items.inc({ kind, outcome }, Number(run[outcome]));
  if (startedAt === null || finishedAt === null) return;
  duration.observe({ kind, state }, (finishedAt.getTime() - startedAt.getTime()) / 1000);
}

/** What a worker serves of the runs that it ended. */
export function registerRunMetrics(registry: Registry): void {
  registry.registerMetric(unbalancedRuns);
  registry.registerMetric(runs);
  registry.registerMetric(duration);
  registry.registerMetric(items);
}
