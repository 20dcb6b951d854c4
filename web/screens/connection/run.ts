import type { ConnectionView, LogLineView, ProgressView } from '../../../server/views.ts';
import { field, select } from '../../components/form.ts';
import { logLine } from '../../components/log-line.ts';
import { time } from '../../components/time.ts';
import { bdi, html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { logFilters, type LogFilterLevel } from '../../presenters/log.ts';
import { runKind, runs, runTrigger } from '../../presenters/run.ts';
import { livePanel } from './progress.ts';

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
