import type { ConnectionView, LogLineView, ProgressView } from '../../../server/views.ts';
import { badge, type State } from '../../components/badge.ts';
import { field, select } from '../../components/form.ts';
import { time } from '../../components/time.ts';
import { bdi, html, safeUrl, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { logFilters, type LogFilterLevel } from '../../presenters/log.ts';
import { runKind, runs, runTrigger } from '../../presenters/run.ts';
import { livePanel } from './progress.ts';

const levels: Record<LogLineView['level'], State> = {
  debug: { word: 'Debug', tone: 'quiet', icon: 'dot' },
  info: { word: 'Info', tone: 'quiet', icon: 'dot' },
  warning: { word: 'Warning', tone: 'warning', icon: 'attention' },
  error: { word: 'Error', tone: 'bad', icon: 'attention' },
};

export function runScreen(view: {
  connection: ConnectionView;
  run: ProgressView;
  lines: LogLineView[];
  nextCursor: string | null;
  level: LogFilterLevel;
  q: string;
  now: Date;
}): Page {
  const { connection, run, lines, level, q, nextCursor, now } = view;
  const path = `/runs/${run.id}`;
  const filter = new URLSearchParams({ level, ...(q === '' ? {} : { q }) });
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
        <form class="row end" method="get" action=${`${path}#log`}>
          ${select({
            name: 'level',
            label: 'Level',
            value: level,
            choices: Object.entries(logFilters).map(([value, label]) => ({ value, label })),
          })}
          ${field({ name: 'q', label: 'Words, or a trace id', value: q })}
          <div class="actions">
            <button type="submit">Find</button>
            ${q === '' && level === 'debug' ? null : html`<a href=${`${path}#log`}>Show all</a>`}
            <a class="button" href=${`${path}/log.csv?${filter}`} download>Download CSV</a>
            <a class="button" href=${`${path}/log.ndjson?${filter}`} download>Download NDJSON</a>
          </div>
        </form>
        ${
          lines.length === 0
            ? html`<p class="muted">
                ${q === '' && level === 'debug' ? 'Nothing has been told yet.' : 'No line fits.'}
              </p>`
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
                  href=${`${path}?${filter}&cursor=${encodeURIComponent(nextCursor)}#log`}
                  >More lines</a
                >
              </p>`
        }
      </section>`,
  };
}

function logLine(line: LogLineView, now: Date): Html {
  // What was asked for is a path of Atlassian's interface: to be told, and nothing to open.
  const url = line.url?.startsWith('/') === true ? null : safeUrl(line.url);
  return html`<li>
    <span class="muted">${time(new Date(line.at), now)}</span>
    <span>${badge(levels[line.level])}</span>
    <span>
      ${line.item === null ? null : html`<strong>${bdi(line.item)}</strong>${': '}`}${line.message}
      ${
        line.status === null && line.traceId === null && line.url === null
          ? null
          : html`<span class="meta">
              ${line.status === null ? null : html`<span>HTTP ${line.status}</span>`}
              ${line.traceId === null ? null : html`<span>trace <code>${line.traceId}</code></span>`}
              ${
                url === null
                  ? html`<span>${line.url === null ? null : html`asked for <code>${line.url}</code>`}</span>`
                  : html`<span><a href=${url} rel="noreferrer">Open in Atlassian</a></span>`
              }
            </span>`
      }
    </span>
  </li>`;
}
