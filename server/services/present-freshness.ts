import type { PermissionOverview } from '../../store/permission-overview.ts';
import type { FreshnessView } from '../views.ts';

const openStates = new Set(['queued', 'running', 'waiting']);

/** How fresh a connection's permissions are, for people. */
export function presentFreshness(
  known: PermissionOverview | undefined,
  now: Date = new Date(),
): FreshnessView {
  const run = known?.latestRun ?? null;
  return {
    promisedSeconds: known?.promisedSeconds ?? null,
    changes: known?.changes ?? 0,
    p50Seconds: known?.p50Seconds ?? null,
    p95Seconds: known?.p95Seconds ?? null,
    oldestReadAt: known?.oldestReadAt?.toISOString() ?? null,
    readAt: known?.readAt?.toISOString() ?? null,
    nextAt: nextReading(known, now)?.toISOString() ?? null,
    reading: run !== null && openStates.has(run.state),
    trouble: run?.state === 'failed' ? (run.message ?? 'The last permission sync failed.') : null,
    day: known?.day ?? { runs: 0, requests: 0, points: 0 },
    auditLog: { state: known?.auditState ?? 'untried', message: known?.auditMessage ?? null },
  };
}

/**
 * As temporal/schedules.ts starts them, on a connection that works or is paused and was read once: Temporal counts
 * intervals from the beginning of 1970 in UTC.
 */
export function nextReading(known: PermissionOverview | undefined, now: Date): Date | null {
  if (known === undefined || known.everyMinutes === null || known.readAt === null) return null;
  const every = known.everyMinutes * 60_000;
  return new Date((Math.floor(now.getTime() / every) + 1) * every);
}
