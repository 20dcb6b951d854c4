import type { UserMatchesPage, UserMatchView } from '../../../server/services/people/views.ts';
import { badge } from '../../components/badge.ts';
import { emptyState } from '../../components/notice.ts';
import { bdi, html, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { accountlessNames, userMatchState, userMatchWords } from '../../presenters/person.ts';
import { siteSelect, stateSelect } from './filters.ts';
import { peopleFrame, queryOf } from './frame.ts';

export interface UsersFilter {
  connection: string;
  /** `unmatched`, `all`, `matched`, or a reason. */
  state: string;
  q: string;
}

export interface UserMatchesView {
  connections: { id: string; name: string }[];
  filter: UsersFilter;
  page: UserMatchesPage;
}

/** Users of Sluice: who has no account on a connected site, and why? */
export function userMatchesScreen(view: UserMatchesView): Page {
  const { connections, filter, page } = view;
  return {
    title: 'Users here',
    nav: 'people',
    width: 'wide',
    content: html`${peopleFrame('users')}
    ${
      connections.length === 0
        ? emptyState(
            'people',
            'No site is connected yet',
            'Once one is, this page tells which users have no account there, and why.',
            html`<a class="button primary" href="/connections/new">New connection</a>`,
          )
        : html`${filters(view)} ${page.items.length === 0 ? nobody(filter) : table(view)}
          ${
            page.nextCursor === null
              ? null
              : html`<p>
                  <a
                    class="button"
                    rel="next"
                    href=${`/people/users${queryOf({ ...filter, cursor: page.nextCursor })}`}
                    >More users</a
                  >
                </p>`
          }`
    }`,
  };
}

function filters({ connections, filter, page: { counts } }: UserMatchesView): Html {
  const shared = {
    connections,
    filter,
    counts,
    reasonNames: accountlessNames,
    usual: { value: 'unmatched', label: 'Without an account' },
  };
  return html`<form class="row end" method="get" action="/people/users" role="search" aria-label="Users">
    <div class="field grow">
      <label for="people-q">Name or email</label>
      <input id="people-q" name="q" value=${filter.q} autocomplete="off" spellcheck="false" />
    </div>
    ${stateSelect(shared)} ${siteSelect(shared)}
    <button type="submit">Show</button>
  </form>`;
}

function nobody(filter: UsersFilter): Html {
  return filter.q === '' && filter.state === 'unmatched'
    ? emptyState(
        'check',
        'Everybody has an account',
        'Users whom no account is matched with will be listed here.',
      )
    : emptyState(
        'people',
        'Nobody is found',
        'No user has this state and these words.',
        html`<a class="button" href="/people/users?state=all">Show everybody</a>`,
      );
}

function table(view: UserMatchesView): Html {
  const sites = view.connections.length > 1;
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label="Users">
    <table class="cards people">
      <thead>
        <tr>
          <th scope="col">User</th>
          ${sites ? html`<th scope="col">Site</th>` : null}
          <th scope="col">State</th>
          <th scope="col">Account</th>
        </tr>
      </thead>
      <tbody>
        ${view.page.items.map((each) => row(each, sites))}
      </tbody>
    </table>
  </div>`;
}

function row(each: UserMatchView, sites: boolean): Html {
  const { user, connection, accountId } = each;
  const accounts = queryOf({ connection: connection.id, state: 'all', q: accountId });
  return html`<tr>
    <td>
      <strong>${bdi(user.name || user.email)}</strong>
      ${user.name === '' ? null : html`<br /><span class="muted">${bdi(user.email)}</span>`}
    </td>
    ${sites ? html`<td data-label="Site">${bdi(connection.name)}</td>` : null}
    <td data-label="State">
      ${badge(userMatchState(each))}
      <p class="hint">${bdi(userMatchWords(each))}</p>
    </td>
    <td data-label="Account">
      ${
        accountId === null
          ? html`<span class="muted">none</span><br /><a
                href=${`/people${queryOf({ connection: connection.id, q: user.name || user.email.split('@')[0] })}`}
                aria-label=${`Look for it: ${user.name || user.email}`}
                >Look for it</a
              >`
          : html`<a href=${`/people${accounts}`}><code class="breaks">${accountId}</code></a>`
      }
    </td>
  </tr>`;
}
