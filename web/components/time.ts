import { html, type Html } from '../html.ts';
import { exactTime, relativeTime } from '../time.ts';

/** A moment: how long ago, with the exact time on hover and for machines. `absent` stands for null. */
export function time(at: Date | null, now: Date, absent = 'never'): Html {
  if (at === null) return html`<span class="muted">${absent}</span>`;
  return html`<time datetime=${at.toISOString()} title=${exactTime(at)}>${relativeTime(at, now)}</time>`;
}
