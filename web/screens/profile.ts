import type { ApiKeyView, GrantView, UserView } from '../../server/views.ts';
import { badge } from '../components/badge.ts';
import { csrfField, errorSummary, field, type FieldErrors } from '../components/form.ts';
import { keyList, newKey } from '../components/keys.ts';
import { notice } from '../components/notice.ts';
import { time } from '../components/time.ts';
import { bdi, html, type Html } from '../html.ts';
import { icon } from '../icons.ts';
import type { Page } from '../layout.ts';

export interface ProfileView {
  csrfToken: string;
  user: UserView;
  grants: GrantView[];
  /** The apps through which a consent can be given. */
  offered: { id: string; name: string; granted: boolean }[];
  keys: ApiKeyView[];
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
          ${user.role === 'administrator' ? ' Administrator' : ' Member'}
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
          <button type="submit">Make a key</button>
        </form>
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
          ${field({
            name: 'password',
            label: 'New password',
            type: 'password',
            errors,
            autocomplete: 'new-password',
            hint: 'At least 10 characters; a few words do well.',
          })}
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
  const { grants, offered, user } = view;
  const open = offered.filter((app) => !app.granted);
  return html`<section class="card" aria-labelledby="account">
    <h2 id="account">Your Atlassian account</h2>
    ${grants.map((grant) => grantItem(grant, view))}
    ${
      grants.length === 0
        ? html`<p class="muted">
            ${
              user.accounts.length > 0
                ? 'It is known which account is yours.'
                : user.emailVerified
                  ? 'You are matched by your email, where Atlassian shows it. A consent of your own is surer: it proves your account even where its email is hidden.'
                  : 'It is not known which account is yours, so search may show you less than you may see. A consent of your own proves it.'
            }
          </p>`
        : null
    }
    ${open.map((app) => connectForm(app, open.length > 1, view.csrfToken))}
    ${
      open.length === 0 && grants.length === 0
        ? html`<p class="hint">
            As soon as an administrator has connected a site by OAuth, you can connect your account here.
          </p>`
        : null
    }
  </section>`;
}

function grantItem(grant: GrantView, { csrfToken, now }: ProfileView): Html {
  const who = grant.accountName || grant.accountId;
  return html`<div class="stack">
    ${
      grant.state === 'dead'
        ? notice('warning', 'This consent has ended', grant.deadCause ?? 'Connect again to renew it.')
        : null
    }
    <div class="row spread">
      <p class="row">
        ${
          grant.state === 'active'
            ? badge({ word: 'Connected', tone: 'good', icon: 'check' })
            : badge({ word: 'Ended', tone: 'warning', icon: 'attention' })
        }
        <span
          ><strong>${bdi(who)}</strong> through ${bdi(grant.oauthApp.name)},
          ${time(new Date(grant.createdAt), now)}</span
        >
      </p>
      <form method="post" action=${`/profile/grants/${grant.id}/withdraw`}>
        ${csrfField(csrfToken)}
        <button type="submit" aria-label=${`Withdraw the consent of ${who}`}>Withdraw</button>
      </form>
    </div>
  </div>`;
}

function connectForm(app: { id: string; name: string }, several: boolean, csrfToken: string): Html {
  return html`<form class="stack" method="post" action="/grants/authorize" data-popup>
    ${csrfField(csrfToken)}
    <input type="hidden" name="oauthAppId" value=${app.id} />
    <input type="hidden" name="popup" value="" />
    <div class="actions">
      <button class="primary" type="submit">
        Connect your Atlassian account${several ? html` through ${bdi(app.name)}` : null} ${icon('external')}
      </button>
    </div>
    <p role="status" data-consent-words></p>
  </form>`;
}
