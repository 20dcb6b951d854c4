import type { DryRunItemView, DryRunReport } from '../../../server/services/dry-runs.ts';
import type { ConnectionView, ProgressView } from '../../../server/views.ts';
import { dryRunOutcomes, outcomeWords } from '../../../scope/dry-run-words.ts';
import { badge, type State } from '../../components/badge.ts';
import { field, select } from '../../components/form.ts';
import { emptyState, notice } from '../../components/notice.ts';
import { time } from '../../components/time.ts';
import { bdi, html, safeUrl, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { runs } from '../../presenters/run.ts';
import { count, duration, plural } from '../../time.ts';
import { contentTypeNames } from './filters/fields.ts';

export interface DryRunFilterValues {
  outcome: string;
  kind: string;
  space: string;
  reason: string;
  q: string;
}

export interface DryRunScreen {
  connection: ConnectionView;
  run: ProgressView;
  report: DryRunReport;
  items: DryRunItemView[];
  nextCursor: string | null;
  filter: DryRunFilterValues;
  now: Date;
}

const states: Record<DryRunItemView['outcome'], State> = {
  add: { word: 'Add', tone: 'good', icon: 'check' },
  update: { word: 'Update', tone: 'busy', icon: 'sync' },
  remove: { word: 'Remove', tone: 'warning', icon: 'cross' },
  fail: { word: 'Not readable', tone: 'bad', icon: 'attention' },
  leave_out: { word: 'Leave out', tone: 'quiet', icon: 'dot' },
  keep: { word: 'Keep', tone: 'quiet', icon: 'dot' },
};

/** What a dry run found: counts, and each item with what a full sync would do with it. */
export function dryRunScreen(view: DryRunScreen): Page {
  const { connection, run, report, now } = view;
  return {
    title: `Report of the dry run – ${connection.name}`,
    nav: 'connections',
    width: 'wide',
    ...(runs(run) ? { refreshSeconds: 10 } : {}),
    content: html`<div class="page-head">
        <p class="crumbs">
          <a href=${`/connections/${connection.id}`}>${bdi(connection.name)}</a> ›
          <a href=${`/connections/${connection.id}/runs?kind=dry_run`}>Dry runs</a> ›
          <a href=${`/runs/${run.id}`}>Run</a>
        </p>
        <h1>Report of the dry run</h1>
        <p class="muted">
          Started
          ${time(new Date(run.startedAt ?? run.createdAt), now)}${report.candidate ? ', by settings that were tried and not saved' : ''}.
          Nothing was stored or removed.
        </p>
      </div>
      ${unfinished(run, report)}
      ${report.outcomes.length === 0 ? null : html`${counts(report)} ${spaces(report)} ${list(view)}`}`,
  };
}

function unfinished(run: ProgressView, { complete, outcomes }: DryRunReport): Html {
  if (complete && outcomes.length > 0) return null;
  const open = html`<a class="button" href=${`/runs/${run.id}`}>Look at the run</a>`;
  if (runs(run)) {
    return notice('busy', 'The dry run is under way', 'The report is here when it has ended.', open);
  }
  if (complete)
    return emptyState('sync', 'Nothing is in scope', 'The site lists nothing that the settings take in.');
  return notice(
    'warning',
    'The dry run did not come to its end',
    'There is no report: what it had listed was not compared. Start another one.',
    open,
  );
}

function counts({ outcomes, reasons, cost, spaces: inScope }: DryRunReport): Html {
  return html`<section class="card" aria-labelledby="counts">
    <h2 id="counts">What a full sync would do</h2>
    <dl class="facts">
      ${outcomes.map(({ outcome, items }) => fact(outcomeWords[outcome], count(items)))}
      ${fact('Spaces in scope', count(inScope))}
    </dl>
    ${
      reasons.length === 0
        ? null
        : html`<h3 id="reasons">Why</h3>
            <ul aria-labelledby="reasons">
              ${reasons.map(
                ({ outcome, reason, words, items }) =>
                  html`<li>
                    <a href=${`?outcome=${outcome}&reason=${encodeURIComponent(reason)}#items`}
                      >${outcomeWords[outcome]}</a
                    >, ${words}: ${plural(items, 'item')}
                  </li>`,
              )}
            </ul>`
    }
    <h3>What it would cost, about</h3>
    <dl class="facts">
      ${fact('Takes', cost.minutes <= 1 ? 'a minute' : duration(cost.minutes * 60))}
      ${fact('Requests', count(cost.requests))} ${fact('Points', count(cost.points))}
    </dl>
    <p class="hint">People and groups come on top.</p>
  </section>`;
}

const fact = (name: string, value: string): Html =>
  html`<div>
    <dt>${name}</dt>
    <dd class="big">${value}</dd>
  </div>`;

function spaces({ bySpace }: DryRunReport): Html {
  if (bySpace.length === 0) return null;
  return html`<section class="card" aria-labelledby="spaces">
    <h2 id="spaces">By space</h2>
    <div class="table-scroll" tabindex="0" role="region" aria-labelledby="spaces">
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">Space</th>
            <th scope="col" class="number">Add</th>
            <th scope="col" class="number">Update</th>
            <th scope="col" class="number">Remove</th>
            <th scope="col" class="number">Others</th>
          </tr>
        </thead>
        <tbody>
          ${bySpace.map(
            ({ key, add, update, remove, other }) =>
              html`<tr>
                <th scope="row">
                  ${key === null ? 'Of no space that is in scope' : html`<a href=${`?space=${encodeURIComponent(key)}#items`}>${bdi(key)}</a>`}
                </th>
                <td class="number" data-label="Add">${count(add)}</td>
                <td class="number" data-label="Update">${count(update)}</td>
                <td class="number" data-label="Remove">${count(remove)}</td>
                <td class="number" data-label="Others">${count(other)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function list({ run, items, nextCursor, filter }: DryRunScreen): Html {
  const given = Object.entries(filter).filter(([, value]) => value !== '');
  const query = new URLSearchParams(given);
  const path = `/runs/${run.id}/report`;
  return html`<section class="card" aria-labelledby="items">
    <h2 id="items">Items</h2>
    <form class="row end" method="get" action=${`${path}#items`}>
      ${filter.reason === '' ? null : html`<input type="hidden" name="reason" value=${filter.reason} />`}
      ${select({
        name: 'outcome',
        label: 'Outcome',
        value: filter.outcome,
        choices: [
          { value: '', label: 'Every outcome' },
          ...dryRunOutcomes.map((value) => ({ value, label: outcomeWords[value] })),
        ],
      })}
      ${select({
        name: 'kind',
        label: 'Kind',
        value: filter.kind,
        choices: [
          { value: '', label: 'Every kind' },
          ...Object.entries(contentTypeNames).map(([value, label]) => ({ value, label })),
        ],
      })}
      ${field({ name: 'space', label: 'Space key', value: filter.space })}
      ${field({ name: 'q', label: 'Words of the title, or an id', value: filter.q })}
      <div class="actions">
        <button type="submit">Find</button>
        ${given.length === 0 ? null : html`<a href=${`${path}#items`}>Show all</a>`}
        <a class="button" href=${`${path}.csv?${query}`} download>Download CSV</a>
        <a class="button" href=${`${path}.ndjson?${query}`} download>Download JSON lines</a>
      </div>
    </form>
    ${items.length === 0 ? html`<p class="muted">No item fits.</p>` : table(items)}
    ${
      nextCursor === null
        ? null
        : html`<p>
            <a
              class="button"
              rel="next"
              href=${`${path}?${query}&cursor=${encodeURIComponent(nextCursor)}#items`}
              >More items</a
            >
          </p>`
    }
  </section>`;
}

function table(items: readonly DryRunItemView[]): Html {
  return html`<div class="table-scroll" tabindex="0" role="region" aria-labelledby="items">
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">Title</th>
          <th scope="col">Outcome</th>
          <th scope="col">Kind</th>
          <th scope="col">Space</th>
          <th scope="col">Why</th>
        </tr>
      </thead>
      <tbody>
        ${items.map((item) => {
          const url = safeUrl(item.url);
          const title = bdi(item.title === '' ? item.externalId : item.title);
          return html`<tr>
            <td>${url === null ? title : html`<a href=${url} rel="noreferrer">${title}</a>`}</td>
            <td data-label="Outcome">${badge(states[item.outcome])}</td>
            <td data-label="Kind">${contentTypeNames[item.kind]}</td>
            <td data-label="Space">${item.spaceKey === null ? '–' : bdi(item.spaceKey)}</td>
            <td data-label="Why">${item.words ?? '–'}</td>
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}
