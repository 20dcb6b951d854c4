import type { ConnectionView } from '../../../server/views.ts';
import { draftNote } from '../../components/draft.ts';
import { csrfField, errorSummary, field, select, type FieldErrors } from '../../components/form.ts';
import { notice } from '../../components/notice.ts';
import { bdi, html, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { filterFields, type FilterValues } from './filters/fields.ts';
import { drawer } from './drawer.ts';
import { locked } from './locked.ts';
import { nextRuns, scheduleFields, scheduleForm, type ScheduleValues } from './schedule.ts';

/** The fields of the form: those of the schedule, what it may cost, what is read, and which settings were looked at. */
export const configureFields = [
  ...scheduleFields,
  ...filterFields,
  'requestsPerMinute',
  'askAbovePercent',
  'personalSpaces',
  'archivedSpaces',
  'version',
] as const;

export type ConfigureValues = ScheduleValues &
  FilterValues &
  Readonly<Record<(typeof configureFields)[number], string>>;

export interface ConfigureView {
  csrfToken: string;
  connection: ConnectionView;
  values: ConfigureValues;
  errors: FieldErrors;
  isDraft: boolean;
  /** IANA names to choose from. */
  zones: readonly string[];
  now: Date;
}

export function configureScreen(view: ConfigureView): Page {
  const { connection } = view;
  const base = `/connections/${connection.id}`;
  const step = connection.steps.configure;
  const before = connection.steps.authenticate.state === 'done' ? 'authorize' : 'authenticate';
  return {
    title: `Configure Records – ${connection.name}`,
    nav: 'connections',
    width: 'wide',
    content: drawer({
      heading: bdi(connection.name),
      steps: connection.steps,
      current: 'configure',
      base,
      body:
        step.state === 'locked'
          ? locked(
              step.reason,
              `${base}/${before}`,
              before === 'authorize' ? 'Go to Authorize' : 'Go to Authenticate Instance',
            )
          : open(view),
    }),
  };
}

function open(view: ConfigureView): Html {
  const { connection, values, errors, now } = view;
  const action = `/connections/${connection.id}/configure`;
  return html`${errorSummary(errors)}
    ${view.isDraft ? draftNote({ action, csrfToken: view.csrfToken, secrets: false }) : null}
    ${
      connection.currentRun === null || connection.currentRun.kind === 'permissions'
        ? null
        : notice('busy', 'A sync is under way', 'What you save here reaches it after its current batch.')
    }
    <form class="stack" method="post" action=${action} data-draft=${`${action}/draft`} novalidate>
      ${csrfField(view.csrfToken)}
      <input type="hidden" name="version" value=${values.version} />
      ${scheduleForm(values, errors, view.zones)} ${scope(values)} ${limits(values, errors)}
      <div class="actions">
        <button class="primary" type="submit">Save</button>
        <a href=${`/connections/${connection.id}`}>Close</a>
      </div>
    </form>
    ${
      connection.configuredAt === null
        ? null
        : html`<section aria-labelledby="next-runs">
            <h2 id="next-runs">Next runs, as saved</h2>
            ${nextRuns(connection, now)}
          </section>`
    }`;
}

function scope(values: ConfigureValues): Html {
  return html`${select({
    name: 'personalSpaces',
    label: 'Personal spaces',
    value: values.personalSpaces,
    choices: [
      { value: 'yes', label: 'Are read' },
      { value: 'no', label: 'Are left out' },
    ],
  })}
  ${select({
    name: 'archivedSpaces',
    label: 'Archived spaces',
    value: values.archivedSpaces,
    hint: 'What is left out is removed from the search; in Atlassian nothing changes.',
    choices: [
      { value: 'no', label: 'Are left out' },
      { value: 'yes', label: 'Are read' },
    ],
  })}`;
}

function limits(values: ConfigureValues, errors: FieldErrors): Html {
  return html`${field({
    name: 'requestsPerMinute',
    label: 'Requests a minute, at most',
    type: 'number',
    inputmode: 'numeric',
    value: values.requestsPerMinute,
    errors,
    min: 1,
    max: 3_000,
    hint: '1 to 3,000. Empty: as many as Atlassian allows.',
  })}
  ${field({
    name: 'askAbovePercent',
    label: 'Ask before more than this share is removed, in percent',
    type: 'number',
    inputmode: 'numeric',
    value: values.askAbovePercent,
    errors,
    min: 1,
    max: 100,
    hint: 'Of a space or of the connection. 30 unless you change it.',
  })}`;
}
