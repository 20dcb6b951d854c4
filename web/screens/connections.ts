import type { ConnectionView } from '../../server/views.ts';
import { badge } from '../components/badge.ts';
import { emptyState } from '../components/notice.ts';
import { time } from '../components/time.ts';
import { bdi, html, type Html } from '../html.ts';
import { icon } from '../icons.ts';
import type { Page } from '../layout.ts';
import { connectionState, connectionTodo, nextSync, noNextSync } from '../presenters/connection.ts';
import { count, plural } from '../time.ts';

/** How much of a connection is indexed and how much failed to be. */
export interface ConnectionCounts {
  records: number;
  failures: number;
}

export function connectionsScreen(view: {
  connections: ConnectionView[];
  counts: ReadonlyMap<string, ConnectionCounts>;
  now: Date;
}): Page {
  const { connections, counts, now } = view;
  const todos = connections.filter((connection) => connectionTodo(connection) !== null).length;
  const add = html`<a class="button primary" href="/connections/new">${icon('plus')}New connection</a>`;
  return {
    title: 'Connections',
    nav: 'connections',
    width: 'wide',
    content: html`<div class="row spread">
        <div class="page-head">
          <h1>Connections</h1>
          ${
            connections.length === 0
              ? null
              : html`<p class="muted">
                  ${
                    todos === 0
                      ? 'Nothing needs doing.'
                      : `${plural(todos, 'connection needs', 'connections need')} you.`
                  }
                </p>`
          }
        </div>
        ${connections.length === 0 ? null : add}
      </div>
      ${
        connections.length === 0
          ? emptyState(
              'connections',
              'No connection yet',
              'A connection brings one Confluence site into search, and keeps who may see what exactly as it is there. Setting one up takes three steps.',
              add,
            )
          : html`<ul class="connection-list">
              ${connections.map((connection) =>
                card(connection, counts.get(connection.id) ?? { records: 0, failures: 0 }, now),
              )}
            </ul>`
      }`,
  };
}

function card(connection: ConnectionView, counts: ConnectionCounts, now: Date): Html {
  const todo = connectionTodo(connection);
  const next = nextSync(connection);
  const last = connection.currentRun ?? connection.lastRun;
  const at = last?.finishedAt ?? last?.startedAt ?? null;
  return html`<li class="card">
    <div class="row spread">
      <div>
        <h2><a href=${`/connections/${connection.id}`}>${bdi(connection.name)}</a></h2>
        <p class="muted">
          ${connection.product === 'jira' ? 'Jira' : 'Confluence'} · ${host(connection.siteUrl)}
        </p>
      </div>
      ${badge(connectionState(connection))}
    </div>
    <dl class="facts">
      <div>
        <dt>Records</dt>
        <dd>${count(counts.records)}</dd>
      </div>
      <div>
        <dt>${connection.currentRun === null ? 'Last sync' : 'This sync'}</dt>
        <dd>
          ${
            connection.currentRun === null
              ? time(at === null ? null : new Date(at), now)
              : html`<a href=${`/runs/${connection.currentRun.id}`}
                  >${count(connection.currentRun.counts.seen)} seen</a
                >`
          }
        </dd>
      </div>
      <div>
        <dt>Next sync</dt>
        <dd>${time(next, now, noNextSync(connection))}</dd>
      </div>
      <div>
        <dt>Failed items</dt>
        <dd>${counts.failures === 0 ? 'none' : html`<strong>${count(counts.failures)}</strong>`}</dd>
      </div>
    </dl>
    ${
      todo === null
        ? null
        : html`<p class="needs tone-warning">
            ${icon('attention')}<span>${todo.text} <a href=${todo.href}>${todo.action}</a></span>
          </p>`
    }
  </li>`;
}

/** The host of a site's URL, or the URL as it is when it is none. */
export function host(siteUrl: string): string {
  return URL.canParse(siteUrl) ? new URL(siteUrl).host : siteUrl;
}
