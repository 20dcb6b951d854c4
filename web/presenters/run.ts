import type { ProgressView, RunView } from '../../server/views.ts';
import type { State } from '../components/badge.ts';
import { count, duration, plural } from '../time.ts';

const states: Record<RunView['state'], State> = {
  queued: { word: 'Starting', tone: 'busy', icon: 'clock' },
  running: { word: 'Running', tone: 'busy', icon: 'sync' },
  paused: { word: 'Paused', tone: 'quiet', icon: 'clock' },
  waiting: { word: 'Waiting', tone: 'busy', icon: 'clock' },
  succeeded: { word: 'Succeeded', tone: 'good', icon: 'check' },
  failed: { word: 'Failed', tone: 'bad', icon: 'attention' },
  cancelled: { word: 'Cancelled', tone: 'quiet', icon: 'cross' },
};

const kinds: Record<RunView['kind'], string> = {
  full: 'Full sync',
  incremental: 'Incremental sync',
  permissions: 'Permission sync',
  sweep: 'Sweep',
};

const triggers: Record<RunView['trigger'], string> = {
  manual: 'started by hand',
  schedule: 'by schedule',
  setup: 'after the set-up',
};

/** A succeeded run with failed items is not simply good. */
export function runState(run: Pick<RunView, 'state' | 'counts'>): State {
  if (run.state === 'succeeded' && run.counts.failed > 0) {
    return { word: 'Succeeded with failures', tone: 'warning', icon: 'attention' };
  }
  return states[run.state];
}

export const runKind = (run: Pick<RunView, 'kind' | 'dryRun'>): string =>
  run.dryRun ? 'Dry run' : kinds[run.kind];
export const runTrigger = (run: Pick<RunView, 'trigger'>): string => triggers[run.trigger];
export const runs = (run: Pick<RunView, 'state'>): boolean =>
  run.state === 'queued' || run.state === 'running' || run.state === 'waiting' || run.state === 'paused';

/** How long a run took, or takes so far, in words; null before it started. */
export function runLength(run: Pick<RunView, 'startedAt' | 'finishedAt'>, now: Date): string | null {
  if (run.startedAt === null) return null;
  const end = run.finishedAt === null ? now.getTime() : Date.parse(run.finishedAt);
  return duration((end - Date.parse(run.startedAt)) / 1000);
}

/** "access_layers" as "Access layers": stages are named by the workflow in snake case. */
export function stageName(stage: string): string {
  const words = stage
    .replaceAll(/[_-]+/g, ' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const failureKinds: Record<string, string> = {
  restrictions: 'Restrictions',
  folders: 'Folders and the like',
  spaces: 'Permissions of spaces',
  people: 'Members of groups',
  files: 'Text of files',
  content: 'Content',
};

/** What of a failed item could not be read: its stage in words. */
export const failureKind = (stage: string): string => failureKinds[stage] ?? stageName(stage);

const changeWords: Record<string, string> = {
  added: 'added',
  updated: 'updated',
  retitled: 'renamed',
  moved: 'moved',
  relabelled: 'labelled anew',
  restored: 'restored',
  spaces_changed: 'spaces changed',
  removed: 'removed',
  left_out: 'left out',
  hidden: 'hidden',
};

/** What a run changed, in words: "3 added, 8 updated, 1 removed"; empty where nothing. */
export function changesInWords(run: Pick<RunView, 'kind' | 'changes' | 'counts'>): string {
  const known = Object.keys(changeWords).filter((name) => (run.changes[name] ?? 0) > 0);
  const others = Object.keys(run.changes).filter(
    (name) => !(name in changeWords) && (run.changes[name] ?? 0) > 0,
  );
  const told = [...known, ...others].map(
    (name) => `${count(run.changes[name] ?? 0)} ${changeWords[name] ?? name.replaceAll('_', ' ')}`,
  );
  if (told.length > 0) return told.join(', ');
  // Of runs that name no changes, what they wrote.
  if (run.kind === 'permissions') {
    return run.counts.indexed === 0
      ? ''
      : plural(run.counts.indexed, 'change of access', 'changes of access');
  }
  return run.counts.indexed === 0 ? '' : `${count(run.counts.indexed)} written`;
}

/** A step that lives says so every ten seconds; what has said nothing for this long has stopped without a word. Seconds. */
const silentAfter = 300;

/** Since when a run under way gives no sign of life; null where it does, or rests and need not. */
export function silentSince(run: RunView, now: Date): Date | null {
  if (run.state !== 'running' && run.state !== 'queued') return null;
  const last = new Date(run.heartbeatAt ?? run.startedAt ?? run.createdAt);
  return (now.getTime() - last.getTime()) / 1_000 > silentAfter ? last : null;
}

/** What a run of this kind counts as indexed: a permission sync writes nothing but changes of access. */
export const indexedWord = (run: Pick<RunView, 'kind'>): string =>
  run.kind === 'permissions' ? 'Changed' : 'Indexed';

/** What a dry run has listed so far, its spaces and what it compared left out. */
export const listed = ({ stages }: Pick<ProgressView, 'stages'>): number =>
  stages
    .filter(({ stage }) => !['spaces', 'labels', 'comparison'].includes(stage))
    .reduce((sum, { done }) => sum + done, 0);

/** The whole state of a run in one sentence, for a screen reader and for the tab without colours. */
export function runSentence(run: ProgressView): string {
  const { counts } = run;
  const head = `${runKind(run)}: ${runState(run).word.toLowerCase()}.`;
  if (run.dryRun) return `${head} ${plural(listed(run), 'item')} listed.`;
  const parts = [
    `${plural(counts.seen, 'item')} seen`,
    `${count(counts.indexed)} ${indexedWord(run).toLowerCase()}`,
  ];
  if (counts.failed > 0) parts.push(`${count(counts.failed)} failed`);
  const left =
    runs(run) && run.remainingSeconds !== null ? ` About ${duration(run.remainingSeconds)} left.` : '';
  return `${head} ${parts.join(', ')}.${left}`;
}
