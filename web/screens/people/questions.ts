import type { PersonView } from '../../../server/services/people/views.ts';
import { badge } from '../../components/badge.ts';
import { csrfField, errorSummary, field, type FieldErrors } from '../../components/form.ts';
import { bdi, html, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { matchedBy, personState, personWords } from '../../presenters/person.ts';
import { plural } from '../../time.ts';

function facts(person: PersonView): Html {
  return html`<dl class="facts breaks">
    <div>
      <dt>Account</dt>
      <dd>${bdi(person.name || person.accountId)}<br /><code class="breaks">${person.accountId}</code></dd>
    </div>
    <div>
      <dt>Email at Atlassian</dt>
      <dd>${person.email === null ? 'hidden' : bdi(person.email)}</dd>
    </div>
    <div>
      <dt>Site</dt>
      <dd>${bdi(person.connection.name)}</dd>
    </div>
    <div>
      <dt>State</dt>
      <dd>${badge(personState(person))}</dd>
    </div>
  </dl>`;
}

/** Links an account with a user, on an administrator's word. */
export function linkScreen(view: {
  csrfToken: string;
  person: PersonView;
  values: { email: string };
  errors: FieldErrors;
}): Page {
  const { person, values, errors, csrfToken } = view;
  return {
    title: 'Link an account',
    nav: 'people',
    content: html`<h1>Link ${bdi(person.name || person.accountId)} with a user</h1>
      ${errorSummary(errors)}
      <section class="card" aria-label="The account">
        ${facts(person)}
        <p class="muted">${bdi(personWords(person))}</p>
        <form class="stack" method="post" action="/people/link">
          ${csrfField(csrfToken)}
          <input type="hidden" name="connection" value=${person.connection.id} />
          <input type="hidden" name="account" value=${person.accountId} />
          ${field({
            name: 'email',
            label: 'Email of the user here',
            inputmode: 'email',
            value: values.email,
            errors,
            hint: 'You vouch that this account is this user’s: he or she then finds whatever the account may open. It counts on every site that knows the account.',
          })}
          <div class="actions">
            <button class="primary" type="submit">Link the account</button>
            <a class="button" href="/people">Back</a>
          </div>
        </form>
      </section>`,
  };
}

/** Asks before a link is removed. */
export function unlinkScreen(view: { csrfToken: string; person: PersonView }): Page {
  const { person, csrfToken } = view;
  const user = person.user?.email ?? '';
  return {
    title: 'Remove a link',
    nav: 'people',
    content: html`<h1>Remove the link of ${bdi(person.name || person.accountId)}?</h1>
      <section class="card" aria-label="The account">
        ${facts(person)}
        <p>
          ${bdi(user)} no longer finds what this account may open, on every site and at once, unless an email
          matches.
          ${
            person.linkedBy === 'administrator'
              ? 'An administrator had linked the two.'
              : `The person had proven it ${matchedBy(person.linkedBy)}, and can do so again.`
          }
        </p>
        <form class="actions" method="post" action="/people/unlink">
          ${csrfField(csrfToken)}
          <input type="hidden" name="account" value=${person.accountId} />
          <button class="danger" type="submit">Remove the link</button>
          <a class="button" href="/people">Keep it</a>
        </form>
      </section>`,
  };
}

/** Asks whether changed emails are still the same people's: one, or all of a page. */
export function confirmEmailScreen(view: { csrfToken: string; people: PersonView[]; more: boolean }): Page {
  const { people, more, csrfToken } = view;
  return {
    title: 'Confirm changed emails',
    nav: 'people',
    width: 'wide',
    content: html`<h1>
        Confirm ${people.length === 1 ? 'a changed email' : `${people.length} changed emails`}
      </h1>
      <p>
        An email that changed may have been given to somebody else: whoever holds it then would find what the
        account may open. So it matches nobody until you confirm that the account still belongs to the person
        who has the new email here.
      </p>
      ${
        people.length === 0
          ? html`<p class="muted">No changed email waits for you.</p>`
          : html`<form class="stack" method="post" action="/people/confirm-email">
              ${csrfField(csrfToken)}
              <div class="table-scroll" tabindex="0" role="region" aria-label="Changed emails">
                <table class="cards people">
                  <thead>
                    <tr>
                      <th scope="col">Account</th>
                      <th scope="col">Email before</th>
                      <th scope="col">Email now</th>
                      <th scope="col">User here who has it</th>
                    </tr>
                  </thead>
                  <tbody>
                    ${people.map(changedRow)}
                  </tbody>
                </table>
              </div>
              ${more ? html`<p class="hint">More are waiting; they follow when these are done.</p>` : null}
              <div class="actions">
                <button class="primary" type="submit">
                  ${people.length === 1 ? 'Yes, it is the same person' : `Yes, all ${plural(people.length, 'account')} are the same people`}
                </button>
                <a class="button" href="/people">Back</a>
              </div>
            </form>`
      }
      ${people.length === 0 ? html`<p><a class="button" href="/people">Back to people</a></p>` : null}`,
  };
}

function changedRow(person: PersonView): Html {
  const named = JSON.stringify([person.connection.id, person.accountId, person.email ?? '']);
  return html`<tr>
    <td>
      <input type="hidden" name="changed" value=${named} />
      <strong>${bdi(person.name || person.accountId)}</strong><br />
      <code class="breaks">${person.accountId}</code>
    </td>
    <td data-label="Email before">${bdi(person.emailBefore ?? '')}</td>
    <td data-label="Email now">${bdi(person.email ?? '')}</td>
    <td data-label="User here who has it">
      ${person.user === null ? html`<span class="muted">nobody</span>` : bdi(person.user.name || person.user.email)}
    </td>
  </tr>`;
}
