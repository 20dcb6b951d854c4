import { html, type Html } from '../html.ts';
import { icon, type IconName } from '../icons.ts';
import type { Tone } from './badge.ts';

const icons: Record<Tone, IconName> = {
  good: 'check',
  busy: 'sync',
  warning: 'attention',
  bad: 'attention',
  quiet: 'dot',
};

/** A box that says one thing: what happened, why, and (in `action`) what to do about it. */
export function notice(tone: Tone, title: string, body?: Html, action?: Html): Html {
  return html`<div class=${`notice ${tone}`}>
    ${icon(icons[tone])}
    <div>
      <p class="notice-title">${title}</p>
      ${body === undefined || body === null ? null : html`<div class="notice-body">${body}</div>`}
      ${action === undefined || action === null ? null : html`<div class="actions">${action}</div>`}
    </div>
  </div>`;
}

/** What a list shows while it holds nothing: what would be here, and how to get it. */
export function emptyState(name: IconName, title: string, body: Html, action?: Html): Html {
  return html`<div class="empty">
    ${icon(name)}
    <h2>${title}</h2>
    <p>${body}</p>
    ${action === undefined ? null : html`<div class="actions">${action}</div>`}
  </div>`;
}
