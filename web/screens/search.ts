import type { SearchPage } from '../../search/types.ts';
import { csrfField } from '../components/form.ts';
import { emptyState, notice } from '../components/notice.ts';
import { html, type Html } from '../html.ts';
import { icon } from '../icons.ts';
import type { Page } from '../layout.ts';
import { isFiltered, searchUrl, unfiltered, type SearchState } from './search/address.ts';
import { filterBar, hiddenState } from './search/filters.ts';
import { hitList, totalWords } from './search/results.ts';

export interface SearchView {
  state: SearchState;
  /** Null when the search could not be made: then `error` says why. */
  page: SearchPage | null;
  error: string | null;
  /** Nothing is connected, so nothing can be found. */
  nothingConnected: boolean;
  /** Not the first page of the results. */
  further: boolean;
  /** Results of a query whose last word is still being typed. */
  typing: boolean;
  /** Of an administrator: whom to search as. Null for everybody else, and while that goes on. */
  people: { email: string; name: string }[] | null;
  /** Names of the audiences that the viewer may know of. */
  audiences: string[];
  administrator: boolean;
  csrfToken: string;
  now: Date;
}

export function searchScreen(view: SearchView): Page {
  const { state } = view;
  return {
    title: state.q === '' ? 'Search' : `${state.q} – Search`,
    nav: 'search',
    content: html`<h1 class="hidden-visually">Search</h1>
      <search>
        <form class="search-form" method="get" action="/">
          ${hiddenState(state, 'q')}
          <div class="search-field">
            ${icon('search')}
            <input
              id="q"
              name="q"
              type="search"
              value=${state.q}
              aria-label="Search"
              placeholder="Search what you may see"
              autocomplete="off"
              spellcheck="false"
              enterkeyhint="search"
              hx-get="/"
              hx-trigger="input changed delay:150ms"
              hx-include="closest form"
              hx-target="#results"
              hx-select="#results"
              hx-select-oob="#search-status:innerHTML"
              hx-swap="outerHTML"
              hx-replace-url="true"
              hx-sync="this:replace"
              hx-indicator="#results"
            />
            <button class="primary without-script" type="submit">Search</button>
          </div>
        </form>
      </search>
      <p class="hidden-visually" role="status" id="search-status">
        ${view.page === null ? '' : totalWords(view.page, state.q)}
      </p>
      <div id="results" class="stack">${results(view)}</div>
      ${foot(view)}`,
  };
}

function results(view: SearchView): Html {
  const { page, state, now } = view;
  if (view.nothingConnected) return nothingConnected(view.administrator);
  if (page === null) {
    return notice(
      'bad',
      'This search could not be made',
      view.error,
      html`<a class="button" href=${searchUrl(state)}>Start again</a>`,
    );
  }
  return html`${filterBar(state, page.facets, view.audiences, now)}
    <p class="muted" aria-hidden="true">${totalWords(page, state.q)}</p>
    ${page.hits.length === 0 ? noResult(state) : hitList(page.hits, now)}
    ${
      page.nextCursor === null && !view.further
        ? null
        : html`<nav class="row" aria-label="Pages of results">
            ${view.further ? html`<a class="button" href=${searchUrl(state)}>First page</a>` : null}
            ${
              page.nextCursor === null
                ? null
                : html`<a
                    class="button"
                    rel="next"
                    href=${searchUrl(state, { cursor: page.nextCursor, ...(view.typing ? { typing: '1' } : {}) })}
                    >Next page</a
                  >`
            }
          </nav>`
    }`;
}

function noResult(state: SearchState): Html {
  if (isFiltered(state)) {
    return emptyState(
      'search',
      'Nothing that you may see matches with these filters',
      'Other filters, or none, may find more.',
      html`<a class="button" href=${searchUrl(unfiltered(state))}>Search without filters</a>`,
    );
  }
  return emptyState(
    'search',
    state.q === '' ? 'Nothing that you may see is indexed yet' : 'Nothing that you may see matches',
    state.q === ''
      ? 'As soon as a sync has brought something in that you may open in Atlassian, it is here.'
      : 'Try fewer or other words. Words in "quotation marks" must stand together; a minus sign leaves a word out.',
    html`<a class="button" href="/explain">Why don’t I see…?</a>`,
  );
}

function nothingConnected(administrator: boolean): Html {
  return administrator
    ? emptyState(
        'connections',
        'Nothing is connected yet',
        'Connect a Confluence site: after its first sync, everybody finds here what they may see there.',
        html`<a class="button primary" href="/connections/new">${icon('plus')}New connection</a>`,
      )
    : emptyState(
        'connections',
        'Nothing is connected yet',
        'An administrator has to connect a Confluence site first. Then what you may see there is found here.',
      );
}

function foot(view: SearchView): Html {
  return html`<footer class="stack foot">
    <details>
      <summary>Why don’t I see…?</summary>
      <div class="prose">
        <p>
          Search shows what you may open in Atlassian, nothing more. A page may be restricted, or be below a
          restricted one; it may be newer than the last sync; or it may be unknown which Atlassian account is
          yours.
        </p>
        <p><a href="/explain">Ask about a page</a> · <a href="/profile">Check your Atlassian account</a></p>
      </div>
    </details>
    ${view.people === null ? null : searchAsForm(view.people, view.csrfToken)}
    <p class="hint needs-script">
      <kbd>/</kbd> to search, <kbd>↑</kbd> <kbd>↓</kbd> to move, <kbd>Enter</kbd> to open
    </p>
  </footer>`;
}

function searchAsForm(people: { email: string; name: string }[], csrfToken: string): Html {
  return html`<details>
    <summary>Search as somebody else</summary>
    <form class="row" method="post" action="/search-as">
      ${csrfField(csrfToken)}
      <div class="field grow">
        <label for="person">Email of the person</label>
        <p class="hint" id="person-hint">
          You see what this person may see. The audit log keeps that you did.
        </p>
        <input
          id="person"
          name="email"
          type="email"
          autocomplete="off"
          required
          aria-describedby="person-hint"
          list="people"
        />
      </div>
      <datalist id="people">
        ${people.map((person) => html`<option value=${person.email}>${person.name}</option>`)}
      </datalist>
      <button type="submit">Search as this person</button>
    </form>
  </details>`;
}
