import type { FailurePage } from '../../../server/services/failures.ts';
import type { ConnectionView, FailureView } from '../../../server/views.ts';
import { csrfField, field } from '../../components/form.ts';
import { emptyState } from '../../components/notice.ts';
import { time } from '../../components/time.ts';
import { bdi, html, safeUrl, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { failureKind } from '../../presenters/run.ts';
import { count, plural } from '../../time.ts';
import { runsFrame } from './runs-frame.ts';

export interface FailuresScreen {
  csrfToken: string;
  connection: ConnectionView;
  /** What the list is narrowed to; empty: everything. */
  stage: string;
  q: string;
  failures: FailurePage;
  now: Date;
}

/** What could not be read, what follows from it, and a button that tries it again. */
export function failuresScreen(view: FailuresScreen): Page {
  const { connection, failures } = view;
  const all = failures.counts.reduce((sum, one) => sum + one.items, 0);
  return {
    title: `Failed items – ${connection.name}`,
    nav: 'connections',
    width: 'wide',
    content: html`${runsFrame(connection, 'failures')}
    ${all === 0 ? nothingFailed(connection) : html`${summary(view, all)} ${kinds(view, all)} ${searchForm(view)} ${list(view)}`}`,
  };
}

function nothingFailed(connection: ConnectionView): Html {
  return connection.lastRun === null && connection.currentRun === null
    ? emptyState(
        'sync',
        'No sync yet',
        'What Confluence refuses to tell is listed here after the first sync.',
      )
    : emptyState(
        'check',
        'Nothing has failed',
        'What Confluence refuses to tell is listed here, until a sync can read it.',
      );
}

function summary({ connection, csrfToken, stage, failures }: FailuresScreen, all: number): Html {
  const ofStage = failures.counts.find((one) => one.stage === stage)?.items ?? 0;
  return html`<section class="card" aria-labelledby="failed">
    <h2 id="failed">${plural(all, 'item')} could not be read</h2>
    <p>
      Each is tried again by itself, first after a quarter of an hour and then at growing distances, at least
      once a day. When it can be read it leaves this list.
      <a href=${`/connections/${connection.id}/permissions/hidden`}>What is hidden by it</a>
    </p>
    <div class="actions">
      ${retryForm(connection.id, csrfToken, { all: 'true' }, 'Try all again', 'primary')}
      ${
        ofStage === 0
          ? null
          : retryForm(
              connection.id,
              csrfToken,
              { stage },
              `Try ${failureKind(stage).toLowerCase()} again`,
              '',
            )
      }
    </div>
  </section>`;
}

/** `fields` say what is tried: one item, all of a stage, or all. */
function retryForm(
  id: string,
  csrfToken: string,
  fields: Record<string, string>,
  label: string,
  style: string,
  about?: string,
): Html {
  return html`<form method="post" action=${`/connections/${id}/runs/failures/retry`}>
    ${csrfField(csrfToken)}
    ${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name=${name} value=${value} />`)}
    <button class=${style} type="submit" aria-label=${about === undefined ? undefined : `${label}: ${about}`}>
      ${label}
    </button>
  </form>`;
}

/** When an item is tried again that no time is set for. */
function unscheduled(stage: string): string {
  return stage === 'files' ? 'again in its next version' : 'again with the next full sync';
}

function kinds({ stage, failures }: FailuresScreen, all: number): Html {
  const chip = (name: string, words: string, items: number) =>
    html`<li>
      <a
        class=${name === stage ? 'chip chosen' : 'chip'}
        href=${name === '' ? '?' : `?stage=${encodeURIComponent(name)}`}
        aria-current=${name === stage ? 'true' : undefined}
        >${words} <span class="count">${count(items)}</span></a
      >
    </li>`;
  return html`<nav aria-label="Kinds">
    <ul class="chips">
      ${chip('', 'All', all)}
      ${failures.counts.map((one) => chip(one.stage, failureKind(one.stage), one.items))}
    </ul>
  </nav>`;
}

function searchForm({ connection, stage, q }: FailuresScreen): Html {
  const base = `/connections/${connection.id}/runs/failures`;
  return html`<form class="row end" method="get" action=${base}>
    ${stage === '' ? null : html`<input type="hidden" name="stage" value=${stage} />`}
    ${field({ name: 'q', label: 'Title, words, id or trace id', value: q })}
    <div class="actions">
      <button type="submit">Find</button>
      ${q === '' ? null : html`<a href=${stage === '' ? base : `${base}?stage=${encodeURIComponent(stage)}`}>Show all</a>`}
    </div>
  </form>`;
}

function list(view: FailuresScreen): Html {
  const { failures, stage, q } = view;
  if (failures.items.length === 0) {
    return html`<p class="muted">No failed item fits. It may have been read meanwhile.</p>`;
  }
  const more = new URLSearchParams({ stage, q, cursor: failures.nextCursor ?? '' });
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label="Failed items">
      <table class="cards failed-list">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Why, and what follows</th>
            <th scope="col">Tried</th>
            <th scope="col"><span class="hidden-visually">Action</span></th>
          </tr>
        </thead>
        <tbody>
          ${failures.items.map((one) => row(view, one))}
        </tbody>
      </table>
    </div>
    ${
      failures.nextCursor === null
        ? null
        : html`<p class="actions"><a class="button" rel="next" href=${`?${more}`}>Show more</a></p>`
    }`;
}

function row({ connection, csrfToken, now }: FailuresScreen, one: FailureView): Html {
  const url = safeUrl(one.url);
  const title = one.title === '' ? one.externalId : one.title;
  return html`<tr>
    <td>
      ${url === null ? bdi(title) : html`<a href=${url} rel="noreferrer">${bdi(title)}</a>`}
      <span class="meta"><span>${failureKind(one.stage)}</span> <span>id ${one.externalId}</span></span>
    </td>
    <td data-label="Why, and what follows">
      ${bdi(one.message)} ${one.meaning}
      <span class="meta">
        ${one.status === null ? null : html`<span>HTTP ${one.status}</span>`}
        ${one.traceId === null ? null : html`<span>trace <code>${one.traceId}</code></span>`}
        ${one.request === null ? null : html`<span>asked for <code>${one.request}</code></span>`}
      </span>
    </td>
    <td data-label="Tried">
      ${one.attempts === 1 ? 'once' : `${count(one.attempts)} times`}, last ${time(new Date(one.lastAt), now)}
      <span class="meta">
        <span>since ${time(new Date(one.firstAt), now)}</span>
        <span
          >${one.nextRetryAt === null ? unscheduled(one.stage) : next(new Date(one.nextRetryAt), now)}</span
        >
      </span>
    </td>
    <td>
      ${retryForm(connection.id, csrfToken, { item: one.externalId, of: one.stage }, 'Try again', '', title)}
    </td>
  </tr>`;
}

const next = (at: Date, now: Date): Html =>
  at <= now ? html`again with the next sync` : html`again ${time(at, now)}, or the sync after it`;
