import type { PeoplePage, PersonView } from '../../../server/services/people/views.ts';
import { badge } from '../../components/badge.ts';
import { emptyState, notice } from '../../components/notice.ts';
import { select } from '../../components/form.ts';
import { time } from '../../components/time.ts';
import { bdi, html, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { idle, matchedBy, personState, personWords, reasonNames } from '../../presenters/person.ts';
import { count, plural } from '../../time.ts';
import { siteSelect, stateSelect } from './filters.ts';
import { peopleFrame, queryOf } from './frame.ts';
import { outreach, type Outreach } from './outreach.ts';

export interface AccountsFilter {
  connection: string;
  /** `attention`, `all`, `matched`, or a reason. */
  state: string;
  q: string;
  sort: 'records' | 'name';
}

export interface AccountsView {
  connections: { id: string; name: string }[];
  filter: AccountsFilter;
  page: PeoplePage;
  outreach: Outreach;
  now: Date;
}

/** Accounts of connected sites: whom could we not match, what do they miss, how is it mended? */
export function accountsScreen(view: AccountsView): Page {
  const { connections, filter, page } = view;
  const query = { ...filter };
  return {
    title: 'People',
    nav: 'people',
    width: 'wide',
    content: html`${peopleFrame('accounts')}
    ${
      connections.length === 0
        ? emptyState(
            'people',
            'Nobody is known yet',
            'The people of a site are read with its first sync. Connect a site, and whoever cannot be matched is listed here.',
            html`<a class="button primary" href="/connections/new">New connection</a>`,
          )
        : html`${summary(page.counts)} ${filters(view)}
            ${
              page.uncounted === 0
                ? null
                : notice(
                    'busy',
                    `What ${plural(page.uncounted, 'account', 'accounts')} may read is not counted yet`,
                    'Those that are counted come first. Counting goes on: load this page again in a moment.',
                  )
            }
            ${page.items.length === 0 ? nobody(view) : table(view)}
            <div class="actions">
              ${
                page.nextCursor === null
                  ? null
                  : html`<a
                      class="button"
                      rel="next"
                      href=${`/people${queryOf({ ...query, cursor: page.nextCursor })}`}
                      >More people</a
                    >`
              }
              ${
                page.items.some((person) => person.reason === 'email_changed')
                  ? html`<a
                      class="button"
                      href=${`/people/confirm-email${queryOf({ ...query, state: 'email_changed', sort: 'name' })}`}
                      >Confirm changed emails…</a
                    >`
                  : null
              }
              <a class="button" href=${`/people/accounts.csv${queryOf(query)}`}>Export these as CSV</a>
            </div>`
    }
    ${outreach(view.outreach)}`,
  };
}

function summary(counts: Record<string, number>): Html {
  const of = (names: readonly string[]) => names.reduce((sum, name) => sum + (counts[name] ?? 0), 0);
  const open = of(Object.keys(reasonNames).filter((name) => !(idle as readonly string[]).includes(name)));
  const total = open + of(['matched']);
  return html`<p>
    <strong>
      ${
        open === 0
          ? `All ${plural(total, 'person is', 'people are')} matched.`
          : `${count(open)} of ${plural(total, 'person', 'people')} ${open === 1 ? 'is' : 'are'} not matched.`
      }
    </strong>
    ${of(idle) === 0 ? null : html` <span class="muted">${plural(of(idle), 'more account')} closed or no person’s.</span>`}
  </p>`;
}

function filters({ connections, filter, page }: AccountsView): Html {
  const { counts } = page;
  const shared = {
    connections,
    filter,
    counts,
    reasonNames,
    usual: { value: 'attention', label: 'Not matched' },
  };
  return html`<form class="row end" method="get" action="/people" role="search" aria-label="People">
    <div class="field grow">
      <label for="people-q">Name, email or account id</label>
      <input id="people-q" name="q" value=${filter.q} autocomplete="off" spellcheck="false" />
    </div>
    ${stateSelect(shared)} ${siteSelect(shared)}
    ${select({
      name: 'sort',
      label: 'First',
      value: filter.sort,
      choices: [
        { value: 'records', label: 'Who misses most' },
        { value: 'name', label: 'By name' },
      ],
    })}
    <button type="submit">Show</button>
  </form>`;
}

function nobody({ filter }: AccountsView): Html {
  if (filter.q === '' && filter.state === 'attention')
    return emptyState(
      'check',
      'Everybody is matched',
      'Whoever cannot be matched will be listed here, with the reason.',
    );
  return emptyState(
    'people',
    'Nobody is found',
    'No account has this state and these words.',
    html`<a class="button" href="/people?state=all">Show everybody</a>`,
  );
}

function table(view: AccountsView): Html {
  const sites = view.connections.length > 1;
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label="Accounts">
    <table class="cards people">
      <thead>
        <tr>
          <th scope="col" class="third">Account</th>
          <th scope="col" class="third">State</th>
          <th scope="col" class="sixth">User here</th>
          <th scope="col">Misses</th>
          <th scope="col">Change</th>
        </tr>
      </thead>
      <tbody>
        ${view.page.items.map((person) => row(person, sites, view.now))}
      </tbody>
    </table>
  </div>`;
}

function row(person: PersonView, sites: boolean, now: Date): Html {
  const who = person.name || person.accountId;
  return html`<tr>
    <td>
      <strong>${bdi(who)}</strong><br />
      <span class="muted">${person.email === null ? 'email hidden' : bdi(person.email)}</span><br />
      <code class="breaks">${person.accountId}</code>
      ${sites ? html`<br /><span class="muted">on ${bdi(person.connection.name)}</span>` : null}
    </td>
    <td data-label="State">
      ${badge(personState(person))}
      <p class="hint">${bdi(personWords(person))}</p>
    </td>
    <td data-label="User here">
      ${person.user === null ? html`<span class="muted">nobody</span>` : bdi(person.user.email)}
      ${person.reason === null ? html`<br /><span class="muted">${matchedBy(person.matchedBy)}</span>` : null}
    </td>
    <td data-label="Misses">${misses(person, now)}</td>
    <td>${changes(person, who)}</td>
  </tr>`;
}

function misses(person: PersonView, now: Date): Html {
  if (person.reason === null || idle.includes(person.reason)) return html`<span class="muted">nothing</span>`;
  if (person.records === null || person.countedAt === null)
    return html`<span class="muted">not counted</span>`;
  return html`${plural(person.records, 'record')}<br />
    <span class="muted">${time(new Date(person.countedAt), now)}</span>`;
}

function changes(person: PersonView, who: string): Html {
  const query = queryOf({ connection: person.connection.id, account: person.accountId });
  const quiet = person.reason !== null && idle.includes(person.reason);
  return html`<div class="row-tight wrap">
    ${
      person.reason === 'email_changed'
        ? html`<a href=${`/people/confirm-email${query}`} aria-label=${`Confirm the email of ${who}`}
            >Confirm…</a
          >`
        : null
    }
    ${
      person.linkedBy === null
        ? quiet
          ? null
          : html`<a href=${`/people/link${query}`} aria-label=${`Link ${who} with a user`}>Link…</a>`
        : html`<a href=${`/people/unlink${query}`} aria-label=${`Unlink ${who}`}>Unlink…</a>`
    }
  </div>`;
}
