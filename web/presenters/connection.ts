import type { ConnectionView, StepState } from '../../server/views.ts';
import type { State } from '../components/badge.ts';
import type { IconName } from '../icons.ts';

/**
 * The state of a connection as word, tone and icon. A run in progress shows as Syncing, whatever lies beneath; the
 * words are the same in the pages, the API's documentation and docs/.
 */
export function connectionState(
  connection: Pick<ConnectionView, 'status' | 'currentRun' | 'configuredAt'>,
): State {
  const { status, currentRun } = connection;
  if (status === 'disconnecting') return { word: 'Disconnecting', tone: 'busy', icon: 'sync' };
  if (status === 'needs_reauth') return { word: 'Needs reauthentication', tone: 'bad', icon: 'key' };
  if (status === 'disabled') return { word: 'Disabled', tone: 'quiet', icon: 'cross' };
  if (currentRun !== null && currentRun.state === 'waiting')
    return { word: 'Waiting', tone: 'busy', icon: 'clock' };
  if (currentRun !== null) return { word: 'Syncing', tone: 'busy', icon: 'sync' };
  if (isUnfinished(connection)) return { word: 'Set-up not finished', tone: 'warning', icon: 'attention' };
  if (status === 'paused') return { word: 'Paused', tone: 'warning', icon: 'pause' };
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
  if (connection.status === 'paused' || connection.status === 'attention') {
    return { text: said ?? 'Look at the last run.', href: base, action: 'Look' };
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
  if (connection.status === 'needs_reauth') return 'after you reauthenticate';
  if (isUnfinished(connection)) return 'after the set-up';
  if (connection.status === 'paused') return 'none while paused';
  return connection.settings.sync?.strategy === 'manual' ? 'when you start it' : 'by its schedule';
}

/** When the schedule starts the next run, or null: manual, disabled, or nothing can be said. */
export function nextSync(connection: ConnectionView): Date | null {
  const { sync } = connection.settings;
  if (sync === undefined || sync.strategy === 'manual' || sync.intervalMinutes === undefined) return null;
  if (connection.status !== 'active' && connection.status !== 'attention') return null;
  const from = connection.lastRun?.startedAt ?? connection.configuredAt;
  return from === null || from === undefined
    ? null
    : new Date(Date.parse(from) + sync.intervalMinutes * 60_000);
}

/** "Every hour", "every 15 minutes", "by hand". */
export function rhythm(connection: Pick<ConnectionView, 'settings'>): string {
  const { sync } = connection.settings;
  if (sync === undefined) return 'Not set yet';
  if (sync.strategy === 'manual') return 'When you start it';
  if (sync.cron !== undefined) return `At ${sync.cron} (${sync.timezone ?? 'UTC'})`;
  const minutes = sync.intervalMinutes ?? 60;
  if (minutes % 1440 === 0) return minutes === 1440 ? 'Every day' : `Every ${minutes / 1440} days`;
  if (minutes % 60 === 0) return minutes === 60 ? 'Every hour' : `Every ${minutes / 60} hours`;
  return `Every ${minutes} minutes`;
}
