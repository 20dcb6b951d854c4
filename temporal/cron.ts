import { Cron } from 'croner';
import { windowState, type SyncWindow } from '../activities/sync-window.ts';

/** Runs that are looked at to find two that lie too close together. */
const lookedAt = 300;
/** Two runs of a schedule are at least this far apart, as an interval's are. */
export const fewestMinutes = 5;
/** Windows that a schedule may miss, one after another, before it counts as one that never meets them. */
const missedWindows = 120;

/**
 * Starts of a cron expression: five fields (minute, hour, day of month, month, day of week), names of months and days
 * as well; where both kinds of day are restricted, either is enough, as in cron.
 * @throws Error in words of croner's, for what is no such expression
 */
function parse(expression: string, timezone: string | undefined): Cron {
  const fields = expression.trim().split(/\s+/);
  if (fields.length !== 5) throw new Error('not five fields');
  if (!fields.every((field) => /^[\d*,/A-Za-z-]+$/.test(field) && !/[LW]$/i.test(field))) {
    throw new Error('a sign that has no meaning here');
  }
  return new Cron(expression, { timezone: timezone ?? 'UTC', paused: true, mode: '5-part' });
}

/** Answers of the last expressions: stored settings are checked whenever they are shown, and a check takes a while. */
const known = new Map<string, string | null>();
const mostKnown = 500;

function remembered(key: unknown[], check: () => string | null): string | null {
  const name = JSON.stringify(key);
  const before = known.get(name);
  if (before !== undefined) return before;
  if (known.size >= mostKnown) known.clear();
  const answer = check();
  known.set(name, answer);
  return answer;
}

const ranges: Record<string, string> = {
  minute: 'The minute is 0 to 59.',
  hour: 'The hour is 0 to 23.',
  day: 'The day of the month is 1 to 31.',
  month: 'The month is 1 to 12, or jan to dec.',
  dayofweek: 'The day of the week is 0 to 7 (both are Sunday), or sun to sat.',
};

/** What is wrong with a cron expression, in words with the remedy; null for one that can be used. */
export function cronFault(expression: string, timezone?: string, window?: SyncWindow): string | null {
  return remembered([expression, timezone, window], () => {
    const fault = ownFault(expression, timezone);
    if (fault !== null || window === undefined || meetsWindow(expression, window, timezone, new Date())) {
      return fault;
    }
    return 'It never starts within the window. Change either of them.';
  });
}

function ownFault(expression: string, timezone: string | undefined): string | null {
  const shape = 'Five fields: minute, hour, day of month, month, day of week; for example "0 2 * * *".';
  let cron: Cron;
  try {
    cron = parse(expression, timezone);
  } catch (error) {
    const said = error instanceof Error ? /Invalid value for (\w+)/.exec(error.message)?.[1] : undefined;
    const range = ranges[said?.toLowerCase() ?? ''];
    return range === undefined ? shape : `${range} ${shape}`;
  }
  const starts = cron.nextRuns(lookedAt).map((start) => start.getTime());
  if (starts.length === 0) return 'There is no such day: this would never run. Give a day that comes.';
  const close = starts.some((start, index) => start - (starts[index - 1] ?? 0) < fewestMinutes * 60_000);
  return close ? `Runs lie at least ${fewestMinutes} minutes apart; for example "*/15 * * * *".` : null;
}

/** Whether a cron expression ever starts anything while a window is open, from an instant on. */
function meetsWindow(
  expression: string,
  window: SyncWindow,
  timezone: string | undefined,
  from: Date,
): boolean {
  const cron = parse(expression, timezone);
  let at = from;
  for (let missed = 0; missed < missedWindows; missed += 1) {
    const start = cron.nextRun(new Date(at.getTime() - 1_000));
    if (start === null) return false;
    const { open, changesAt } = windowState(window, timezone, start);
    if (open) return true;
    at = changesAt;
  }
  return false;
}

/** The last start before an instant, or null where there was none within some years. */
export function previousStart(expression: string, timezone: string | undefined, before: Date): Date | null {
  return parse(expression, timezone).previousRuns(1, before)[0] ?? null;
}

/**
 * One expression as Temporal needs it: there, days of the month and of the week must both match, so what restricts both
 * becomes two expressions (temporalio/temporal, service/worker/scheduler/calendar.go).
 */
export function temporalExpressions(expression: string): string[] {
  const [minute, hour, day, month, weekday] = expression.trim().split(/\s+/) as [
    string,
    string,
    string,
    string,
    string,
  ];
  if (day.startsWith('*') || weekday.startsWith('*')) return [expression];
  return [`${minute} ${hour} ${day} ${month} *`, `${minute} ${hour} * ${month} ${weekday}`];
}
