import { Counter, type Registry } from 'prom-client';
import type { Asking, Budget } from '../atlassian/budget.ts';

const requests = new Counter({
  name: 'sluice_atlassian_requests_total',
  help: 'Requests that this worker sent to Atlassian, by what they were for',
  labelNames: ['purpose'],
  registers: [],
});

const points = new Counter({
  name: 'sluice_atlassian_points_total',
  help: "Points of Atlassian's quota that this worker spent, by what for",
  labelNames: ['purpose'],
  registers: [],
});

const blocks = new Counter({
  name: 'sluice_atlassian_blocks_total',
  help: 'Answers of Atlassian that told this worker to wait, by what they were about',
  labelNames: ['scope'],
  registers: [],
});

const failures = new Counter({
  name: 'sluice_atlassian_failures_total',
  help: 'Requests that Atlassian failed to answer (5xx, or nothing at all)',
  registers: [],
});

/** What a worker serves of its traffic with Atlassian. */
export function registerSiteMetrics(registry: Registry): void {
  registry.registerMetric(requests);
  registry.registerMetric(points);
  registry.registerMetric(blocks);
  registry.registerMetric(failures);
}

/** A budget that counts what passes through it. */
export function measureBudget(budget: Budget, purpose: NonNullable<Asking['purpose']> = 'content'): Budget {
  return {
    ...budget,
    charge(cost) {
      requests.inc({ purpose }, cost.requests);
      points.inc({ purpose }, cost.points);
      budget.charge(cost);
    },
    blockUntil(date, reason, of) {
      blocks.inc({ scope: of?.scope ?? 'app' });
      return budget.blockUntil(date, reason, of);
    },
    outcome(endpoint, failure) {
      if (failure !== null) failures.inc();
      return budget.outcome(endpoint, failure);
    },
  };
}
