import type { ContentPreview } from '../../../server/services/content-rules.ts';
import type { ConnectionView } from '../../../server/views.ts';
import type { MacroUsage } from '../../../store/macro-usage.ts';
import { csrfField, errorSummary, field, type FieldErrors } from '../../components/form.ts';
import { notice } from '../../components/notice.ts';
import { bdi, html, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { previewed } from './content-preview.ts';
import { attachmentRules, bodyRules, fieldRules, macroRules } from './content-rules.ts';
import type { ContentFormValues } from './content-values.ts';
import { drawer } from './drawer.ts';
import { locked } from './locked.ts';

/** A page that what was typed may mean. */
export interface FoundPage {
  id: string;
  title: string;
  space: string | null;
}

export interface ContentView {
  csrfToken: string;
  connection: ConnectionView;
  values: ContentFormValues;
  errors: FieldErrors;
  used: { sampled: number; macros: readonly MacroUsage[] };
  /** Several pages may be meant: one is to be chosen. */
  choices: readonly FoundPage[];
  preview: ContentPreview | null;
}

/** What of each page becomes its record, with a preview of it on a page. */
export function contentScreen(view: ContentView): Page {
  const { connection } = view;
  const base = `/connections/${connection.id}`;
  const step = connection.steps.configure;
  return {
    title: `Content rules – ${connection.name}`,
    nav: 'connections',
    width: 'wide',
    content: drawer({
      heading: bdi(connection.name),
      steps: connection.steps,
      current: 'configure',
      base,
      body:
        step.state === 'locked' ? locked(step.reason, `${base}/authorize`, 'Go to Authorize') : open(view),
    }),
  };
}

function open(view: ContentView): Html {
  const { connection, values, errors, csrfToken } = view;
  const base = `/connections/${connection.id}`;
  return html`<div>
      <p><a href=${`${base}/configure`}>Back to Configure Records</a></p>
      <h2>Content rules</h2>
      <p class="muted">
        What of each page becomes its record. A change reaches everything that is stored with the next sync;
        nothing is read from Atlassian again for it.
      </p>
    </div>
    ${errorSummary(errors)}
    ${
      connection.currentRun === null || connection.currentRun.kind === 'permissions'
        ? null
        : notice(
            'busy',
            'A sync is under way',
            'What is new is rendered by what you save from its next batch on.',
          )
    }
    <form class="stack" method="post" action=${`${base}/content`} novalidate>
      ${csrfField(csrfToken)}
      <input type="hidden" name="version" value=${values.version} />
      ${macroRules(values, errors, view.used)} ${bodyRules(values, errors)} ${fieldRules(values, errors)}
      ${attachmentRules(values, errors)}
      <section class="card" aria-labelledby="preview-heading">
        <h3 id="preview-heading">Preview</h3>
        ${field({
          name: 'item',
          label: 'A page to see it on',
          value: values.item,
          errors,
          hint: 'Its title, id or address. Only pages that you may see in Atlassian.',
        })}
        ${choose(view)}
      </section>
      <div class="actions">
        <button type="submit" formaction=${`${base}/content/preview#preview`}>Preview</button>
        <button class="primary" type="submit">Save</button>
        <a href=${`${base}/configure`}>Close</a>
      </div>
      ${view.preview === null ? null : previewed(view.preview)}
    </form>`;
}

function choose({ choices, connection }: ContentView): Html {
  if (choices.length === 0) return null;
  return html`<div role="group" aria-labelledby="choices-heading">
    <p id="choices-heading">Several pages may be meant. Which one?</p>
    <ul class="choices">
      ${choices.map(
        ({ id, title, space }) =>
          html`<li>
            <button
              type="submit"
              name="recordId"
              value=${id}
              formaction=${`/connections/${connection.id}/content/preview#preview`}
            >
              <span>${bdi(title)}${space === null ? null : html` (${bdi(space)})`}</span>
            </button>
          </li>`,
      )}
    </ul>
  </div>`;
}
