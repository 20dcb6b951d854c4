import type { NoticeTargetView, NoticeView } from '../../../server/services/notice-views.ts';
import { badge, type State } from '../../components/badge.ts';
import { noticeAction } from '../../components/banner.ts';
import { copyField } from '../../components/copy.ts';
import { csrfField, errorSummary, field, type FieldErrors } from '../../components/form.ts';
import { notice as noticeBox } from '../../components/notice.ts';
import { time } from '../../components/time.ts';
import { bdi, html, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { settingsFrame } from './frame.ts';

export interface NotificationsView {
  csrfToken: string;
  /** What holds now, newest first. */
  open: NoticeView[];
  /** What is over, newest first, a page of it. */
  over: NoticeView[];
  nextCursor: string | null;
  targets: NoticeTargetView[];
  /** A target that was made a moment ago. */
  made: { name: string; secret: string } | null;
  values: { name: string };
  errors: FieldErrors;
  now: Date;
}

export function notificationsScreen(view: NotificationsView): Page {
  const { open, over, targets, errors, values, csrfToken } = view;
  return {
    title: 'Notifications',
    nav: 'settings',
    width: 'wide',
    content: html`${settingsFrame('notifications')} ${newSecret(view.made)}
      <section class="stack" aria-labelledby="open">
        <h2 id="open">What needs to be known now</h2>
        ${
          open.length === 0
            ? html`<p class="muted">Nothing. What comes up is shown here and above every page.</p>`
            : html`<ul class="connection-list">
                ${open.map((each) => openNotice(each, view))}
              </ul>`
        }
      </section>
      <section class="stack" aria-labelledby="targets">
        <h2 id="targets">Where notices are posted</h2>
        ${
          targets.length === 0
            ? html`<p class="muted">
                Nowhere yet. Add the address of a chat or of your own program, and nobody has to look in here.
              </p>`
            : html`<ul class="connection-list">
                ${targets.map(targetItem)}
              </ul>`
        }
      </section>
      <section class="card" aria-labelledby="add">
        <h2 id="add">Add a target</h2>
        ${errorSummary(errors)}
        <form class="stack" method="post" action="/settings/notifications">
          ${csrfField(csrfToken)}
          ${field({ name: 'name', label: 'Name', value: values.name, errors, hint: 'Who is told, for example “On call”.' })}
          ${field({
            name: 'url',
            label: 'Webhook address',
            errors,
            inputmode: 'url',
            autocomplete: 'off',
            hint: html`Like <code>https://hooks.example.com/…</code>. Stored encrypted; only its host is shown
              again.`,
          })}
          <div class="actions"><button class="primary" type="submit">Add the target</button></div>
        </form>
      </section>
      ${over.length === 0 ? null : history(view)}`,
  };
}

/** The secret of a target that was just made: the only time that it is shown. */
export function newSecret(made: { name: string; secret: string } | null): Html {
  if (made === null) return null;
  return noticeBox(
    'good',
    `“${made.name}” has a new signing secret`,
    copyField({
      id: 'new-secret',
      label: 'Signing secret',
      value: made.secret,
      hint: 'Copy it now: it is not shown again. Your program checks with it that a message is from here; a chat needs none.',
    }),
  );
}

const severities: Record<NoticeView['severity'], State> = {
  error: { word: 'Needs you', tone: 'bad', icon: 'attention' },
  warning: { word: 'Attention', tone: 'warning', icon: 'attention' },
  info: { word: 'Note', tone: 'quiet', icon: 'dot' },
};

function openNotice(notice: NoticeView, { csrfToken, now }: NotificationsView): Html {
  const { connection } = notice;
  return html`<li class="card">
    <div class="row spread">
      <p class="row">
        ${badge(severities[notice.severity])}
        <strong>${connection === null ? 'Sluice' : bdi(connection.name)}</strong>
        <span class="muted">since ${time(new Date(notice.beganAt), now)}</span>
      </p>
      ${noticeAction(notice.action, csrfToken, connection?.id)}
    </div>
    <p>${bdi(notice.message)}</p>
  </li>`;
}

function targetItem(target: NoticeTargetView): Html {
  return html`<li class="card">
    <div class="row spread">
      <div>
        <h3><a href=${`/settings/notifications/${target.id}`}>${bdi(target.name)}</a></h3>
        <p class="muted"><code>${target.origin}/…</code></p>
      </div>
      ${
        target.enabled
          ? badge({ word: 'Active', tone: 'good', icon: 'check' })
          : badge({ word: 'Disabled', tone: 'quiet', icon: 'cross' })
      }
    </div>
  </li>`;
}

function history({ over, nextCursor, now }: NotificationsView): Html {
  return html`<section class="stack" aria-labelledby="over">
    <h2 id="over">What is over</h2>
    <div class="table-scroll" tabindex="0" role="region" aria-label="What is over">
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Connection</th>
            <th scope="col">Began</th>
            <th scope="col">Ended</th>
          </tr>
        </thead>
        <tbody>
          ${over.map(
            (each) =>
              html`<tr>
                <td>${bdi(each.message)}</td>
                <td data-label="Connection">
                  ${each.connection === null ? 'none' : bdi(each.connection.name)}
                </td>
                <td data-label="Began">${time(new Date(each.beganAt), now)}</td>
                <td data-label="Ended">
                  ${time(each.endedAt === null ? null : new Date(each.endedAt), now)}
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${
      nextCursor === null
        ? null
        : html`<p>
            <a class="button" rel="next" href=${`?cursor=${encodeURIComponent(nextCursor)}#over`}
              >Older notices</a
            >
          </p>`
    }
  </section>`;
}
