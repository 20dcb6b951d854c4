import type { ConnectionView } from '../../../server/views.ts';
import { draftNote } from '../../components/draft.ts';
import { csrfField, errorSummary, field, radios, type FieldErrors } from '../../components/form.ts';
import { bdi, html, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { drawer } from './drawer.ts';
import { locked } from './locked.ts';

export interface ConfigureValues {
  strategy: 'scheduled' | 'manual';
  intervalMinutes: string;
}

export interface ConfigureView {
  csrfToken: string;
  connection: ConnectionView;
  values: ConfigureValues;
  errors: FieldErrors;
  isDraft: boolean;
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
  const { connection, values, errors } = view;
  const action = `/connections/${connection.id}/configure`;
  return html`${errorSummary(errors)}
    ${view.isDraft ? draftNote({ action, csrfToken: view.csrfToken, secrets: false }) : null}
    <form class="stack" method="post" action=${action} data-draft=${`${action}/draft`} novalidate>
      ${csrfField(view.csrfToken)}
      ${radios({
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
      <div class="actions">
        <button class="primary" type="submit">Save</button>
        <a href=${`/connections/${connection.id}`}>Close</a>
      </div>
    </form>`;
}
