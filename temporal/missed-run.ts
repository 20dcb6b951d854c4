import type { Kysely } from 'kysely';
import { windowState } from '../activities/sync-window.ts';
import { usualPermissionMinutes } from '../store/permission-overview.ts';
import type { Connection, Database } from '../store/schema.ts';
import { previousStart } from './cron.ts';
import type { Lane } from './names.ts';

/**
 * Whether a schedule that is made now would have started a run since the lane's last one: a connection that was disabled
 * for a week does not wait for its next turn. One that never synced begins when its schedule says.
 */
export async function missedRun(
  db: Kysely<Database>,
  connection: Pick<Connection, 'id' | 'settings'>,
  lane: Lane,
  now: Date,
): Promise<boolean> {
  const last = await db
    .selectFrom('sync_runs')
    .select((eb) => eb.fn.max('created_at').as('at'))
    .where('connection_id', '=', connection.id)
    .where(
      'kind',
      lane === 'permissions' ? 'in' : 'not in',
      lane === 'permissions' ? ['permissions'] : ['permissions', 'dry_run'],
    )
    .executeTakeFirst();
  const at = last?.at ?? null;
  return at !== null && isMissed(connection.settings, lane, at, now);
}

/** The same of the last run's time. Outside its window nothing begins: the window's opening is a start by itself. */
export function isMissed(settings: Connection['settings'], lane: Lane, last: Date, now: Date): boolean {
  const minutesAgo = (now.getTime() - last.getTime()) / 60_000;
  if (lane === 'permissions') {
    return minutesAgo >= (settings.permissions?.intervalMinutes ?? usualPermissionMinutes);
  }
  const { cron, window, timezone, intervalMinutes = 60 } = settings.sync ?? { strategy: 'scheduled' };
  if (window !== undefined && !windowState(window, timezone, now).open) return false;
  if (cron === undefined) return minutesAgo >= intervalMinutes;
  const previous = previousStart(cron, timezone, now);
  return previous !== null && previous > last;
}
