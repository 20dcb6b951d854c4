import type { LogLineView } from '../../server/views.ts';
import { bdi, html, safeUrl, type Html } from '../html.ts';
import { badge, type State } from './badge.ts';
import { time } from './time.ts';

const levels: Record<LogLineView['level'], State> = {
  debug: { word: 'Debug', tone: 'quiet', icon: 'dot' },
  info: { word: 'Info', tone: 'quiet', icon: 'dot' },
  warning: { word: 'Warning', tone: 'warning', icon: 'attention' },
  error: { word: 'Error', tone: 'bad', icon: 'attention' },
};

/** One line of a run's log; `of` says whose it is, where lines of several runs stand together. */
export function logLine(line: LogLineView, now: Date, of: Html = null): Html {
  // What was asked for is a path of Atlassian's interface: to be told, and nothing to open.
  const url = line.url?.startsWith('/') === true ? null : safeUrl(line.url);
  return html`<li>
    <span class="muted">${time(new Date(line.at), now)}</span>
    <span>${badge(levels[line.level])}</span>
    <span>
      ${line.item === null ? null : html`<strong>${bdi(line.item)}</strong>${': '}`}${line.message}
      ${
        of === null && line.status === null && line.traceId === null && line.url === null
          ? null
          : html`<span class="meta">
              ${of} ${line.status === null ? null : html`<span>HTTP ${line.status}</span>`}
              ${line.traceId === null ? null : html`<span>trace <code>${line.traceId}</code></span>`}
              ${url === null ? asked(line) : html`<span><a href=${url} rel="noreferrer">Open in Atlassian</a></span>`}
            </span>`
      }
    </span>
  </li>`;
}

function asked({ url }: LogLineView): Html {
  return url === null ? null : html`<span>asked for <code>${url}</code></span>`;
}
