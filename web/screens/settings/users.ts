import type { UserView } from '../../../server/views.ts';
import { badge } from '../../components/badge.ts';
import { csrfField, errorSummary, field, radios, type FieldErrors } from '../../components/form.ts';
import { time } from '../../components/time.ts';
import { bdi, html, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { settingsFrame } from './frame.ts';

export interface UsersView {
  csrfToken: string;
  users: UserView[];
  nextCursor: string | null;
  ownId: string;
  values: { email: string; name: string; role: 'administrator' | 'member' };
  errors: FieldErrors;
  now: Date;
}

export function usersScreen(view: UsersView): Page {
  const { users, values, errors, csrfToken, nextCursor } = view;
  return {
    title: 'Users',
    nav: 'settings',
    width: 'wide',
    content: html`${settingsFrame('users')}
      <div class="table-scroll" tabindex="0" role="region" aria-label="Users">
        <table class="cards">
          <thead>
            <tr>
              <th scope="col">Person</th>
              <th scope="col">Role</th>
              <th scope="col">Atlassian account</th>
              <th scope="col">Signed in</th>
              <th scope="col">Change</th>
            </tr>
          </thead>
          <tbody>
            ${users.map((user) => userRow(user, view))}
          </tbody>
        </table>
      </div>
      ${
        nextCursor === null
          ? null
          : html`<p>
              <a class="button" rel="next" href=${`?cursor=${encodeURIComponent(nextCursor)}`}>More people</a>
            </p>`
      }
      <section class="card" aria-labelledby="add">
        <h2 id="add">Add a person</h2>
        ${errorSummary(errors)}
        <form class="stack" method="post" action="/settings/users">
          ${csrfField(csrfToken)}
          ${field({
            name: 'email',
            label: 'Email',
            type: 'text',
            inputmode: 'email',
            value: values.email,
            errors,
            hint: 'You vouch that it is this person’s: it is matched with the email of an Atlassian account, where that one is visible.',
          })}
          ${field({ name: 'name', label: 'Name', value: values.name, errors })}
          ${radios({
            name: 'role',
            legend: 'Role',
            value: values.role,
            errors,
            choices: [
              { value: 'member', label: 'Member', hint: 'Searches what he or she may see.' },
              {
                value: 'administrator',
                label: 'Administrator',
                hint: 'Also manages connections, users and keys.',
              },
            ],
          })}
          ${field({
            name: 'password',
            label: 'Password (optional)',
            type: 'password',
            errors,
            autocomplete: 'new-password',
            hint: 'Without one, you make a link on the next page by which the person chooses it, or the person signs in with Atlassian.',
          })}
          <div class="actions"><button class="primary" type="submit">Add this person</button></div>
        </form>
      </section>`,
  };
}

const sources = { sign_in: 'by sign-in', grant: 'by consent', administrator: 'by an administrator' };

function userRow(user: UserView, view: UsersView): Html {
  return html`<tr>
    <td>
      <a href=${`/settings/users/${user.id}`}><strong>${bdi(user.name || user.email)}</strong></a>
      ${user.name === '' ? null : html`<br /><span class="muted">${user.email}</span>`}
    </td>
    <td data-label="Role">
      ${user.effectiveRole === 'administrator' ? 'Administrator' : 'Member'}${roleSource(user)}
      ${user.active ? null : html` ${badge({ word: 'Deactivated', tone: 'quiet', icon: 'cross' })}`}
      ${user.invitation === null ? null : html` ${badge({ word: 'Invited', tone: 'quiet', icon: 'clock' })}`}
    </td>
    <td data-label="Atlassian account">
      ${
        user.accounts.length > 0
          ? user.accounts.map((account) => html`<span>Proven ${sources[account.source]} </span>`)
          : user.emailVerified
            ? 'By email, where Atlassian shows it'
            : 'Not known'
      }
    </td>
    <td data-label="Signed in">
      ${time(user.signedInAt === null ? null : new Date(user.signedInAt), view.now)}
    </td>
    <td>
      ${user.id === view.ownId ? html`<span class="muted">This is you</span>` : userActions(user, view.csrfToken)}
    </td>
  </tr>`;
}

function roleSource({ roleThrough }: UserView): Html {
  if (roleThrough === null) return null;
  const { connection, group } = roleThrough;
  return html`,
    <a href=${`/connections/${connection.id}/permissions#roles`}
      >through group ${bdi(group.name)} of ${bdi(connection.name)}</a
    >`;
}

function userActions(user: UserView, csrfToken: string): Html {
  const other = user.role === 'administrator' ? 'member' : 'administrator';
  const who = user.name || user.email;
  const [role, active] = [`Make ${other}`, user.active ? 'Deactivate' : 'Activate'];
  return html`<div class="row-tight wrap">
    <form method="post" action=${`/settings/users/${user.id}/role`}>
      ${csrfField(csrfToken)}
      <input type="hidden" name="role" value=${other} />
      <button class="quiet" type="submit" aria-label=${`${role}: ${who}`}>${role}</button>
    </form>
    <form method="post" action=${`/settings/users/${user.id}/active`}>
      ${csrfField(csrfToken)}
      <input type="hidden" name="active" value=${user.active ? 'no' : 'yes'} />
      <button class="quiet" type="submit" aria-label=${`${active}: ${who}`}>${active}</button>
    </form>
  </div>`;
}
