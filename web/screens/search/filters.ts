import type { Facet, SearchPage } from '../../../search/types.ts';
import { bdi, html, type Html } from '../../html.ts';
import { icon } from '../../icons.ts';
import { recordKind } from '../../presenters/record.ts';
import { count } from '../../time.ts';
import {
  isFiltered,
  listFilters,
  modifiedPresets,
  searchUrl,
  toggled,
  unfiltered,
  type ListFilter,
  type SearchState,
} from './address.ts';

const names: Record<ListFilter, string> = {
  connection: 'Connection',
  space: 'Space',
  type: 'Type',
  label: 'Label',
  author: 'Author',
  audience: 'Audience',
};

/**
 * What narrows the results: a list for each filter, with counts over what the viewer may see, then what is chosen.
 * `audiences` are those that the viewer may know of.
 */
export function filterBar(
  state: SearchState,
  facets: SearchPage['facets'],
  audiences: readonly string[],
  now: Date,
): Html {
  return html`<div class="stack-tight">
    <div class="filters" role="group" aria-label="Filters">
      ${
        facets.connections.length > 1 || state.connection.length > 0
          ? listFilter('connection', facets.connections, state)
          : null
      }
      ${listFilter('space', facets.spaces, state)}
      ${listFilter(
        'type',
        facets.types.map((facet) => ({ ...facet, label: recordKind(facet.value).many })),
        state,
      )}
      ${listFilter('label', facets.labels, state)} ${authorFilter(state)} ${modifiedFilter(state, now)}
      ${listFilter(
        'audience',
        audiences.map((name) => ({ value: name, label: name })),
        state,
      )}
    </div>
    ${isFiltered(state) ? chosen(state, facets) : null}
  </div>`;
}

function listFilter(
  name: ListFilter,
  facets: (Omit<Facet, 'count'> & { count?: number })[],
  state: SearchState,
): Html {
  if (facets.length === 0) return null;
  return disclosure(
    names[name],
    html`<ul class="chips">
      ${facets.map((facet) => {
        const isChosen = state[name].includes(facet.value);
        return html`<li>
          <a
            class=${isChosen ? 'chip chosen' : 'chip'}
            href=${searchUrl(toggled(state, name, facet.value))}
            aria-current=${isChosen ? 'true' : undefined}
          >
            <span>${isChosen ? icon('check') : null}${bdi(facet.label)}</span>
            ${facet.count === undefined ? null : html`<span class="count">${count(facet.count)}</span>`}
          </a>
        </li>`;
      })}
    </ul>`,
  );
}

function authorFilter(state: SearchState): Html {
  return disclosure(
    names.author,
    html`<form class="stack" method="get" action="/">
      ${hiddenState({ ...state, author: [] })}
      <div class="field">
        <label for="author">Part of the name</label>
        <input id="author" name="author" value=${state.author[0] ?? ''} autocomplete="off" />
      </div>
      <button type="submit">Apply</button>
    </form>`,
  );
}

function modifiedFilter(state: SearchState, now: Date): Html {
  return disclosure(
    'Modified after',
    html`<ul class="chips">
        ${modifiedPresets(now).map(
          (preset) =>
            html`<li>
              <a
                class=${preset.value === state.modifiedAfter ? 'chip chosen' : 'chip'}
                href=${searchUrl({ ...state, modifiedAfter: preset.value })}
                >${preset.label}</a
              >
            </li>`,
        )}
      </ul>
      <form class="stack" method="get" action="/">
        ${hiddenState({ ...state, modifiedAfter: '' })}
        <div class="field">
          <label for="modifiedAfter">A date</label>
          <input id="modifiedAfter" name="modifiedAfter" type="date" value=${state.modifiedAfter} />
        </div>
        <button type="submit">Apply</button>
      </form>`,
  );
}

function disclosure(name: string, panel: Html): Html {
  return html`<details class="filter" name="filter">
    <summary>${name}${icon('down')}</summary>
    <div class="filter-panel">${panel}</div>
  </details>`;
}

function chosen(state: SearchState, facets: SearchPage['facets']): Html {
  const label = (name: ListFilter, value: string): string => {
    if (name === 'type') return recordKind(value).many;
    if (name === 'author' || name === 'audience') return value;
    const lists = { connection: facets.connections, space: facets.spaces, label: facets.labels };
    return lists[name].find((facet) => facet.value === value)?.label ?? value;
  };
  return html`<ul class="chips" aria-label="Chosen filters">
    ${listFilters.flatMap((name) =>
      state[name].map((value) =>
        removable(names[name], bdi(label(name, value)), searchUrl(toggled(state, name, value))),
      ),
    )}
    ${
      state.modifiedAfter === ''
        ? null
        : removable('Modified after', state.modifiedAfter, searchUrl({ ...state, modifiedAfter: '' }))
    }
    <li><a class="chip" href=${searchUrl(unfiltered(state))}>Clear all</a></li>
  </ul>`;
}

function removable(name: string, value: Html, href: string): Html {
  return html`<li>
    <a class="chip chosen" href=${href}>
      <span class="hidden-visually">Remove </span><span>${name}: ${value}</span>${icon('cross')}
    </a>
  </li>`;
}

/** The state as hidden fields, so that a form that changes one part keeps the others. */
export function hiddenState(state: SearchState, except: keyof SearchState | null = null): Html {
  return html`${except === 'q' || state.q === '' ? null : html`<input type="hidden" name="q" value=${state.q} />`}
  ${listFilters.flatMap((name) =>
    state[name].map((value) => html`<input type="hidden" name=${name} value=${value} />`),
  )}
  ${
    state.modifiedAfter === ''
      ? null
      : html`<input type="hidden" name="modifiedAfter" value=${state.modifiedAfter} />`
  }`;
}
