import type { NoticeDeliveryView, NoticeTargetView } from '../../../server/services/notice-views.ts';
import { badge, type State } from '../../components/badge.ts';
import { csrfField, errorSummary, field, type FieldErrors } from '../../components/form.ts';
import { time } from '../../components/time.ts';
import { bdi, html, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { plural } from '../../time.ts';
import { settingsFrame } from './frame.ts';
import { newSecret } from './notifications.ts';

export interface TargetView {
  csrfToken: string;
  target: NoticeTargetView;
  /** Newest first, a page of them. */
  deliveries: NoticeDeliveryView[];
  nextCursor: string | null;
  /** A secret that was made a moment ago. */
  made: { name: string; secret: string } | null;
  errors: FieldErrors;
  now: Date;
}

export function targetScreen(view: TargetView): Page {
  const { target, csrfToken, errors, now } = view;
  const base = `/settings/notifications/${target.id}`;
  return {
    title: `${target.name} – Notifications`,
    nav: 'settings',
    width: 'wide',
    content: html`${settingsFrame('notifications')} ${newSecret(view.made)}
      <div class="row spread">
        <div>
          <h2>${bdi(target.name)}</h2>
          <p class="muted">
            <code>${target.origin}/…</code> · added ${time(new Date(target.createdAt), now)}
          </p>
        </div>
        ${
          target.enabled
            ? badge({ word: 'Active', tone: 'good', icon: 'check' })
            : badge({ word: 'Disabled', tone: 'quiet', icon: 'cross' })
        }
      </div>
      <div class="actions">
        ${target.enabled ? post(`${base}/test`, csrfToken, 'Send a test message', 'primary') : null}
        <form method="post" action=${`${base}/enabled`}>
          ${csrfField(csrfToken)}
          <input type="hidden" name="enabled" value=${target.enabled ? 'no' : 'yes'} />
          <button type="submit">${target.enabled ? 'Disable' : 'Enable'}</button>
        </form>
        <a class="button danger" href=${`${base}/remove`}>Remove…</a>
      </div>
      ${deliveryTable(view)}
      <section class="card" aria-labelledby="change">
        <h2 id="change">Change it</h2>
        ${errorSummary(errors)}
        <form class="stack" method="post" action=${base}>
          ${csrfField(csrfToken)} ${field({ name: 'name', label: 'Name', value: target.name, errors })}
          ${field({
            name: 'url',
            label: 'Webhook address',
            errors,
            inputmode: 'url',
            autocomplete: 'off',
            hint: 'Leave it empty to keep the stored one.',
          })}
          <div class="actions"><button type="submit">Save</button></div>
        </form>
        <form class="stack" method="post" action=${`${base}/secret`}>
          ${csrfField(csrfToken)}
          <p class="hint">A new signing secret takes the place of the old one at once.</p>
          <div class="actions"><button type="submit">Make a new secret</button></div>
        </form>
      </section>
      <p><a href="/settings/notifications">All targets</a></p>`,
  };
}

/** Asks before a target is removed. */
export function removeTargetScreen(view: { csrfToken: string; target: NoticeTargetView }): Page {
  const { target, csrfToken } = view;
  const base = `/settings/notifications/${target.id}`;
  return {
    title: `Remove ${target.name} – Notifications`,
    nav: 'settings',
    content: html`${settingsFrame('notifications')}
      <section class="card" aria-labelledby="remove">
        <h2 id="remove">Remove ${bdi(target.name)}?</h2>
        <p>
          Nothing is posted to <code>${target.origin}/…</code> any more, what waits included. Its address, its
          signing secret and the list of what was posted are deleted. To rest it for a while, disable it.
        </p>
        <form class="actions" method="post" action=${`${base}/remove`}>
          ${csrfField(csrfToken)}
          <button class="danger" type="submit">Remove the target</button>
          <a class="button" href=${base}>Keep it</a>
        </form>
      </section>`,
  };
}

const states: Record<NoticeDeliveryView['state'], State> = {
  pending: { word: 'Waiting', tone: 'busy', icon: 'clock' },
  delivered: { word: 'Delivered', tone: 'good', icon: 'check' },
  given_up: { word: 'Not delivered', tone: 'bad', icon: 'attention' },
};

const events: Record<string, string> = {
  'notice.opened': 'Began',
  'notice.closed': 'Over',
  'notice.test': 'Test',
};

function deliveryTable({ deliveries, nextCursor, now }: TargetView): Html {
  if (deliveries.length === 0) {
    return html`<p class="muted">
      Nothing was posted here yet. Send a test message to see that it arrives.
    </p>`;
  }
  return html`<section class="stack" aria-labelledby="posted">
    <h2 id="posted">What was posted</h2>
    <div class="table-scroll" tabindex="0" role="region" aria-label="What was posted">
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">Message</th>
            <th scope="col">State</th>
            <th scope="col">Tries</th>
            <th scope="col">When</th>
          </tr>
        </thead>
        <tbody>
          ${deliveries.map((each) => deliveryRow(each, now))}
        </tbody>
      </table>
    </div>
    ${
      nextCursor === null
        ? null
        : html`<p>
            <a class="button" rel="next" href=${`?cursor=${encodeURIComponent(nextCursor)}`}
              >Older messages</a
            >
          </p>`
    }
  </section>`;
}

function deliveryRow(each: NoticeDeliveryView, now: Date): Html {
  return html`<tr>
    <td><strong>${events[each.event] ?? each.event}:</strong> ${bdi(each.message)}</td>
    <td data-label="State">
      ${badge(states[each.state])} ${each.lastError === null ? null : html`<br />${each.lastError}`}
      ${each.nextAttemptAt === null ? null : html`<br />Next try ${time(new Date(each.nextAttemptAt), now)}`}
    </td>
    <td data-label="Tries">${plural(each.attempts, 'try', 'tries')}</td>
    <td data-label="When">${time(new Date(each.deliveredAt ?? each.createdAt), now)}</td>
  </tr>`;
}

function post(action: string, csrfToken: string, label: string, style: string): Html {
  return html`<form method="post" action=${action}>
    ${csrfField(csrfToken)}
    <button class=${style} type="submit">${label}</button>
  </form>`;
}
