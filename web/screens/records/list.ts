import type { RecordView } from '../../../server/api/present-record.ts';
import type { RecordCountsView } from '../../../server/services/records/service.ts';
import type { ConnectionView } from '../../../server/views.ts';
import { csrfField, errorSummary, field, type FieldErrors } from '../../components/form.ts';
import { emptyState } from '../../components/notice.ts';
import { time } from '../../components/time.ts';
import { bdi, html, safeUrl, type Html } from '../../html.ts';
import { icon } from '../../icons.ts';
import type { Page } from '../../layout.ts';
import { placesBelow, recordKind } from '../../presenters/record.ts';
import { count, plural } from '../../time.ts';
import {
  filled,
  filterFields,
  isNarrowed,
  listUrl,
  questionUrl,
  recordsBase,
  type ListState,
} from './address.ts';
import { recordsFrame, stateChips } from './frame.ts';
import { listFilters } from './list-filters.ts';
import { stateCell } from './state-cell.ts';

export interface ListScreen {
  csrfToken: string;
  connection: ConnectionView;
  counts: RecordCountsView;
  state: ListState;
  errors: FieldErrors;
  records: RecordView[];
  nextCursor: string | null;
  /** How many fit, counted so far; null: nothing narrows the list. */
  matching: { records: number; more: boolean } | null;
  now: Date;
}

/** Records one below the other: found, narrowed, ordered, and chosen for what is done with many at once. */
export function listScreen(view: ListScreen): Page {
  const { connection, counts, state } = view;
  const only = isNarrowed({ ...state, state: '' }) ? '' : state.state === '' ? 'all' : state.state;
  return {
    title: `All records – ${connection.name}`,
    nav: 'connections',
    width: 'wide',
    content: html`${recordsFrame(connection, 'list')}
    ${
      counts.records === 0
        ? emptyState('page', 'No records yet', 'What a sync reads is listed here, with what became of it.')
        : html`${errorSummary(view.errors)} ${stateChips(connection.id, counts, only)}
          ${listFilters({ connectionId: connection.id, state, counts, errors: view.errors })}
          ${view.records.length === 0 ? nothingFits(view) : found(view)} ${saveForm(view)}`
    }`,
  };
}

function nothingFits({ connection }: ListScreen): Html {
  return html`<p class="muted">
    No record fits. <a href=${listUrl(connection.id, {})}>Show all records</a>
  </p>`;
}

function found(view: ListScreen): Html {
  const { connection, state, records, nextCursor } = view;
  return html`<form class="stack" method="get" action=${`${recordsBase(connection.id)}/choose`} data-chosen>
    <input type="hidden" name="back" value=${listUrl(connection.id, state)} />
    ${bulk(view)}
    <div class="table-scroll" tabindex="0" role="region" aria-label="Records">
      <table class="cards record-list">
        <thead>
          <tr>
            <th scope="col"><span class="hidden-visually">Chosen</span></th>
            <th scope="col">What</th>
            <th scope="col">State</th>
            <th scope="col">Author</th>
            <th scope="col">Changed</th>
          </tr>
        </thead>
        <tbody>
          ${records.map((record) => row(record, view.now))}
        </tbody>
      </table>
    </div>
    ${
      nextCursor === null
        ? null
        : html`<p class="actions">
            <a class="button" rel="next" href=${listUrl(connection.id, state, { cursor: nextCursor })}
              >Show more</a
            >
          </p>`
    }
  </form>`;
}

function bulk({ connection, state, matching, counts }: ListScreen): Html {
  const all = matching?.records ?? counts.records;
  const matched = isNarrowed(state)
    ? (['record matches', 'records match'] as const)
    : (['record', 'records'] as const);
  const every = matching?.more === true ? 'that match' : count(all);
  const target: [string, string][] = [['all', '1'], ...filled(state, filterFields)];
  return html`<div class="card record-bulk">
    <div class="actions" role="group" aria-label="With the chosen records">
      <button type="button" class="needs-script" data-choose-all>Choose all on this page</button>
      <span data-chosen-count role="status">Choose records by their boxes.</span>
      <button type="submit" name="do" value="index">Index</button>
      <button type="submit" name="do" value="unindex">Un-index</button>
      <button type="submit" name="do" value="retry">Retry failed</button>
    </div>
    <p class="actions">
      <span>${matching?.more === true ? 'More than ' : ''}${plural(all, matched[0], matched[1])}</span>
      <a href=${questionUrl(connection.id, 'index', target)}>Index all ${every}</a>
      <a href=${questionUrl(connection.id, 'unindex', target)}>Un-index all ${every}</a>
    </p>
  </div>`;
}

function row(record: RecordView, now: Date): Html {
  const kind = recordKind(record.type);
  const title = record.title === '' ? `${kind.word} ${record.externalId}` : record.title;
  const url = safeUrl(record.url);
  const places = placesBelow(record.space, record.ancestors);
  return html`<tr>
    <td><input type="checkbox" name="id" value=${record.id} aria-label=${`Choose ${title}`} /></td>
    <td>
      <a href=${`/records/${record.id}`}>${icon(kind.icon)} ${bdi(title)}</a>
      <span class="meta">
        <span>${kind.word}</span>
        ${record.space === null ? null : html`<span>${bdi(record.space.name)}</span>`}
        ${places.length === 0 ? null : html`<span>${bdi(places.map((place) => place.title).join(' › '))}</span>`}
        ${url === null ? null : html`<span><a href=${url} rel="noreferrer" aria-label=${`Open in Atlassian: ${title}`}>Open in Atlassian</a></span>`}
      </span>
    </td>
    <td data-label="State">${stateCell(record)}</td>
    <td data-label="Author">
      ${record.author === null ? '–' : bdi(record.author.name || record.author.accountId)}
    </td>
    <td data-label="Changed">${record.modifiedAt === null ? '–' : time(new Date(record.modifiedAt), now)}</td>
  </tr>`;
}

function saveForm({ connection, state, csrfToken }: ListScreen): Html {
  if (!isNarrowed(state)) return null;
  return html`<form class="row end" method="post" action=${`${recordsBase(connection.id)}/selections`}>
    ${csrfField(csrfToken)}
    ${filled(state, filterFields).map(([name, value]) => html`<input type="hidden" name=${name} value=${value} />`)}
    ${field({ name: 'name', label: 'Save these filters as a selection named', required: true })}
    <div class="actions"><button type="submit">Save selection</button></div>
  </form>`;
}
