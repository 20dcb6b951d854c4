import type { ConnectionView, LogLineView, ProgressView } from '../../../server/views.ts';
import { badge, type State } from '../../components/badge.ts';
import { time } from '../../components/time.ts';
import { bdi, html, safeUrl, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { runKind, runs, runTrigger } from '../../presenters/run.ts';
import { livePanel } from './progress.ts';

/** What the log can be narrowed to: lines of one level, or all. */
export const logLevels = ['all', 'info', 'warning', 'error', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

const levels: Record<LogLineView['level'], State> = {
  debug: { word: 'Debug', tone: 'quiet', icon: 'dot' },
  info: { word: 'Info', tone: 'quiet', icon: 'dot' },
  warning: { word: 'Warning', tone: 'warning', icon: 'attention' },
  error: { word: 'Error', tone: 'bad', icon: 'attention' },
};

const filterNames: Record<LogLevel, string> = {
  all: 'All',
  info: 'Info',
  warning: 'Warnings',
  error: 'Errors',
  debug: 'Debug',
};

export function runScreen(view: {
  connection: ConnectionView;
  run: ProgressView;
  lines: LogLineView[];
  nextCursor: string | null;
  level: LogLevel;
  now: Date;
}): Page {
  const { connection, run, lines, level, nextCursor, now } = view;
  const path = `/runs/${run.id}`;
  return {
    title: `${runKind(run)} – ${connection.name}`,
    nav: 'connections',
    width: 'wide',
    ...(runs(run) ? { refreshSeconds: 10 } : {}),
    content: html`<div class="page-head">
        <p class="crumbs">
          <a href=${`/connections/${connection.id}`}>${bdi(connection.name)}</a> ›
          <a href=${`/connections/${connection.id}/runs`}>Runs</a>
        </p>
        <h1>${runKind(run)}</h1>
        <p class="muted">${runTrigger(run)}, ${time(new Date(run.startedAt ?? run.createdAt), now)}</p>
      </div>
      ${livePanel(run, now)}
      <section class="card" aria-labelledby="log">
        <h2 id="log">Log</h2>
        <nav aria-label="Levels">
          <ul class="chips">
            ${logLevels.map(
              (name) =>
                html`<li>
                  <a
                    class=${name === level ? 'chip chosen' : 'chip'}
                    href=${`${path}?level=${name}#log`}
                    aria-current=${name === level ? 'true' : undefined}
                    >${filterNames[name]}</a
                  >
                </li>`,
            )}
          </ul>
        </nav>
        ${
          lines.length === 0
            ? html`<p class="muted">No lines at this level.</p>`
            : html`<ol class="log">
                ${lines.map((line) => logLine(line, now))}
              </ol>`
        }
        ${
          nextCursor === null
            ? null
            : html`<p>
                <a
                  class="button"
                  rel="next"
                  href=${`${path}?level=${level}&cursor=${encodeURIComponent(nextCursor)}#log`}
                  >More lines</a
                >
              </p>`
        }
      </section>`,
  };
}

function logLine(line: LogLineView, now: Date): Html {
  const url = safeUrl(line.url);
  return html`<li>
    <span class="muted">${time(new Date(line.at), now)}</span>
    <span>${badge(levels[line.level])}</span>
    <span>
      ${line.item === null ? null : html`<strong>${bdi(line.item)}</strong>${': '}`}${line.message}
      ${
        line.status === null && line.traceId === null && url === null
          ? null
          : html`<span class="meta">
              ${line.status === null ? null : html`<span>HTTP ${line.status}</span>`}
              ${line.traceId === null ? null : html`<span>trace <code>${line.traceId}</code></span>`}
              ${url === null ? null : html`<span><a href=${url} rel="noreferrer">Open in Atlassian</a></span>`}
            </span>`
      }
    </span>
  </li>`;
}
