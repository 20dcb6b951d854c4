import type { ConnectionView, RunView } from '../../../server/views.ts';
import { badge } from '../../components/badge.ts';
import { emptyState } from '../../components/notice.ts';
import { time } from '../../components/time.ts';
import { html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { indexedWord, runKind, runLength, runState, runTrigger } from '../../presenters/run.ts';
import { count } from '../../time.ts';
import { connectionFrame } from './frame.ts';

/** What the list can be narrowed to. Syncs of permissions come every few minutes and would hide the others. */
export const runLists = { content: 'Content', permissions: 'Permissions' } as const;
export type RunList = keyof typeof runLists;

export function runsScreen(view: {
  connection: ConnectionView;
  list: RunList;
  runs: RunView[];
  nextCursor: string | null;
  now: Date;
}): Page {
  const { connection, list, runs, nextCursor, now } = view;
  return {
    title: `Runs – ${connection.name}`,
    nav: 'connections',
    width: 'wide',
    content: html`${connectionFrame(connection, 'runs')}
      <nav aria-label="Runs of">
        <ul class="chips">
          ${Object.entries(runLists).map(
            ([name, words]) =>
              html`<li>
                <a
                  class=${name === list ? 'chip chosen' : 'chip'}
                  href=${`?kind=${name}`}
                  aria-current=${name === list ? 'true' : undefined}
                  >${words}</a
                >
              </li>`,
          )}
        </ul>
      </nav>
      ${
        runs.length === 0
          ? emptyState(
              'sync',
              'No run yet',
              list === 'content'
                ? 'Each sync of this connection is listed here, with its counts and its log.'
                : 'Each sync of permissions is listed here for a week, and longer where it found a change.',
            )
          : html`<div class="table-scroll" tabindex="0" role="region" aria-label="Runs">
              <table class="cards">
                <thead>
                  <tr>
                    <th scope="col">Run</th>
                    <th scope="col">State</th>
                    <th scope="col">Started</th>
                    <th scope="col">Took</th>
                    <th scope="col" class="number">Seen</th>
                    <th scope="col" class="number">${list === 'permissions' ? 'Changed' : 'Indexed'}</th>
                    <th scope="col" class="number">Failed</th>
                    <th scope="col" class="number">Requests</th>
                    <th scope="col" class="number">Points</th>
                  </tr>
                </thead>
                <tbody>
                  ${runs.map((run) => {
                    const started = run.startedAt ?? run.createdAt;
                    return html`<tr>
                      <td>
                        <a href=${`/runs/${run.id}`}>${runKind(run)}</a>
                        <span class="hint"> ${runTrigger(run)}</span>
                      </td>
                      <td>${badge(runState(run))}</td>
                      <td data-label="Started">${time(new Date(started), now)}</td>
                      <td data-label="Took">${runLength(run, now) ?? '–'}</td>
                      <td class="number" data-label="Seen">${count(run.counts.seen)}</td>
                      <td class="number" data-label=${indexedWord(run)}>${count(run.counts.indexed)}</td>
                      <td class="number" data-label="Failed">${count(run.counts.failed)}</td>
                      <td class="number" data-label="Requests">${count(run.requests)}</td>
                      <td class="number" data-label="Points">${count(run.points)}</td>
                    </tr>`;
                  })}
                </tbody>
              </table>
            </div>`
      }
      ${
        nextCursor === null
          ? null
          : html`<p>
              <a class="button" rel="next" href=${`?kind=${list}&cursor=${encodeURIComponent(nextCursor)}`}
                >Older runs</a
              >
            </p>`
      }`,
  };
}
