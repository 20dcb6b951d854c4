import type { ConnectionView } from '../../../server/views.ts';
import { draftNote } from '../../components/draft.ts';
import type { UnknownValue } from '../../../server/services/site-lookup.ts';
import { csrfField, errorSummary, field, type FieldErrors } from '../../components/form.ts';
import { notice } from '../../components/notice.ts';
import { bdi, html, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { filterForm, type FilterFormView } from './filters/form.ts';
import { unknownNotice } from './filters/unknown.ts';
import { filterFields, timeFilters, type FilterValues } from './filters/fields.ts';
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

export interface ConfigureView extends Pick<FilterFormView, 'spaces' | 'authors' | 'named'> {
  csrfToken: string;
  connection: ConnectionView;
  values: ConfigureValues;
  errors: FieldErrors;
  isDraft: boolean;
  /** IANA names to choose from. */
  zones: readonly string[];
  /** What the site does not know of what was entered: it is asked whether to save it all the same. */
  unknown: readonly UnknownValue[];
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
      connection.currentRun === null ||
      connection.currentRun.kind === 'permissions' ||
      connection.currentRun.dryRun
        ? null
        : notice('busy', 'A sync is under way', 'What you save here reaches it after its current batch.')
    }
    <form class="stack" method="post" action=${action} data-draft=${`${action}/draft`} novalidate>
      <button type="submit" name="enter" value="yes" class="hidden-visually" tabindex="-1" aria-hidden="true">
        Save
      </button>
      ${csrfField(view.csrfToken)}
      <input type="hidden" name="version" value=${values.version} />
      <input type="hidden" name="confirmed" value=${confirmed(view.unknown)} />
      ${unknownNotice(view.unknown)}
      <h2 id="schedule">When it syncs</h2>
      ${scheduleForm(values, errors, view.zones)}
      ${filterForm({ ...view, base: action, ownZone: knowsNoZone(view) })}
      <h2 id="limits">Limits</h2>
      ${limits(values, errors)}
      <div class="actions">
        <button class="primary" type="submit">Save</button>
        <button type="submit" formaction=${`${action}/preview`}>Show what would change</button>
        <a href=${`/connections/${connection.id}`}>Close</a>
      </div>
    </form>
    <section aria-labelledby="content-rules">
      <h2 id="content-rules">What of a page becomes its record</h2>
      <p>
        <a href=${`/connections/${connection.id}/content`}>Content rules</a> for macros, tables, images,
        fields and attachments, with a preview on a page.
      </p>
    </section>
    ${
      connection.configuredAt === null
        ? null
        : html`<section aria-labelledby="next-runs">
            <h2 id="next-runs">Next runs, as saved</h2>
            ${nextRuns(connection, now)}
          </section>`
    }`;
}

/** As lines of the field that tells what somebody has seen and wants to save. */
function confirmed(unknown: readonly UnknownValue[]): string {
  return unknown.map(({ field: name, value }) => `${name}:${value}`).join('\n');
}

function knowsNoZone({ connection, values }: ConfigureView): boolean {
  return (
    connection.settings.sync?.timezone === undefined &&
    timeFilters.every((name) => values[`${name}Operator`] === '')
  );
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
