import type { NoticeView } from '../../server/services/notice-views.ts';
import { bdi, html, type Html } from '../html.ts';
import { icon } from '../icons.ts';
import type { NoticeAction } from '../presenters/credential.ts';
import { csrfField } from './form.ts';

/** The open notices that matter most, and how many there are. */
export interface BannerNotices {
  notices: NoticeView[];
  total: number;
}

/** What an administrator must know of, above every page; nothing while there is nothing. */
export function noticeBanner(top: BannerNotices | null, csrfToken: string): Html {
  if (top === null || top.notices.length === 0) return null;
  const more = top.total - top.notices.length;
  return html`<section class="notices" aria-label="Notices">
    ${top.notices.map((notice) => item(notice, csrfToken))}
    ${
      more <= 0
        ? null
        : html`<p class="notices-more">
            <a href="/settings/notifications#open"
              >${more === 1 ? 'One more notice' : `${more} more notices`}</a
            >
          </p>`
    }
  </section>`;
}

const tones = { error: 'bad', warning: 'warning', info: 'busy' } as const;
const words = { error: 'Needs you', warning: 'Attention', info: 'Note' } as const;

function item(notice: NoticeView, csrfToken: string): Html {
  const { connection, severity } = notice;
  return html`<div class=${`notice-bar ${tones[severity]}`}>
    ${icon(severity === 'info' ? 'dot' : 'attention')}
    <p>
      <strong>${words[severity]}: ${connection === null ? 'Sluice' : bdi(connection.name)}.</strong>
      ${' '}${bdi(notice.message)}
    </p>
    ${noticeAction(notice.action, csrfToken, connection?.id)}
  </div>`;
}

/**
 * The way to mend it: a link, or the form that starts a consent at Atlassian with one click and comes back to the
 * connection.
 */
export function noticeAction(action: NoticeAction | null, csrfToken: string, connectionId?: string): Html {
  if (action === null) return null;
  if (action.method === 'get') return html`<a class="button" href=${action.href}>${action.label}</a>`;
  return html`<form method="post" action=${action.href}>
    ${csrfField(csrfToken)}
    ${
      connectionId === undefined
        ? null
        : html`<input type="hidden" name="returnTo" value=${`/connections/${connectionId}`} />`
    }
    <button type="submit">
      ${action.label}${action.label === 'Reauthenticate' ? icon('external') : null}
    </button>
  </form>`;
}
