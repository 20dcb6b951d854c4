import type { SessionView } from '../../server/services/sessions.ts';
import { html, type Html } from '../html.ts';
import { badge } from './badge.ts';
import { csrfField } from './form.ts';
import { time } from './time.ts';

/** Browsers in which somebody is signed in, each with a button that ends it, and one for all others. */
export function sessionList(options: {
  sessions: SessionView[];
  csrfToken: string;
  /** Where the forms go: `<path>/end`, `<path>/end-all`. */
  path: string;
  now: Date;
}): Html {
  const { sessions, csrfToken, path, now } = options;
  if (sessions.length === 0) return html`<p class="muted">Signed in nowhere.</p>`;
  const others = sessions.filter(({ current }) => !current).length;
  return html`<ul class="plain stack">
      ${sessions.map((session) => {
        const device = deviceWords(session.device);
        return html`<li class="row wrap">
          <span class="grow">
            <strong>${device}</strong>
            ${session.current ? badge({ word: 'This browser', tone: 'good', icon: 'check' }) : null}<br />
            <span class="muted">
              Seen ${time(new Date(session.lastSeenAt), now)} · signed in
              ${time(session.signedInAt === null ? null : new Date(session.signedInAt), now)}
            </span>
          </span>
          ${
            session.current
              ? null
              : html`<form method="post" action=${`${path}/end`}>
                  ${csrfField(csrfToken)}
                  <input type="hidden" name="session" value=${session.id} />
                  <button class="quiet" type="submit" aria-label=${`End: ${device}`}>End</button>
                </form>`
          }
        </li>`;
      })}
    </ul>
    ${
      others === 0
        ? null
        : html`<form method="post" action=${`${path}/end-all`}>
            ${csrfField(csrfToken)}
            <button type="submit">${others === sessions.length ? 'End all' : 'End all others'}</button>
          </form>`
    }`;
}

const browsers = [
  ['Edg/', 'Edge'],
  ['OPR/', 'Opera'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const;
const systems = [
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Android', 'Android'],
  ['Windows', 'Windows'],
  ['Mac OS X', 'macOS'],
  ['CrOS', 'ChromeOS'],
  ['Linux', 'Linux'],
] as const;

/** What a browser says of itself, in two words; the order tells apart those that name others too. */
export function deviceWords(agent: string): string {
  const find = (table: readonly (readonly [string, string])[]) =>
    table.find(([mark]) => agent.includes(mark))?.[1];
  const [browser, system] = [find(browsers), find(systems)];
  if (browser === undefined) return system === undefined ? 'A browser' : `A browser on ${system}`;
  return system === undefined ? browser : `${browser} on ${system}`;
}
