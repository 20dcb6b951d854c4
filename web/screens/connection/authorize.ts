import type { CheckView, ConnectionView } from '../../../server/views.ts';
import { badge } from '../../components/badge.ts';
import { noticeAction } from '../../components/banner.ts';
import { checkbox, csrfField } from '../../components/form.ts';
import { notice } from '../../components/notice.ts';
import { time } from '../../components/time.ts';
import { bdi, html, type Html } from '../../html.ts';
import { icon } from '../../icons.ts';
import type { Page } from '../../layout.ts';
import { credentialAction } from '../../presenters/credential.ts';
import { host } from '../connections.ts';
import { drawer } from './drawer.ts';
import { locked } from './locked.ts';

export interface AuthorizeView {
  csrfToken: string;
  connection: ConnectionView;
  /** What the last test in this session found. */
  test: { at: Date; ok: boolean; checks: CheckView[] } | null;
  now: Date;
}

export function authorizeScreen(view: AuthorizeView): Page {
  const { connection } = view;
  const step = connection.steps.authorize;
  return {
    title: `Authorize – ${connection.name}`,
    nav: 'connections',
    width: 'wide',
    content: drawer({
      heading: bdi(connection.name),
      steps: connection.steps,
      current: 'authorize',
      base: `/connections/${connection.id}`,
      body:
        step.state === 'locked'
          ? locked(step.reason, `/connections/${connection.id}/authenticate`, 'Go to Authenticate Instance')
          : open(view),
    }),
  };
}

function open(view: AuthorizeView): Html {
  const { connection, now } = view;
  const step = connection.steps.authorize;
  const done = connection.authorizedAt !== null;
  return html`${
    step.state === 'attention'
      ? notice(
          'warning',
          'This connection needs you',
          step.reason ?? connection.statusMessage,
          elsewhere(view),
        )
      : null
  }
  ${done ? authenticated(connection, now) : null}
  ${connection.auth.method === 'oauth' ? consentForm(view, done) : tokenExplained(connection)}
  ${done ? testPart(view) : null}
  ${
    done && step.state === 'done'
      ? html`<div class="actions">
          <a class="button primary" href=${`/connections/${connection.id}/configure`}
            >Go on to Configure Records</a
          >
        </div>`
      : null
  }`;
}

/** Where something else than a new consent mends it. The form below is for a consent. */
function elsewhere({ connection, csrfToken }: AuthorizeView): Html {
  const byToken = connection.auth.method !== 'oauth';
  const action = credentialAction({ id: connection.id, byToken, cause: connection.statusCause });
  return connection.status === 'needs_reauth' && action.method === 'get'
    ? noticeAction(action, csrfToken)
    : null;
}

function authenticated(connection: ConnectionView, now: Date): Html {
  const stale = connection.steps.authorize.state === 'attention';
  return html`<div class="stack">
    <p>
      ${
        stale
          ? badge({ word: 'Needs reauthentication', tone: 'bad', icon: 'key' })
          : badge({ word: 'Authenticated', tone: 'good', icon: 'check' })
      }
    </p>
    <dl>
      <dt>Account</dt>
      <dd>
        ${connection.account === null ? 'unknown' : bdi(connection.account.name || connection.account.id)}
      </dd>
      <dt>Site</dt>
      <dd>${host(connection.siteUrl)}</dd>
      <dt>Since</dt>
      <dd>${time(connection.authorizedAt === null ? null : new Date(connection.authorizedAt), now)}</dd>
    </dl>
  </div>`;
}

function consentForm({ connection, csrfToken }: AuthorizeView, done: boolean): Html {
  return html`<form
    class="stack"
    method="post"
    action=${`/connections/${connection.id}/authorize`}
    data-popup
  >
    ${csrfField(csrfToken)}
    <input type="hidden" name="popup" value="" />
    ${
      done
        ? html`<p class="muted">Reauthenticate when the consent ended, or when scopes were added.</p>
            ${checkbox({
              name: 'switchAccount',
              value: '1',
              label: 'Use another account',
              hint: 'Unless you choose this, another account than before is refused, so that nothing disappears by mistake.',
              checked: false,
            })}`
        : html`<p>
            Atlassian asks you to consent to reading ${host(connection.siteUrl)}. Sluice then sees what your
            account sees: use an account that may see everything that is to be found.
          </p>`
    }
    <div class="actions">
      <button class=${done ? '' : 'primary'} type="submit">
        ${done ? 'Reauthenticate' : 'Authorize with Atlassian'} ${icon('external')}
      </button>
    </div>
    <p role="status" data-consent-words></p>
  </form>`;
}

function tokenExplained(connection: ConnectionView): Html {
  return html`<p class="muted">
    Sluice signs in with the ${connection.auth.scoped ? 'scoped ' : ''}API token of
    ${' '}<strong>${connection.auth.email ?? 'the account'}</strong>. There is nothing to consent to; to use
    another token, ${' '}<a href=${`/connections/${connection.id}/authenticate`}
      >enter it in Authenticate Instance</a
    >.
  </p>`;
}

function testPart({ connection, csrfToken, test, now }: AuthorizeView): Html {
  return html`<section class="stack" aria-labelledby="test">
    <h2 id="test">Test connection</h2>
    ${
      test === null
        ? html`<p class="muted">Asks Atlassian now: token, site, scopes, rights and visible emails.</p>`
        : html`<p class="muted">Tested ${time(test.at, now)}</p>
            <ul class="checks">
              ${test.checks.map(
                (check) =>
                  html`<li class=${check.ok ? 'tone-good' : 'tone-bad'}>
                    ${icon(check.ok ? 'check' : 'attention')}
                    <span>
                      <strong>${sentence(check.name)}: ${check.ok ? 'ok' : 'not ok'}.</strong>
                      ${check.message}
                    </span>
                  </li>`,
              )}
            </ul>`
    }
    <form method="post" action=${`/connections/${connection.id}/test`}>
      ${csrfField(csrfToken)}
      <button type="submit">${test === null ? 'Test connection' : 'Test again'}</button>
    </form>
  </section>`;
}

function sentence(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
