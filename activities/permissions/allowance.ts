import { sql } from 'kysely';
import { budgetKey, defaultHourlyPoints } from '../../store/budget.ts';
import { usualPermissionMinutes } from '../../store/permission-overview.ts';
import type { Connection, Db } from '../../store/schema.ts';

/** What one permission sync may spend, in points of an app's quota or, with an API token, in requests. */
export interface Allowance {
  currency: 'points' | 'requests';
  /** In the long run. */
  perRun: number;
  /** Now: less where the hour's quota is nearly used up. */
  left: number;
  intervalSeconds: number;
}

/** Part of an app's hourly points that permissions may have; the rest is for content, and for people's own calls. */
const share = 0.4;
/** Of what is left of the hour, a run takes no more than this. */
const shareOfRest = 0.5;
/** An app is not used up to its last point (store/budget.ts keeps as much back). */
const usable = 0.95;
/** With an API token: no quota counts its requests, but the site should hardly notice them. */
const requestsPerMinute = 200;

/**
 * What the next permission sync of a connection may spend. Connections of one app share its quota.
 * @param hourlyPoints the app's quota; Atlassian's default unless told
 */
export async function loadAllowance(
  db: Db,
  connection: Pick<Connection, 'oauth_app_id' | 'settings'>,
  hourlyPoints = defaultHourlyPoints,
): Promise<Allowance> {
  const minutes = connection.settings.permissions?.intervalMinutes ?? usualPermissionMinutes;
  const intervalSeconds = minutes * 60;
  if (connection.oauth_app_id === null) {
    const perRun = requestsPerMinute * minutes;
    return { currency: 'requests', perRun, left: perRun, intervalSeconds };
  }
  const { rows } = await sql<{ sharing: string; spent: string }>`
    select (select count(*) from connections where oauth_app_id = a.id and status in ('active', 'attention')) as sharing,
      coalesce((select points from points_ledger
        where budget = ${budgetKey.app('')} || a.client_id and hour = date_trunc('hour', now())), 0) as spent
    from oauth_apps a where a.id = ${connection.oauth_app_id}`.execute(db);
  const sharing = Math.max(1, Number(rows[0]?.sharing ?? 1));
  const perRun = (hourlyPoints * usable * share * minutes) / 60 / sharing;
  const rest = Math.max(0, hourlyPoints * usable - Number(rows[0]?.spent ?? 0));
  return { currency: 'points', perRun, left: Math.min(perRun, rest * shareOfRest), intervalSeconds };
}
