import type { ConnectionView, StepState } from '../../server/views.ts';
import type { State } from '../components/badge.ts';
import type { IconName } from '../icons.ts';

/**
 * The state of a connection as word, tone and icon. A run in progress shows as Syncing, unless it is to
 * rest; the
 * words are the same in the pages, the API's documentation and docs/.
 */
export function connectionState(
  connection: Pick<ConnectionView, 'status' | 'currentRun' | 'configuredAt'>,
): State {
  const { status, currentRun } = connection;
  if (status === 'disconnecting') return { word: 'Disconnecting', tone: 'busy', icon: 'sync' };
  if (status === 'needs_reauth') return { word: 'Needs reauthentication', tone: 'bad', icon: 'key' };
  if (status === 'disabled') return { word: 'Disabled', tone: 'quiet', icon: 'cross' };
  if (status === 'paused') return { word: 'Paused', tone: 'warning', icon: 'pause' };
  if (currentRun !== null && currentRun.state === 'waiting')
    return { word: 'Waiting', tone: 'busy', icon: 'clock' };
  if (currentRun !== null) return { word: 'Syncing', tone: 'busy', icon: 'sync' };
  if (isUnfinished(connection)) return { word: 'Set-up not finished', tone: 'warning', icon: 'attention' };
  if (status === 'attention') return { word: 'Attention', tone: 'warning', icon: 'attention' };
  return { word: 'Active', tone: 'good', icon: 'check' };
}

/** Not every step of the set-up is done yet. */
export function isUnfinished(connection: Pick<ConnectionView, 'status' | 'configuredAt'>): boolean {
  return connection.status === 'draft' || connection.configuredAt === null;
}

export interface Todo {
  text: string;
  href: string;
  action: string;
}

/** What needs doing about a connection, or null when nothing does. */
export function connectionTodo(connection: ConnectionView): Todo | null {
  const base = `/connections/${connection.id}`;
  const said = connection.statusMessage;
  if (connection.status === 'needs_reauth') {
    return {
      text: said ?? 'Atlassian no longer accepts the consent. What is indexed stays, with its permissions.',
      href: `${base}/authorize`,
      action: 'Reauthenticate',
    };
  }
  const open = stepOrder.find((step) => connection.steps[step].state !== 'done');
  if (isUnfinished(connection) && open !== undefined) {
    return {
      text: connection.steps[open].reason ?? `Next: ${stepNames[open]}.`,
      href: `${base}/${open}`,
      action: 'Finish the set-up',
    };
  }
  if (connection.status === 'paused') {
    return {
      text:
        said ??
        'Paused: no sync of content starts or goes on. Permissions are still read, so that what is closed at Atlassian is closed here.',
      href: base,
      action: 'Look',
    };
  }
  if (connection.status === 'attention') {
    return connection.statusCause === 'mass_deletion'
      ? { text: said ?? 'Much would be removed at once.', href: `${base}/runs/removed`, action: 'Decide' }
      : { text: said ?? 'Look at the last run.', href: base, action: 'Look' };
  }
  if (connection.lastRun !== null && connection.lastRun.state === 'failed') {
    return {
      text: connection.lastRun.message ?? 'The last sync failed.',
      href: `/runs/${connection.lastRun.id}`,
      action: 'See the log',
    };
  }
  return null;
}

export type StepName = keyof ConnectionView['steps'];
export const stepOrder: StepName[] = ['authenticate', 'authorize', 'configure'];
export const stepNames: Record<StepName, string> = {
  authenticate: 'Authenticate Instance',
  authorize: 'Authorize',
  configure: 'Configure Records',
};

export const stepStates: Record<StepState, { word: string; icon: IconName }> = {
  done: { word: 'Done', icon: 'check' },
  todo: { word: 'To do', icon: 'dot' },
  attention: { word: 'Needs attention', icon: 'attention' },
  locked: { word: 'Locked', icon: 'lock' },
};

/** What stands where the time of the next sync would, when there is none. */
export function noNextSync(connection: ConnectionView): string {
  if (connection.status === 'disabled') return 'none while disabled';
  if (connection.status === 'disconnecting') return 'none while disconnecting';
  if (connection.status === 'needs_reauth') return 'after you reauthenticate';
  if (isUnfinished(connection)) return 'after the set-up';
  if (connection.status === 'paused') return 'none while paused';
  if (connection.settings.sync?.strategy === 'manual') return 'when you start it';
  if (connection.nextRuns === null) return 'not known: the workflow engine does not answer just now';
  return 'by its schedule';
}

/** When the schedule starts the next run, as Temporal tells it; null where none will come, or it is not known. */
export function nextSync({ nextRuns }: Pick<ConnectionView, 'nextRuns'>): Date | null {
  const next = nextRuns?.[0];
  return next === undefined ? null : new Date(next);
}

/** "Every hour", "Every day at 02:00 (Europe/Zurich)", "Every hour, from 22:00 to 05:00 (UTC)", "When you start it". */
export function rhythm(connection: Pick<ConnectionView, 'settings'>): string {
  const { sync } = connection.settings;
  if (sync === undefined) return 'Not set yet';
  if (sync.strategy === 'manual') return 'When you start it';
  const { cron, window, timezone = 'UTC', intervalMinutes = 60 } = sync;
  const hours = window === undefined ? '' : `, from ${window.from} to ${window.to}`;
  const zone = cron === undefined && window === undefined ? '' : ` (${timezone})`;
  return `${cron === undefined ? everySoOften(intervalMinutes) : byCron(cron)}${hours}${zone}`;
}

function everySoOften(minutes: number): string {
  if (minutes % 1440 === 0) return minutes === 1440 ? 'Every day' : `Every ${minutes / 1440} days`;
  if (minutes % 60 === 0) return minutes === 60 ? 'Every hour' : `Every ${minutes / 60} hours`;
  return `Every ${minutes} minutes`;
}

/** In words what the form offers in words; anything else as it is. */
function byCron(cron: string): string {
  const [, minute, hour, days] = /^(\d{1,2}) (\d{1,2}) \* \* (\*|[a-z]{3}(?:,[a-z]{3})*)$/.exec(cron) ?? [];
  if (minute === undefined || hour === undefined || days === undefined) return `At ${cron}`;
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  if (days === '*') return `Every day at ${time}`;
  const names = days.split(',').map((day) => day.slice(0, 1).toUpperCase() + day.slice(1));
  return `${names.join(', ')} at ${time}`;
}
