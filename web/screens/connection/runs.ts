import type { ConnectionView, RunView } from '../../../server/views.ts';
import { badge } from '../../components/badge.ts';
import { select } from '../../components/form.ts';
import { emptyState } from '../../components/notice.ts';
import { time } from '../../components/time.ts';
import { html, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import {
  changesInWords,
  indexedWord,
  runKind,
  runLength,
  runs,
  runState,
  runTrigger,
  silentSince,
} from '../../presenters/run.ts';
import { count } from '../../time.ts';
import { runsFrame } from './runs-frame.ts';

/** What the history can be narrowed to. Syncs of permissions come every few minutes and would hide the others. */
export const runLists = {
  content: 'Content',
  full: 'Full syncs',
  incremental: 'Incremental syncs',
  sweep: 'Sweeps',
  permissions: 'Permission syncs',
  dry_run: 'Dry runs',
} as const;
export type RunList = keyof typeof runLists;

export const runStates = {
  '': 'Every state',
  open: 'Under way',
  succeeded: 'Succeeded',
  failed: 'Failed',
  cancelled: 'Cancelled',
} as const;
export type RunStateFilter = keyof typeof runStates;

export interface RunsScreen {
  connection: ConnectionView;
  list: RunList;
  state: RunStateFilter;
  runs: RunView[];
  nextCursor: string | null;
  now: Date;
}

export function runsScreen(view: RunsScreen): Page {
  const { connection, list, state, nextCursor } = view;
  const more = new URLSearchParams({
    kind: list,
    ...(state === '' ? {} : { state }),
    cursor: nextCursor ?? '',
  });
  return {
    title: `Runs – ${connection.name}`,
    nav: 'connections',
    width: 'wide',
    content: html`${runsFrame(connection, 'history')} ${filters(view)}
    ${view.runs.length === 0 ? nothing(view) : table(view)}
    ${
      nextCursor === null
        ? null
        : html`<p>
            <a class="button" rel="next" href=${`?${more}`}>Older runs</a>
          </p>`
    }`,
  };
}

function filters({ list, state }: RunsScreen): Html {
  return html`<nav aria-label="Runs of">
      <ul class="chips">
        ${Object.entries(runLists).map(
          ([name, words]) =>
            html`<li>
              <a
                class=${name === list ? 'chip chosen' : 'chip'}
                href=${`?kind=${name}${state === '' ? '' : `&state=${state}`}`}
                aria-current=${name === list ? 'true' : undefined}
                >${words}</a
              >
            </li>`,
        )}
      </ul>
    </nav>
    <form class="row end" method="get">
      <input type="hidden" name="kind" value=${list} />
      ${select({
        name: 'state',
        label: 'State',
        value: state,
        choices: Object.entries(runStates).map(([value, label]) => ({ value, label })),
      })}
      <div class="actions"><button type="submit">Filter</button></div>
    </form>`;
}

function nothing({ list, state }: RunsScreen): Html {
  if (state !== '') return emptyState('sync', 'No run fits', 'Choose another state, or another kind.');
  return emptyState(
    'sync',
    'No run yet',
    list === 'content' || list === 'full'
      ? 'Each sync of this connection is listed here, with its counts and its log.'
      : list === 'dry_run'
        ? 'A dry run tells what a full sync would do, and stores nothing. Start one beside “Sync now”.'
        : 'Each is listed here for a week, and longer where it changed something or was started by hand.',
  );
}

function table({ list, runs: listed, now }: RunsScreen): Html {
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label="Runs">
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">Run</th>
          <th scope="col">State</th>
          <th scope="col">Started</th>
          <th scope="col">Took</th>
          <th scope="col">What changed</th>
          <th scope="col" class="number">Seen</th>
          <th scope="col" class="number">${list === 'permissions' ? 'Changed' : 'Indexed'}</th>
          <th scope="col" class="number">Failed</th>
          <th scope="col" class="number">Requests</th>
          <th scope="col" class="number">Points</th>
        </tr>
      </thead>
      <tbody>
        ${listed.map((run) => row(run, now))}
      </tbody>
    </table>
  </div>`;
}

function row(run: RunView, now: Date): Html {
  const silent = silentSince(run, now);
  const changes = changesInWords(run);
  return html`<tr>
    <td>
      <a href=${`/runs/${run.id}`}>${runKind(run)}</a>
      <span class="hint"> ${runTrigger(run)}</span>
    </td>
    <td>
      ${badge(runState(run))}
      ${silent === null ? null : html`<span class="meta"><span>No sign of life since ${time(silent, now)}</span></span>`}
      ${run.state === 'failed' && run.message !== null ? html`<span class="hint">${run.message}</span>` : null}
    </td>
    <td data-label="Started">${time(new Date(run.startedAt ?? run.createdAt), now)}</td>
    <td data-label="Took">${runLength(run, now) ?? '–'}</td>
    <td data-label="What changed">
      ${run.dryRun ? html`<a href=${`/runs/${run.id}/report`}>Report</a>` : changes === '' ? html`<span class="muted">${runs(run) ? 'nothing yet' : 'nothing'}</span>` : changes}
    </td>
    <td class="number" data-label="Seen">${run.dryRun ? '–' : count(run.counts.seen)}</td>
    <td class="number" data-label=${indexedWord(run)}>${run.dryRun ? '–' : count(run.counts.indexed)}</td>
    <td class="number" data-label="Failed">${run.dryRun ? '–' : count(run.counts.failed)}</td>
    <td class="number" data-label="Requests">${count(run.requests)}</td>
    <td class="number" data-label="Points">${count(run.points)}</td>
  </tr>`;
}
