import type { UserBelongings } from '../../../server/services/contracts.ts';
import type { SessionView } from '../../../server/services/sessions.ts';
import type { ApiKeyView, UserView } from '../../../server/views.ts';
import { copyField } from '../../components/copy.ts';
import { csrfField, errorSummary, field, type FieldErrors } from '../../components/form.ts';
import { keyList } from '../../components/keys.ts';
import { notice } from '../../components/notice.ts';
import { sessionList } from '../../components/sessions.ts';
import { time } from '../../components/time.ts';
import { bdi, html, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { plural } from '../../time.ts';
import { settingsFrame } from './frame.ts';

export interface UserPageView {
  csrfToken: string;
  user: UserView;
  own: boolean;
  sessions: SessionView[];
  keys: ApiKeyView[];
  /** A link that was made a moment ago: the only time that it is shown. */
  invitation: { url: string; expiresAt: string } | null;
  now: Date;
}

/** One person who uses Sluice: the link for a password, sessions, keys, and the end of it all. */
export function userScreen(view: UserPageView): Page {
  const { user, own, csrfToken, now } = view;
  const path = `/settings/users/${user.id}`;
  return {
    title: user.name || user.email,
    nav: 'settings',
    content: html`${settingsFrame('users')}
      <div class="page-head">
        <h2>${bdi(user.name || user.email)}</h2>
        <p class="muted">
          ${user.email} · ${user.effectiveRole === 'administrator' ? 'Administrator' : 'Member'} ·
          ${user.active ? 'active' : 'deactivated'} · signed in
          ${time(user.signedInAt === null ? null : new Date(user.signedInAt), now)}
        </p>
      </div>
      <section class="card" aria-labelledby="password">
        <h3 id="password">Link for a password</h3>
        ${invitationPart(view, path)}
      </section>
      <section class="card" aria-labelledby="sessions">
        <h3 id="sessions">Sessions</h3>
        ${sessionList({ sessions: view.sessions, csrfToken, path: `${path}/sessions`, now })}
      </section>
      <section class="card" aria-labelledby="keys">
        <h3 id="keys">API keys</h3>
        ${keyList({ keys: view.keys, csrfToken, path: '/settings/api-keys', showOwner: false, now })}
      </section>
      ${
        own
          ? null
          : html`<p class="actions">
              <a class="button danger" href=${`${path}/delete`}>Delete this person…</a>
            </p>`
      }
      <p><a href="/settings/users">All users</a></p>`,
  };
}

function invitationPart({ user, invitation, csrfToken, now }: UserPageView, path: string): Html {
  if (!user.active) {
    return html`<p class="muted">A deactivated person gets no link. Activate this person first.</p>`;
  }
  const out = user.invitation;
  const over = out !== null && new Date(out.expiresAt) <= now;
  return html`${
      invitation === null
        ? null
        : notice(
            'good',
            'The link is made',
            copyField({
              id: 'invitation-link',
              label: 'Link',
              value: invitation.url,
              hint: 'Send it yourself: Sluice mails nothing. It is shown this once, works once, and for 72 hours.',
            }),
          )
    }
    <p>
      ${
        out === null
          ? 'Whoever has the link chooses a password and is signed in as this person.'
          : html`A link is out; it ${over ? 'ended' : 'ends'} ${time(new Date(out.expiresAt), now)}. A new one
            replaces it.`
      }
    </p>
    <div class="actions">
      <form method="post" action=${`${path}/invitation`}>
        ${csrfField(csrfToken)}
        <button type="submit">${out === null ? 'Make a link' : 'Make a new link'}</button>
      </form>
      ${
        out === null
          ? null
          : html`<form method="post" action=${`${path}/invitation/revoke`}>
              ${csrfField(csrfToken)}
              <button class="quiet" type="submit">Take the link back</button>
            </form>`
      }
    </div>`;
}

/** Asks before a person is deleted: with what goes and what stays, and for the email. */
export function deleteUserScreen(view: {
  csrfToken: string;
  belongings: UserBelongings;
  errors: FieldErrors;
}): Page {
  const { belongings, errors, csrfToken } = view;
  const { user } = belongings;
  const path = `/settings/users/${user.id}`;
  return {
    title: `Delete ${user.name || user.email}`,
    nav: 'settings',
    content: html`${settingsFrame('users')}
      <div class="card">
        <h2>Delete ${bdi(user.name || user.email)}?</h2>
        ${errorSummary(errors)}
        <p>This deletes from Sluice, for good:</p>
        <ul>
          <li>
            the person, with ${plural(belongings.sessions, 'session')} and
            ${plural(belongings.apiKeys, 'API key')}
          </li>
          <li>
            ${plural(belongings.consents, 'consent')} of their own and what was proven of their Atlassian
            account
          </li>
        </ul>
        <p>
          ${
            belongings.connections === 0
              ? 'No connection was made by this person.'
              : `${plural(belongings.connections, 'connection')} made by this person stay and go on.`
          }
          The audit log keeps what was done. To end access and keep the rest, deactivate instead.
        </p>
        <form class="stack" method="post" action=${`${path}/delete`}>
          ${csrfField(csrfToken)}
          ${field({
            name: 'confirmation',
            label: 'Type the email of the person',
            errors,
            hint: html`The email is <strong>${bdi(user.email)}</strong>.`,
          })}
          <div class="actions">
            <button class="danger" type="submit">Delete this person</button>
            <a href=${path}>Keep</a>
          </div>
        </form>
      </div>`,
  };
}
