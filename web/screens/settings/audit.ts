import type { AuditView } from '../../../server/views.ts';
import { errorSummary, field, type FieldErrors } from '../../components/form.ts';
import { emptyState } from '../../components/notice.ts';
import { time } from '../../components/time.ts';
import { bdi, html, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { differences, type Difference } from '../../presenters/change.ts';
import { settingsFrame } from './frame.ts';

/** As they stand in the address; empty: whatever it is. */
export type AuditScreenFilter = Record<'actor' | 'action' | 'target' | 'from' | 'to' | 'q', string>;

export function auditScreen(view: {
  entries: AuditView[];
  nextCursor: string | null;
  filter: AuditScreenFilter;
  errors: FieldErrors;
  now: Date;
}): Page {
  const { entries, nextCursor, filter, now } = view;
  const given = Object.entries(filter).filter(([, value]) => value !== '');
  const query = new URLSearchParams(given);
  const next = new URLSearchParams([...given, ['cursor', nextCursor ?? '']]);
  return {
    title: 'Audit log',
    nav: 'settings',
    width: 'wide',
    content: html`${settingsFrame('audit')} ${errorSummary(view.errors)} ${filterForm(view)}
      ${
        entries.length === 0
          ? emptyState(
              'clock',
              given.length === 0 ? 'Nothing has been recorded yet' : 'No entry matches',
              given.length === 0
                ? 'What administrators change, and whom they search as, is kept here.'
                : 'Take a filter back, or widen the time.',
            )
          : html`<div class="table-scroll" tabindex="0" role="region" aria-label="Audit log">
              <table class="cards">
                <thead>
                  <tr>
                    <th scope="col">When</th>
                    <th scope="col">Who</th>
                    <th scope="col">What</th>
                    <th scope="col">On what</th>
                    <th scope="col">Change</th>
                  </tr>
                </thead>
                <tbody>
                  ${entries.map(
                    (entry) =>
                      html`<tr>
                        <td>${time(new Date(entry.at), now)}</td>
                        <td data-label="Who">
                          ${bdi(entry.actor)}
                          ${entry.address === null ? null : html`<br /><span class="muted">from ${entry.address}</span>`}
                        </td>
                        <td data-label="What"><code>${entry.action}</code></td>
                        <td data-label="On what">${bdi(entry.target)}</td>
                        <td>${change(entry)}</td>
                      </tr>`,
                  )}
                </tbody>
              </table>
            </div>`
      }
      ${nextCursor === null ? null : html`<p><a class="button" rel="next" href=${`?${next}`}>Older entries</a></p>`}
      <p class="actions">
        <a class="button" href=${`/settings/audit.csv?${query}`}>Download as CSV</a>
        <a class="button" href=${`/settings/audit.ndjson?${query}`}>Download as JSON lines</a>
      </p>
      <p class="hint">
        Downloads hold all that the filters match. Entries are kept until you delete them from the database.
      </p>`,
  };
}

function filterForm({ filter, errors }: { filter: AuditScreenFilter; errors: FieldErrors }): Html {
  const input = (name: keyof AuditScreenFilter, label: string, type: 'text' | 'date' = 'text') =>
    field({ name, label, value: filter[name], type, errors });
  return html`<form class="row end" method="get" action="/settings/audit">
    ${input('actor', 'Who')} ${input('action', 'What')} ${input('target', 'On what')}
    ${input('from', 'From', 'date')} ${input('to', 'Before', 'date')} ${input('q', 'Anywhere')}
    <button type="submit">Filter</button>
    ${Object.values(filter).every((value) => value === '') ? null : html`<a href="/settings/audit">Show all</a>`}
  </form>`;
}

function change({ before, after }: AuditView): Html {
  const found = differences(before, after);
  if (found.length === 0) return null;
  return html`<details>
    <summary>${found.length === 1 ? '1 difference' : `${found.length} differences`}</summary>
    <dl>${found.map(difference)}</dl>
  </details>`;
}

function difference({ path, before, after }: Difference): Html {
  return html`<dt><code>${path === '' ? 'value' : path}</code></dt>
    <dd class="breaks">
      ${before === null ? null : html`<del>${bdi(before)}</del>`}
      ${before === null || after === null ? null : ' → '}${after === null ? null : html`<ins>${bdi(after)}</ins>`}
    </dd>`;
}
