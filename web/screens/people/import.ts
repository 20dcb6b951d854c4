import type { ImportLine, ImportPlan } from '../../../server/services/people/views.ts';
import { badge, type State } from '../../components/badge.ts';
import { csrfField, errorSummary, type FieldErrors } from '../../components/form.ts';
import { notice } from '../../components/notice.ts';
import { bdi, html, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { count, plural } from '../../time.ts';
import { peopleFrame } from './frame.ts';

/** Lines of each outcome that are shown; the rest is told by number. */
const shownOfEach = 200;

/** A table of accounts and emails is pasted or chosen here. */
export function importScreen(view: { csrfToken: string; csv: string; errors: FieldErrors }): Page {
  const { csrfToken, csv, errors } = view;
  const error = errors['csv'];
  return {
    title: 'Import a table',
    nav: 'people',
    width: 'wide',
    content: html`${peopleFrame('import')} ${errorSummary(errors)}
      <section class="card" aria-labelledby="table">
        <h2 id="table">Which account is which user</h2>
        <p>
          A CSV with the columns <code>account_id</code> and <code>email</code>: the account at Atlassian, and
          the email of the user here. You vouch for each line. Nothing is stored before you have seen what
          would happen.
        </p>
        <form class="stack" method="post" action="/people/import">
          ${csrfField(csrfToken)}
          <div class="field needs-script">
            <label for="file">A file</label>
            <input id="file" type="file" accept=".csv,.txt,text/csv,text/plain" data-file-into="csv" />
          </div>
          <div class=${error === undefined ? 'field' : 'field has-error'}>
            <label for="csv">The table</label>
            <p class="hint" id="csv-hint">
              Commas, semicolons or tabs, as a spreadsheet saves it; at most 20,000 lines.
            </p>
            ${error === undefined ? null : html`<p class="field-error" id="csv-error">${error}</p>`}
            <textarea
              id="csv"
              name="csv"
              rows="10"
              spellcheck="false"
              placeholder=${'account_id,email\n557058:1a2b,ada@example.com'}
              aria-describedby=${error === undefined ? 'csv-hint' : 'csv-error csv-hint'}
              aria-invalid=${error === undefined ? undefined : 'true'}
              value=${csv}
            ></textarea>
          </div>
          <div class="actions"><button class="primary" type="submit">See what would happen</button></div>
        </form>
        <p>
          <a href="/people/template.csv">An empty table</a> ·${' '}
          <a href="/people/links.csv">Every link as a table</a> ·${' '}
          <a href="/people/accounts.csv?state=attention">Accounts that are not matched</a>
        </p>
      </section>`,
  };
}

const outcomes: [ImportLine['outcome'], string, State][] = [
  ['refused', 'Refused', { word: 'Refused', tone: 'bad', icon: 'cross' }],
  ['change', 'Would change', { word: 'Change', tone: 'warning', icon: 'attention' }],
  ['link', 'Would be linked', { word: 'Link', tone: 'good', icon: 'plus' }],
  ['same', 'Stay as they are', { word: 'As it is', tone: 'quiet', icon: 'dot' }],
];

/** What a table would do, line by line, before anything is stored. */
export function importPreviewScreen(view: {
  csrfToken: string;
  csv: string;
  plan: ImportPlan;
  /** The plan is another than the one that was agreed to. */
  aged: boolean;
}): Page {
  const { plan, csrfToken, csv, aged } = view;
  const { link, change, same, refused } = plan.counts;
  const doing = link + change;
  return {
    title: 'What the table would do',
    nav: 'people',
    width: 'wide',
    content: html`${peopleFrame('import')}
      ${
        aged
          ? notice(
              'warning',
              'People changed meanwhile',
              'Nothing was stored. This is what the table would do now.',
            )
          : null
      }
      <section class="card" aria-labelledby="plan">
        <h2 id="plan">What the table would do</h2>
        <dl class="facts">
          <div>
            <dt>Linked</dt>
            <dd class="big">${count(link)}</dd>
          </div>
          <div>
            <dt>Changed</dt>
            <dd class="big">${count(change)}</dd>
          </div>
          <div>
            <dt>As they are</dt>
            <dd class="big">${count(same)}</dd>
          </div>
          <div>
            <dt>Refused</dt>
            <dd class="big">${count(refused)}</dd>
          </div>
        </dl>
        ${
          doing === 0
            ? html`<p>There is nothing to store.</p>
                <p><a class="button" href="/people/import">Another table</a></p>`
            : html`<form class="actions" method="post" action="/people/import/confirm">
                ${csrfField(csrfToken)}
                <input type="hidden" name="csv" value=${csv} />
                <input type="hidden" name="digest" value=${plan.digest} />
                <button class="primary" type="submit">
                  ${`Store ${plural(doing, 'link')}`}${refused === 0 ? null : `, leave out ${count(refused)}`}
                </button>
                <a class="button" href="/people/import">Store nothing</a>
              </form>`
        }
      </section>
      ${outcomes.map(([outcome, title, state]) => lines(plan, outcome, title, state))}`,
  };
}

function lines(plan: ImportPlan, outcome: ImportLine['outcome'], title: string, state: State): Html {
  const all = plan.lines.filter((line) => line.outcome === outcome);
  if (all.length === 0) return null;
  return html`<section class="stack" aria-labelledby=${outcome}>
    <h2 id=${outcome}>${title}: ${count(all.length)}</h2>
    <div class="table-scroll" tabindex="0" role="region" aria-label=${title}>
      <table class="cards people">
        <thead>
          <tr>
            <th scope="col">Line</th>
            <th scope="col">Account</th>
            <th scope="col">User here</th>
            <th scope="col">What happens</th>
          </tr>
        </thead>
        <tbody>
          ${all.slice(0, shownOfEach).map(
            (line) =>
              html`<tr>
                <td data-label="Line">${line.line}</td>
                <td data-label="Account"><code class="breaks">${line.accountId.slice(0, 200)}</code></td>
                <td data-label="User here">${bdi(line.email.slice(0, 320))}</td>
                <td>
                  ${badge(state)} ${line.from === null ? null : html` from ${bdi(line.from)}`}
                  ${
                    (line.refused ?? line.note) === null
                      ? null
                      : html`<p class="hint">${line.refused ?? line.note}</p>`
                  }
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${all.length > shownOfEach ? html`<p class="muted">And ${count(all.length - shownOfEach)} more.</p>` : null}
  </section>`;
}
