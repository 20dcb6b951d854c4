import type { ComparisonView } from '../../../server/permission-views.ts';
import type { ConnectionView, ProgressView } from '../../../server/views.ts';
import { mendCredential } from '../../components/mend.ts';
import { notice } from '../../components/notice.ts';
import { time } from '../../components/time.ts';
import { bdi, html, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { connectionTodo, isUnfinished, rhythm } from '../../presenters/connection.ts';
import { minutes } from '../../presenters/freshness.ts';
import { recordKind } from '../../presenters/record.ts';
import { runs } from '../../presenters/run.ts';
import { count, plural } from '../../time.ts';
import { connectionActions } from './actions.ts';
import { percent } from './compared.ts';
import { disconnectingNote } from './disconnect.ts';
import { connectionFrame } from './frame.ts';
import { livePanel } from './progress.ts';
import { nextSyncs } from './schedule.ts';

export interface OverviewView {
  csrfToken: string;
  connection: ConnectionView;
  /** The current run, or the last one; null before the first. */
  run: ProgressView | null;
  /** Indexed records by kind, most first. */
  kinds: { kind: string; records: number }[];
  failures: number;
  /** What administrators were told of and what still holds, newest first. */
  warnings: { code: string; message: string; since: string }[];
  /** The newest of what was removed; null where nothing was. */
  removed: { title: string; kind: string; at: string } | null;
  comparison: ComparisonView;
  now: Date;
}

export function overviewScreen(view: OverviewView): Page {
  const { connection, run, kinds, comparison, now } = view;
  const running = run !== null && runs(run);
  const todo = connectionTodo(connection);
  return {
    title: connection.name,
    nav: 'connections',
    width: 'wide',
    ...(running ? { refreshSeconds: 10 } : {}),
    content: html`${connectionFrame(connection, 'overview')}
      ${
        todo === null
          ? null
          : notice(
              connection.status === 'needs_reauth' ? 'bad' : 'warning',
              todo.text,
              null,
              todo.href === `/connections/${connection.id}`
                ? null
                : (mendCredential(connection, view.csrfToken) ??
                    html`<a class="button" href=${todo.href}>${todo.action}</a>`),
            )
      }
      ${disconnectingNote(connection)} ${connectionActions(connection, view.csrfToken)}
      ${run === null ? firstSync(connection) : livePanel(run, now)} ${warningList(view)}
      <section class="card" aria-labelledby="indexed">
        <h2 id="indexed">What is indexed</h2>
        ${
          kinds.length === 0
            ? html`<p class="muted">Nothing yet.</p>`
            : html`<dl class="facts">
                ${kinds.map(
                  ({ kind, records }) =>
                    html`<div>
                      <dt>${recordKind(kind).many}</dt>
                      <dd class="big">${count(records)}</dd>
                    </div>`,
                )}
              </dl>`
        }
      </section>
      <section class="card" aria-labelledby="schedule">
        <h2 id="schedule">How it is kept fresh</h2>
        <dl>
          <dt>Sync</dt>
          <dd>${rhythm(connection)} · <a href=${`/connections/${connection.id}/configure`}>Change</a></dd>
          <dt>Next sync</dt>
          <dd>${nextSyncs(connection, now)}</dd>
          <dt>Permissions</dt>
          <dd>${permissionsLine(connection, now)}</dd>
          <dt>Compared with Confluence</dt>
          <dd>${comparedLine(connection.id, comparison)}</dd>
          <dt>Failed items</dt>
          <dd>${failedLine(view)}</dd>
          <dt>Last removed</dt>
          <dd>${removedLine(view)}</dd>
        </dl>
      </section>
      <section class="row" aria-label="Disconnect">
        <a class="button danger" href=${`/connections/${connection.id}/disconnect`}>Disconnect…</a>
      </section>`,
  };
}

function permissionsLine({ id, permissions }: ConnectionView, now: Date): Html {
  const { promisedSeconds, p95Seconds, readAt } = permissions;
  const measured = p95Seconds === null ? '' : ` (95 % within ${minutes(p95Seconds)})`;
  const promised =
    promisedSeconds === null ? '' : `changes count here within ${minutes(promisedSeconds)}${measured}, `;
  return html`${promised}last read ${time(readAt === null ? null : new Date(readAt), now)} ·
    <a href=${`/connections/${id}/permissions`}>How</a>`;
}

function comparedLine(id: string, { agreement, compared, open, hidden }: ComparisonView): Html {
  const rate =
    agreement === null
      ? 'not yet'
      : `${percent(agreement)} of ${plural(compared, 'answer')} agreed${open === 0 ? '' : `, ${count(open)} open`}${
          hidden === 0 ? '' : `, ${plural(hidden, 'page')} hidden`
        }`;
  return html`${rate} · <a href=${`/connections/${id}/permissions/compared`}>Show</a>`;
}

function firstSync(connection: ConnectionView): Html {
  if (isUnfinished(connection)) return null;
  return notice(
    'busy',
    'Ready for the first sync',
    'It brings in everything that the account may see, with who may see it.',
  );
}

/** What is true of the connection now and should not stay so, each with the page that tells more. */
function warningList({ warnings, connection, now }: OverviewView): Html {
  if (warnings.length === 0) return null;
  return html`<section class="card" aria-labelledby="warnings">
    <h2 id="warnings">Warnings</h2>
    <ul class="stack plain">
      ${warnings.map(({ code, message, since }) => {
        const more = warningPages[code];
        return html`<li>
          <p>
            ${bdi(message)}
            ${more === undefined ? null : html` <a href=${`/connections/${connection.id}/${more.path}`}>${more.label}</a>`}
          </p>
          <p class="meta"><span>since ${time(new Date(since), now)}</span></p>
        </li>`;
      })}
    </ul>
  </section>`;
}

const warningPages: Record<string, { path: string; label: string }> = {
  permissions_unread: { path: 'permissions/hidden', label: 'Hidden from everybody' },
  scope_shrank: { path: 'runs/removed', label: 'Removed' },
  nothing_found: { path: 'authorize', label: 'Test the connection' },
  counters_unbalanced: { path: 'runs', label: 'Runs' },
  run_stuck: { path: 'runs', label: 'Runs' },
};

function failedLine({ connection, failures }: OverviewView): Html {
  if (failures === 0) return 'none';
  return html`${plural(failures, 'item')} ·
    <a href=${`/connections/${connection.id}/runs/failures`}>Show and try again</a>`;
}

function removedLine({ connection, removed, now }: OverviewView): Html {
  if (removed === null) return 'nothing in the last 90 days';
  return html`${bdi(removed.title === '' ? removed.kind : removed.title)}, ${time(new Date(removed.at), now)}
    · <a href=${`/connections/${connection.id}/runs/removed`}>Show all</a>`;
}
