import type { FoundLineView } from '../../server/services/logs.ts';
import { errorSummary, field, select, type FieldErrors } from '../components/form.ts';
import { logLine } from '../components/log-line.ts';
import { emptyState } from '../components/notice.ts';
import { bdi, html, type Html } from '../html.ts';
import type { Page } from '../layout.ts';
import { logFilters, type LogFilterLevel } from '../presenters/log.ts';
import { runKind } from '../presenters/run.ts';
import { connectionsTabs } from './connections.ts';

/** What the logs are narrowed to: as it stands in the address. Empty: not narrowed. */
export interface LogsFilter {
  connection: string;
  level: LogFilterLevel;
  from: string;
  to: string;
  q: string;
}

export interface LogsScreen {
  filter: LogsFilter;
  connections: { id: string; name: string }[];
  lines: FoundLineView[];
  nextCursor: string | null;
  errors: FieldErrors;
  now: Date;
}

/** What all syncs have told, newest first; a link to it shows the same again. */
export function logsScreen(view: LogsScreen): Page {
  const { filter, lines, nextCursor, errors, now } = view;
  const query = queryOf(filter);
  const next = new URLSearchParams({ ...Object.fromEntries(query), cursor: nextCursor ?? '' });
  return {
    title: 'Logs',
    nav: 'connections',
    width: 'wide',
    content: html`${errorSummary(errors)}
      <h1>Connections</h1>
      ${connectionsTabs('logs')} ${filterForm(view, query)}
      <section class="card" aria-labelledby="lines">
        <h2 id="lines">Logs of all syncs</h2>
        ${
          lines.length === 0
            ? emptyState(
                'clock',
                query.size === 0 ? 'Nothing has been told yet' : 'No line fits',
                query.size === 0
                  ? 'What each sync does, and what went wrong in it, is kept here for a while.'
                  : 'Take a wider time, another level, or fewer words.',
                query.size === 0 ? null : html`<a class="button" href="/logs">Show all</a>`,
              )
            : html`<ol class="log">
                ${lines.map((line) => logLine(line, now, whose(line)))}
              </ol>`
        }
        ${nextCursor === null ? null : html`<p><a class="button" rel="next" href=${`/logs?${next}`}>Older lines</a></p>`}
      </section>
      <p class="hint">
        What administrators change is in the <a href="/settings/audit">audit log</a>; what fails now, in
        <a href="/settings/notifications">Notifications</a>.
      </p>`,
  };
}

function filterForm({ filter, connections, errors }: LogsScreen, query: URLSearchParams): Html {
  const search = query.size === 0 ? '' : `?${query}`;
  return html`<form class="row end" method="get" action="/logs">
    ${select({
      name: 'connection',
      label: 'Connection',
      value: filter.connection,
      choices: [
        { value: '', label: 'All' },
        ...connections.map(({ id, name }) => ({ value: id, label: name })),
      ],
    })}
    ${select({
      name: 'level',
      label: 'Level',
      value: filter.level,
      choices: Object.entries(logFilters).map(([value, label]) => ({ value, label })),
      errors,
    })}
    ${field({ name: 'from', label: 'From (UTC)', value: filter.from, hint: 'Such as 2026-03-26T16:00', errors })}
    ${field({ name: 'to', label: 'Before (UTC)', value: filter.to, hint: 'Such as 2026-03-26T17:00', errors })}
    ${field({ name: 'q', label: 'Words, or a trace id', value: filter.q })}
    <div class="actions">
      <button type="submit">Find</button>
      ${query.size === 0 ? null : html`<a href="/logs">Show all</a>`}
      <a class="button" href=${`/logs.txt${search}`} download>Download text</a>
      <a class="button" href=${`/logs.ndjson${search}`} download>Download JSON lines</a>
    </div>
  </form>`;
}

function whose({ connection, run }: FoundLineView): Html {
  const kind = runKind({ kind: run.kind === 'dry_run' ? 'full' : run.kind, dryRun: run.kind === 'dry_run' });
  return html`<span
    ><a href=${`/connections/${connection.id}`}>${bdi(connection.name)}</a>,
    <a href=${`/runs/${run.id}`}>${kind}</a></span
  >`;
}

function queryOf({ connection, level, from, to, q }: LogsFilter): URLSearchParams {
  const given = { connection, level: level === 'debug' ? '' : level, from, to, q };
  return new URLSearchParams(Object.entries(given).filter(([, value]) => value !== ''));
}
