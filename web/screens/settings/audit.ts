import type { AuditView } from '../../../server/views.ts';
import { emptyState } from '../../components/notice.ts';
import { time } from '../../components/time.ts';
import { bdi, html, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { settingsFrame } from './frame.ts';

export function auditScreen(view: {
  entries: AuditView[];
  nextCursor: string | null;
  action: string;
  now: Date;
}): Page {
  const { entries, nextCursor, action, now } = view;
  const next = new URLSearchParams({ ...(action === '' ? {} : { action }), cursor: nextCursor ?? '' });
  return {
    title: 'Audit log',
    nav: 'settings',
    width: 'wide',
    content: html`${settingsFrame('audit')}
      <form class="row end" method="get" action="/settings/audit">
        <div class="field">
          <label for="action">Action</label>
          <input id="action" name="action" value=${action} autocomplete="off" />
        </div>
        <button type="submit">Filter</button>
        ${action === '' ? null : html`<a href="/settings/audit">Show all</a>`}
      </form>
      ${
        entries.length === 0
          ? emptyState(
              'clock',
              action === '' ? 'Nothing has been recorded yet' : 'No entry has this action',
              'What administrators change, and whom they search as, is kept here.',
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
                        <td data-label="Who">${bdi(entry.actor)}</td>
                        <td data-label="What"><code>${entry.action}</code></td>
                        <td data-label="On what">${bdi(entry.target)}</td>
                        <td>${change(entry)}</td>
                      </tr>`,
                  )}
                </tbody>
              </table>
            </div>`
      }
      ${nextCursor === null ? null : html`<p><a class="button" rel="next" href=${`?${next}`}>Older entries</a></p>`}`,
  };
}

function change({ before, after }: AuditView): Html {
  if ((before ?? null) === null && (after ?? null) === null) return null;
  return html`<details>
    <summary>Show</summary>
    ${
      (before ?? null) === null
        ? null
        : html`<p class="hint">Before</p>
            <pre tabindex="0">${JSON.stringify(before, null, 1)}</pre>`
    }
    ${
      (after ?? null) === null
        ? null
        : html`<p class="hint">After</p>
            <pre tabindex="0">${JSON.stringify(after, null, 1)}</pre>`
    }
  </details>`;
}
