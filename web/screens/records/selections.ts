import type { SelectionView } from '../../../server/services/records/selections.ts';
import type { ConnectionView } from '../../../server/views.ts';
import { csrfField } from '../../components/form.ts';
import { emptyState } from '../../components/notice.ts';
import { time } from '../../components/time.ts';
import { bdi, html, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { listUrl, questionUrl, recordsBase, type ListState } from './address.ts';
import { recordsFrame } from './frame.ts';

export interface SelectionsScreen {
  csrfToken: string;
  connection: ConnectionView;
  /** With their filters as the list's address has them. */
  selections: (Omit<SelectionView, 'filters'> & { filters: Partial<ListState> })[];
  now: Date;
}

/** Lists under a name, to be indexed and un-indexed at once. */
export function selectionsScreen(view: SelectionsScreen): Page {
  const { connection, selections } = view;
  return {
    title: `Saved selections – ${connection.name}`,
    nav: 'connections',
    width: 'wide',
    content: html`${recordsFrame(connection, 'selections')}
    ${
      selections.length === 0
        ? emptyState(
            'filter',
            'No saved selections',
            'Narrow the list of records by filters and save these under a name. What fits them then is indexed or un-indexed at once, as often as you like.',
            html`<a class="button" href=${listUrl(connection.id, {})}>Go to the list</a>`,
          )
        : table(view)
    }`,
  };
}

function table(view: SelectionsScreen): Html {
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label="Saved selections">
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Filters</th>
          <th scope="col">Saved</th>
          <th scope="col"><span class="hidden-visually">Actions</span></th>
        </tr>
      </thead>
      <tbody>
        ${view.selections.map((one) => row(view, one))}
      </tbody>
    </table>
  </div>`;
}

function row(
  { connection, csrfToken, now }: SelectionsScreen,
  one: SelectionsScreen['selections'][number],
): Html {
  const target: [string, string][] = [['selection', one.id]];
  return html`<tr>
    <td><a href=${listUrl(connection.id, one.filters)}>${bdi(one.name)}</a></td>
    <td data-label="Filters">
      ${Object.entries(one.filters).map(([name, value]) => html`<span class="chip">${name}: ${bdi(value)}</span> `)}
    </td>
    <td data-label="Saved">
      ${time(new Date(one.createdAt), now)}
      ${one.createdBy === null ? null : html`<span class="meta"><span>${bdi(one.createdBy)}</span></span>`}
    </td>
    <td>
      <div class="actions">
        <a
          class="button"
          href=${questionUrl(connection.id, 'index', target)}
          aria-label=${`Index ${one.name}`}
          >Index</a
        >
        <a
          class="button"
          href=${questionUrl(connection.id, 'unindex', target)}
          aria-label=${`Un-index ${one.name}`}
          >Un-index</a
        >
        <form method="post" action=${`${recordsBase(connection.id)}/selections/${one.id}/delete`}>
          ${csrfField(csrfToken)}
          <button type="submit" aria-label=${`Delete the selection ${one.name}`}>Delete</button>
        </form>
      </div>
    </td>
  </tr>`;
}
