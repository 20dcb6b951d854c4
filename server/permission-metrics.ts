import type { Kysely } from 'kysely';
import { Gauge, type Registry } from 'prom-client';
import { loadComparisons, type Comparison } from '../store/permission-comparison.ts';
import type { Database } from '../store/schema.ts';

/** How our answers agree with Confluence's own, by connection, asked of the database when the metrics are. */
export function registerPermissionMetrics(registry: Registry, db: Kysely<Database>): void {
  const gauge = (name: string, help: string, valueOf: (comparison: Comparison) => number | null) =>
    new Gauge({
      name,
      help,
      labelNames: ['connection'],
      registers: [registry],
      async collect() {
        this.reset();
        for (const [connection, comparison] of await loadComparisons(db)) {
          const value = valueOf(comparison);
          if (value !== null) this.set({ connection }, value);
        }
      },
    });
  gauge(
    'sluice_permission_agreement_ratio',
    "Share of compared pairs of a person and a page in which our answer was Confluence's, last 30 days",
    ({ compared, agreed }) => (compared === 0 ? null : agreed / compared),
  );
  gauge(
    'sluice_permission_held_pages',
    'Pages hidden from everybody because Confluence refuses somebody whom our layers admit',
    ({ hidden }) => hidden,
  );
}
