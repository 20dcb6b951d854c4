import type { SessionView } from '../../server/services/sessions.ts';
import type { ApiKeyView, OfferedApp, UserView } from '../../server/views.ts';
import { csrfField, errorSummary, field, newPassword, type FieldErrors } from '../components/form.ts';
import { keyLife, keyList, newKey } from '../components/keys.ts';
import { sessionList } from '../components/sessions.ts';
import { bdi, html, type Html } from '../html.ts';
import { icon } from '../icons.ts';
import type { Page } from '../layout.ts';
import { ownAccounts } from './own-account.ts';

export interface ProfileView {
  csrfToken: string;
  user: UserView;
  /** The apps through which a consent can be given, with those that were. */
  offered: OfferedApp[];
  keys: ApiKeyView[];
  sessions: SessionView[];
  made: { name: string; key: string } | null;
  errors: FieldErrors;
  now: Date;
}

export function profileScreen(view: ProfileView): Page {
  const { user, csrfToken, errors } = view;
  return {
    title: 'Profile',
    nav: 'profile',
    content: html`<div class="page-head">
        <h1>Profile</h1>
        <p class="muted">
          ${bdi(user.name || user.email)} · ${user.email} ·
          ${user.effectiveRole === 'administrator' ? ' Administrator' : ' Member'}
        </p>
      </div>
      ${errorSummary(errors)} ${account(view)}
      <section class="card" aria-labelledby="keys">
        <h2 id="keys">Your API keys</h2>
        ${newKey(view.made)}
        ${keyList({ keys: view.keys, csrfToken, path: '/profile', showOwner: false, now: view.now })}
        <form class="row end" method="post" action="/profile/api-keys">
          ${csrfField(csrfToken)}
          <div class="grow">
            ${field({ name: 'name', label: 'Name of a new key', errors, hint: 'It searches and reads what you may see.' })}
          </div>
          ${keyLife('90')}
          <button type="submit">Make a key</button>
        </form>
      </section>
      <section class="card" aria-labelledby="sessions">
        <h2 id="sessions">Where you are signed in</h2>
        ${sessionList({ sessions: view.sessions, csrfToken, path: '/profile/sessions', now: view.now })}
      </section>
      <section class="card" aria-labelledby="password">
        <h2 id="password">Password</h2>
        <form class="stack" method="post" action="/profile/password">
          ${csrfField(csrfToken)}
          ${field({
            name: 'current',
            label: 'Current password',
            type: 'password',
            errors,
            autocomplete: 'current-password',
            hint: 'Leave it empty if you have none yet.',
          })}
          ${newPassword({ label: 'New password', errors })}
          <div class="actions"><button type="submit">Change the password</button></div>
        </form>
      </section>
      <form method="post" action="/sign-out">
        ${csrfField(csrfToken)}
        <button type="submit">${icon('signOut')}Sign out</button>
      </form>`,
  };
}

function account(view: ProfileView): Html {
  return html`<section class="card" aria-labelledby="account">
    <h2 id="account">Your Atlassian account</h2>
    ${ownAccounts({ ...view, returnTo: '/profile' })}
  </section>`;
}
