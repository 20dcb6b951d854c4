import type { Kysely } from 'kysely';
import type { Registry } from 'prom-client';
import { loadComparisons, type Comparison } from '../store/permission-comparison.ts';
import type { Database } from '../store/schema.ts';
import { registerGauges, type ReadGauge } from './gauges.ts';

type Comparisons = Awaited<ReturnType<typeof loadComparisons>>;

/** How our answers agree with Confluence's own, by connection, asked of the database when the metrics are. */
export function registerPermissionMetrics(registry: Registry, db: Kysely<Database>): void {
  const gauge = (
    name: string,
    help: string,
    valueOf: (comparison: Comparison) => number | null,
  ): ReadGauge<Comparisons> => ({
    name,
    help,
    labelNames: ['connection'],
    values: (comparisons) =>
      [...comparisons].map(([connection, comparison]) => ({
        labels: { connection },
        value: valueOf(comparison),
      })),
  });
  registerGauges(registry, {
    up: { name: 'sluice_comparison_up', help: '1 where the figures of the nightly comparison could be read' },
    read: () => loadComparisons(db),
    gauges: [
      gauge(
        'sluice_permission_agreement_ratio',
        "Share of compared pairs of a person and a page in which our answer was Confluence's, last 30 days",
        ({ compared, agreed }) => (compared === 0 ? null : agreed / compared),
      ),
      gauge(
        'sluice_permission_held_pages',
        'Pages hidden from everybody because Confluence refuses somebody whom our layers admit',
        ({ hidden }) => hidden,
      ),
    ],
  });
}
