import type { BrakeView, RemovalView } from '../../../server/services/removals.ts';
import type { ConnectionView, Page as ListPage } from '../../../server/views.ts';
import { field } from '../../components/form.ts';
import { emptyState } from '../../components/notice.ts';
import { time } from '../../components/time.ts';
import { bdi, html, safeUrl, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { recordKind } from '../../presenters/record.ts';
import { removalCause, removalCauseWords } from '../../presenters/removal.ts';
import { brakeSection } from './removed-brake.ts';
import { runsFrame } from './runs-frame.ts';

export interface RemovedScreen {
  csrfToken: string;
  connection: ConnectionView;
  brakes: BrakeView[];
  /** What the list is narrowed to. */
  cause: RemovalView['cause'] | null;
  q: string;
  removals: ListPage<RemovalView>;
  now: Date;
}

/** What was removed and why; above it, what is not removed before somebody decides. */
export function removedScreen(view: RemovedScreen): Page {
  const { connection, brakes, removals, cause, q } = view;
  const nothing = removals.items.length === 0 && cause === null && q === '';
  return {
    title: `Removed – ${connection.name}`,
    nav: 'connections',
    width: 'wide',
    content: html`${runsFrame(connection, 'removed')} ${brakes.map((brake) => brakeSection(view, brake))}
    ${nothing ? nothingRemoved() : html`${causes(view)} ${searchForm(view)} ${list(view)}`}`,
  };
}

function nothingRemoved(): Html {
  return emptyState(
    'check',
    'Nothing was removed',
    'What leaves Confluence, or is not shown to the connected account any more, is listed here for 90 days, with the reason.',
  );
}

function causes({ cause }: RemovedScreen): Html {
  const chip = (name: string | null, words: string) =>
    html`<li>
      <a
        class=${name === cause ? 'chip chosen' : 'chip'}
        href=${name === null ? '?' : `?cause=${name}`}
        aria-current=${name === cause ? 'true' : undefined}
        >${words}</a
      >
    </li>`;
  return html`<nav aria-label="Reasons">
    <ul class="chips">
      ${chip(null, 'All')} ${Object.entries(removalCauseWords).map(([name, words]) => chip(name, words))}
    </ul>
  </nav>`;
}

function searchForm({ connection, cause, q }: RemovedScreen): Html {
  const base = `/connections/${connection.id}/runs/removed`;
  return html`<form class="row end" method="get" action=${base}>
    ${cause === null ? null : html`<input type="hidden" name="cause" value=${cause} />`}
    ${field({ name: 'q', label: 'Title', value: q })}
    <div class="actions">
      <button type="submit">Find</button>
      ${q === '' ? null : html`<a href=${cause === null ? base : `${base}?cause=${cause}`}>Show all</a>`}
    </div>
  </form>`;
}

function list({ removals, cause, q, now }: RemovedScreen): Html {
  if (removals.items.length === 0) {
    return html`<p class="muted">Nothing that was removed in the last 90 days fits.</p>`;
  }
  const more = new URLSearchParams({
    ...(cause === null ? {} : { cause }),
    ...(q === '' ? {} : { q }),
    cursor: removals.nextCursor ?? '',
  });
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label="Removed">
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Why</th>
            <th scope="col">Space</th>
            <th scope="col">When</th>
          </tr>
        </thead>
        <tbody>
          ${removals.items.map((one) => row(one, now))}
        </tbody>
      </table>
    </div>
    ${
      removals.nextCursor === null
        ? null
        : html`<p class="actions"><a class="button" rel="next" href=${`?${more}`}>Show more</a></p>`
    }`;
}

function row(one: RemovalView, now: Date): Html {
  const url = safeUrl(one.url);
  const title = one.title === '' ? `${recordKind(one.type).word} ${one.externalId}` : one.title;
  return html`<tr>
    <td>
      ${url === null ? bdi(title) : html`<a href=${url} rel="noreferrer">${bdi(title)}</a>`}
      <span class="meta"><span>${recordKind(one.type).word}</span> <span>id ${one.externalId}</span></span>
    </td>
    <td data-label="Why">
      <strong>${removalCause(one.cause)}</strong>
      <span class="meta">${bdi(one.reason)}</span>
    </td>
    <td data-label="Space">${one.spaceKey === null ? '–' : bdi(one.spaceKey)}</td>
    <td data-label="When">
      ${time(new Date(one.at), now)}
      ${one.runId === null ? null : html`<span class="meta"><a href=${`/runs/${one.runId}`}>The run</a></span>`}
    </td>
  </tr>`;
}
