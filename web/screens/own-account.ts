import type { GrantView, OfferedApp } from '../../server/views.ts';
import { badge } from '../components/badge.ts';
import { csrfField } from '../components/form.ts';
import { notice } from '../components/notice.ts';
import { time } from '../components/time.ts';
import { bdi, html, type Html } from '../html.ts';
import { icon } from '../icons.ts';
import type { Page } from '../layout.ts';

export interface OwnAccountView {
  csrfToken: string;
  /** The apps through which a consent can be given, with those that were. */
  offered: OfferedApp[];
  user: { emailVerified: boolean; accounts: readonly { accountId: string }[] };
  /** Where a consent comes back to in a browser without JavaScript. */
  returnTo: '/profile' | '/connect-account';
  now: Date;
}

/** One's own consents and what can be connected: a part of the profile, and the page behind the link for everybody. */
export function ownAccounts(view: OwnAccountView): Html {
  const { offered, user } = view;
  const given = offered.flatMap((app) => app.consents);
  return html`${
    given.length > 0
      ? null
      : html`<p class="muted">
          ${
            user.accounts.length > 0
              ? 'It is known which account is yours.'
              : user.emailVerified
                ? 'You are matched by your email, where Atlassian shows it. A consent of your own is surer: it proves your account even where its email is hidden.'
                : 'It is not known which account is yours, so search may show you less than you may see. A consent of your own proves it.'
          }
        </p>`
  }
  ${offered.map((app) => appPart(app, view))}
  ${
    offered.length === 0
      ? html`<p class="hint">
          As soon as an administrator has connected a site by OAuth, you can connect your account here.
        </p>`
      : null
  }`;
}

function appPart(app: OfferedApp, view: OwnAccountView): Html {
  const alive = app.consents.some((grant) => grant.state === 'active');
  return html`${app.consents.map((grant) => consent(grant, app, view))}
  ${alive || app.consents.length > 0 ? null : connectForm(app, view, 'Connect your Atlassian account')}`;
}

function consent(grant: GrantView, app: OfferedApp, view: OwnAccountView): Html {
  const who = grant.accountName || grant.accountId;
  const dead = grant.state === 'dead';
  // An administrator may remove what a consent proved: then it proves nothing until it is given again.
  const unlinked = !view.user.accounts.some((account) => account.accountId === grant.accountId);
  return html`<div class="stack">
    <div class="row spread">
      <p class="row">
        ${
          unlinked
            ? badge({ word: 'Not linked', tone: 'warning', icon: 'attention' })
            : dead
              ? badge({ word: 'Ended', tone: 'warning', icon: 'attention' })
              : badge({ word: 'Connected', tone: 'good', icon: 'check' })
        }
        <span>
          <strong>${bdi(who)}</strong>${sites(app)}, connected ${time(new Date(grant.createdAt), view.now)}
        </span>
      </p>
      <a
        class="button"
        href=${`/profile/grants/${grant.id}/withdraw`}
        aria-label=${`Withdraw the consent of ${who}`}
        >Withdraw</a
      >
    </div>
    ${
      unlinked
        ? notice(
            'warning',
            'This account no longer counts as yours',
            'An administrator removed the link. If it is yours, connect it again.',
            connectForm(app, view, 'Connect it again', grant.id),
          )
        : dead
          ? notice(
              'warning',
              'This consent has ended',
              html`Atlassian no longer accepts
              it${grant.deadCause === null ? null : html` (${bdi(grant.deadCause)})`}. Which account is yours
              stays known. Reauthenticate, so that Sluice can ask Atlassian for you again.`,
              connectForm(app, view, 'Reauthenticate', grant.id),
            )
          : grant.endsAt !== null
            ? notice(
                'warning',
                'This consent ends soon',
                html`Atlassian ends a consent that is not used for 90 days: this one
                ${time(new Date(grant.endsAt), view.now)}. Give it anew. Which account is yours stays known in
                any case.`,
                connectForm(app, view, 'Reauthenticate', grant.id),
              )
            : html`<p class="hint">
                It proves that this account is yours, even where its email is hidden, so that search shows you
                what you may open there. Nothing is changed there.
              </p>`
    }
  </div>`;
}

function sites(app: OfferedApp): Html {
  if (app.hosts.length === 0) return html` through ${bdi(app.name)}`;
  return html` on ${app.hosts.join(', ')}`;
}

/** `key` tells apart what stands several times on a page. */
function connectForm(app: OfferedApp, view: OwnAccountView, label: string, key = app.id): Html {
  const about = `connect-${key}`;
  return html`<form class="stack" method="post" action="/grants/authorize" data-popup>
    ${csrfField(view.csrfToken)}
    <input type="hidden" name="oauthAppId" value=${app.id} />
    <input type="hidden" name="returnTo" value=${view.returnTo} />
    <input type="hidden" name="popup" value="" />
    <div class="actions">
      <button class="primary" type="submit" aria-describedby=${about}>${label} ${icon('external')}</button>
      <span class="muted breaks" id=${about}>
        ${app.hosts.length === 0 ? html`through ${bdi(app.name)}` : `for ${app.hosts.join(', ')}`}
      </span>
    </div>
    <p role="status" data-consent-words></p>
  </form>`;
}

/** The page behind the link that an administrator sends to everybody. */
export function connectAccountScreen(view: OwnAccountView): Page {
  return {
    title: 'Connect your Atlassian account',
    nav: 'profile',
    content: html`<div class="page-head">
        <h1>Connect your Atlassian account</h1>
        <p class="muted">
          Search shows you what you may open in Confluence, and nothing else. For that it must know which
          Atlassian account is yours: you say so at Atlassian, once.
        </p>
      </div>
      <section class="card" aria-label="Your Atlassian account">${ownAccounts(view)}</section>
      <p><a href="/">Go to search</a> · <a href="/profile">Your profile</a></p>`,
  };
}

/** Asks before a consent is withdrawn, and says what goes with it. */
export function withdrawScreen(view: { csrfToken: string; grant: GrantView; hosts: string[] }): Page {
  const { grant, hosts, csrfToken } = view;
  const where = hosts.length === 0 ? 'the sites that are connected here' : hosts.join(', ');
  return {
    title: 'Withdraw your consent',
    nav: 'profile',
    content: html`<h1>Withdraw the consent of ${bdi(grant.accountName || grant.accountId)}?</h1>
      <section class="card" aria-label="What goes with it">
        <p>
          Sluice forgets your consent and its keys, at once. Of ${where}, search then shows you only what the
          account may see that your email, a sign-in with Atlassian or an administrator names as yours; where
          none does, it shows you nothing of it.
        </p>
        <p class="muted">You can connect again whenever you like.</p>
        <form class="actions" method="post" action=${`/profile/grants/${grant.id}/withdraw`}>
          ${csrfField(csrfToken)}
          <button class="danger" type="submit">Withdraw the consent</button>
          <a class="button" href="/profile">Keep it</a>
        </form>
      </section>`,
  };
}
