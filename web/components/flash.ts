import { html, type Html } from '../html.ts';
import { notice } from './notice.ts';

/** A message that one request leaves for the next page of the same session. */
export interface FlashMessage {
  ok: boolean;
  message: string;
  /** Where to look at what it tells of. */
  link?: { href: string; label: string };
}

export function flashNotice(flash: FlashMessage | null): Html {
  if (flash === null) return null;
  return html`<div role=${flash.ok ? 'status' : 'alert'}>
    ${notice(
      flash.ok ? 'good' : 'bad',
      flash.message,
      null,
      flash.link === undefined ? null : html`<a href=${flash.link.href}>${flash.link.label}</a>`,
    )}
  </div>`;
}
