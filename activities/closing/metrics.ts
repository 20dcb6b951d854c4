import { Counter } from 'prom-client';

/** Runs whose counters did not add up: each is a fault of ours. A worker serves it with its other metrics. */
export const unbalancedRuns = new Counter({
  name: 'sluice_unbalanced_runs_total',
  help: 'Runs whose counters did not add up at their end',
  registers: [],
});
