import type { ConnectionView } from '../../../server/views.ts';
import { checkbox, field, radios, type FieldErrors } from '../../components/form.ts';
import { time } from '../../components/time.ts';
import { html, type Html } from '../../html.ts';
import { nextSync, noNextSync } from '../../presenters/connection.ts';

export const dayNames = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
} as const;

export type Day = keyof typeof dayNames;
export const days = Object.keys(dayNames) as Day[];

/** The fields of the form, each as text; a checkbox is "on" or empty. */
export const scheduleFields = [
  'strategy',
  'rhythm',
  'intervalMinutes',
  'dailyAt',
  'weeklyAt',
  ...days.map((day) => `weekly-${day}` as const),
  'cron',
  'timezone',
  'windowed',
  'windowFrom',
  'windowTo',
  ...days.map((day) => `window-${day}` as const),
] as const;

export type ScheduleValues = Readonly<Record<(typeof scheduleFields)[number], string>>;

/** When it syncs: the strategy, its rhythm, its hours. `zones`: IANA names to choose from. */
export function scheduleForm(values: ScheduleValues, errors: FieldErrors, zones: readonly string[]): Html {
  return html`${radios({
      name: 'strategy',
      legend: 'Sync strategy',
      value: values.strategy,
      errors,
      choices: [
        { value: 'scheduled', label: 'Scheduled', hint: 'Sluice looks for changes by itself.' },
        {
          value: 'manual',
          label: 'Manual',
          hint: 'Only when somebody presses “Sync now” or asks by the API.',
        },
      ],
    })}
    <div class="pane for-scheduled">
      ${radios({
        name: 'rhythm',
        legend: 'When',
        value: values.rhythm,
        errors,
        choices: [
          { value: 'interval', label: 'Every hour, or at another interval' },
          { value: 'daily', label: 'Every day at a time' },
          { value: 'weekly', label: 'On days of the week' },
          { value: 'cron', label: 'By a cron expression' },
        ],
      })}
      <div class="pane for-interval">
        ${field({
          name: 'intervalMinutes',
          label: 'Interval in minutes',
          type: 'number',
          inputmode: 'numeric',
          value: values.intervalMinutes,
          errors,
          min: 5,
          max: 10_080,
          hint: '5 to 10,080 (a week). A sync without news costs a handful of requests.',
        })}
      </div>
      <div class="pane for-daily">${clock('dailyAt', 'Time of day', values.dailyAt, errors)}</div>
      <div class="pane for-weekly">
        ${dayBoxes('weekly', 'Days', values, errors)} ${clock('weeklyAt', 'At', values.weeklyAt, errors)}
      </div>
      <div class="pane for-cron">
        ${field({
          name: 'cron',
          label: 'Cron expression',
          value: values.cron,
          errors,
          hint: html`Minute, hour, day of month, month, day of week: <code>30 22 * * mon-fri</code> is half
            past ten in the evening, Monday to Friday.`,
        })}
      </div>
      ${zoneField(values.timezone, errors, zones)} ${windowFields(values, errors)}
    </div>`;
}

function zoneField(value: string, errors: FieldErrors, zones: readonly string[]): Html {
  return html`<div class="field" data-own-zone="timezone">
    ${field({
      name: 'timezone',
      label: 'Time zone',
      value,
      errors,
      list: 'zones',
      hint: 'By its IANA name, for example Europe/Zurich. It counts for times of day and for the hours below.',
    })}
    <datalist id="zones">${zones.map((zone) => html`<option value=${zone}></option>`)}</datalist>
  </div>`;
}

function windowFields(values: ScheduleValues, errors: FieldErrors): Html {
  return html`<fieldset class="field" id="windowed-hours">
    <legend>Hours</legend>
    ${checkbox({
      name: 'windowed',
      label: 'Only within these hours',
      checked: values.windowed === 'on',
      hint: 'Outside them no run of the schedule begins, and one under way waits. A sync that you start ignores them.',
    })}
    <div class="pane for-window">
      <div class="row top">
        ${clock('windowFrom', 'From', values.windowFrom, errors)}
        ${clock('windowTo', 'To', values.windowTo, errors)}
      </div>
      <p class="hint">A time before “From” is on the next morning.</p>
      ${dayBoxes('window', 'On which days they begin', values, errors)}
    </div>
  </fieldset>`;
}

function clock(name: string, label: string, value: string, errors: FieldErrors): Html {
  return field({ name, label, type: 'time', value, errors });
}

function dayBoxes(
  prefix: 'weekly' | 'window',
  legend: string,
  values: ScheduleValues,
  errors: FieldErrors,
): Html {
  const error = errors[`${prefix}-days`];
  return html`<fieldset
    class=${error === undefined ? 'field' : 'field has-error'}
    id=${`${prefix}-days`}
    tabindex="-1"
  >
    <legend>${legend}</legend>
    ${error === undefined ? null : html`<p class="field-error">${error}</p>`}
    <div class="row">
      ${days.map((day) =>
        checkbox({
          name: `${prefix}-${day}`,
          label: dayNames[day],
          checked: values[`${prefix}-${day}`] === 'on',
        }),
      )}
    </div>
  </fieldset>`;
}

/** The next starts of the schedule, as Temporal tells them. */
export function nextRuns(connection: ConnectionView, now: Date): Html {
  const { nextRuns: next } = connection;
  if (next === null)
    return html`<p class="muted">Not known: the workflow engine does not answer just now.</p>`;
  if (next.length === 0) return html`<p class="muted">None: ${noNextSync(connection)}.</p>`;
  return html`<ol class="plain next-runs">
    ${next.map(
      (at) =>
        html`<li>
          ${shown(connection, new Date(at))} <span class="muted">${time(new Date(at), now)}</span>
        </li>`,
    )}
  </ol>`;
}

/** The next start, and the ones after it for who wants to know. */
export function nextSyncs(connection: ConnectionView, now: Date): Html {
  const next = nextSync(connection);
  if (next === null) return time(next, now, noNextSync(connection));
  return html`${time(next, now)}
    <details>
      <summary>The next ones</summary>
      ${nextRuns(connection, now)}
    </details>`;
}

/** "Sun 22 Nov, 02:00 (Europe/Zurich)". */
function shown({ settings }: ConnectionView, at: Date): string {
  const timeZone = settings.sync?.timezone ?? 'UTC';
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return `${format.format(at)} (${timeZone})`;
}
