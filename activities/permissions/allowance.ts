import { sql } from 'kysely';
import { budgetKey, defaultHourlyPoints, usableShare } from '../../store/budget.ts';
import { purposeRequestsPerMinute, purposeShares, type Purpose } from '../../store/fair-share.ts';
import { usualPermissionMinutes } from '../../store/permission-overview.ts';
import type { Connection, Db } from '../../store/schema.ts';

export type { Purpose } from '../../store/fair-share.ts';

/** What one run may spend, in points of an app's quota or, with an API token, in requests. */
export interface Allowance {
  currency: 'points' | 'requests';
  /** In the long run. */
  perRun: number;
  /** Now: less where the hour's quota is nearly used up. */
  left: number;
  intervalSeconds: number;
}

/** Of what is left of the hour, a run takes no more than this. */
const shareOfRest = 0.5;
/** Where a schedule names no interval: by hand, or a cron expression. */
const usualSweepMinutes = 60;

/**
 * What the next permission sync, or the next sweep, of a connection may spend. Connections of one app share its quota.
 * @param hourlyPoints the app's quota; Atlassian's default unless told
 */
export async function loadAllowance(
  db: Db,
  connection: Pick<Connection, 'oauth_app_id' | 'settings'>,
  hourlyPoints = defaultHourlyPoints,
  purpose: Purpose = 'permissions',
): Promise<Allowance> {
  const minutes = minutesBetween(connection.settings, purpose);
  const intervalSeconds = minutes * 60;
  if (connection.oauth_app_id === null) {
    // The connection's own bound holds for all that it does.
    const bound = connection.settings.sync?.requestsPerMinute ?? Infinity;
    const perRun = Math.min(purposeRequestsPerMinute[purpose], bound * purposeShares[purpose]) * minutes;
    return { currency: 'requests', perRun, left: perRun, intervalSeconds };
  }
  const { rows } = await sql<{ sharing: string; spent: string }>`
    select (select count(*) from connections
        where oauth_app_id = a.id and status in ('active', 'attention', 'paused')) as sharing,
      coalesce((select points from points_ledger
        where budget = ${budgetKey.app('')} || a.client_id and hour = date_trunc('hour', now())), 0) as spent
    from oauth_apps a where a.id = ${connection.oauth_app_id}`.execute(db);
  const sharing = Math.max(1, Number(rows[0]?.sharing ?? 1));
  const perRun = (hourlyPoints * usableShare * purposeShares[purpose] * minutes) / 60 / sharing;
  const rest = Math.max(0, hourlyPoints * usableShare - Number(rows[0]?.spent ?? 0));
  return { currency: 'points', perRun, left: Math.min(perRun, rest * shareOfRest), intervalSeconds };
}

function minutesBetween({ permissions, sync }: Connection['settings'], purpose: Purpose): number {
  if (purpose === 'permissions') return permissions?.intervalMinutes ?? usualPermissionMinutes;
  return sync?.strategy === 'scheduled' && sync.cron === undefined
    ? (sync.intervalMinutes ?? usualSweepMinutes)
    : usualSweepMinutes;
}
