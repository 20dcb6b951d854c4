import type { OverviewEntryView, OverviewView } from '../../server/services/overview.ts';
import { badge } from '../components/badge.ts';
import { emptyState } from '../components/notice.ts';
import { tabRow } from '../components/tabs.ts';
import { time } from '../components/time.ts';
import { bdi, html, type Html } from '../html.ts';
import { icon } from '../icons.ts';
import type { Page } from '../layout.ts';
import {
  connectionState,
  connectionTodo,
  isUnfinished,
  nextSync,
  noNextSync,
  type Todo,
} from '../presenters/connection.ts';
import { minutes } from '../presenters/freshness.ts';
import { recordKind } from '../presenters/record.ts';
import { count, plural } from '../time.ts';

/** The row of links above what is about all connections. */
export function connectionsTabs(current: 'overview' | 'logs'): Html {
  return tabRow(
    'All connections',
    [
      ['overview', '/connections', 'Overview'],
      ['logs', '/logs', 'Logs'],
    ] as const,
    current,
  );
}

/**
 * All connections at a glance, what needs somebody first. The figures are followed by SSE (`overview` replaces them,
 * `said` speaks to a screen reader when the sentence has changed); without JavaScript the page asks again by itself.
 */
export function connectionsScreen(view: { overview: OverviewView; now: Date }): Page {
  const { overview, now } = view;
  const add = html`<a class="button primary" href="/connections/new">${icon('plus')}New connection</a>`;
  if (overview.items.length === 0) {
    return {
      title: 'Connections',
      nav: 'connections',
      width: 'wide',
      content: html`<h1>Connections</h1>
        ${emptyState(
          'connections',
          'No connection yet',
          'A connection brings one Confluence site into search, and keeps who may see what exactly as it is there. Setting one up takes three steps.',
          add,
        )}`,
    };
  }
  return {
    title: 'Connections',
    nav: 'connections',
    width: 'wide',
    refreshSeconds: 30,
    content: html`<div class="row spread">
        <div class="page-head">
          <h1>Connections</h1>
        </div>
        ${add}
      </div>
      ${connectionsTabs('overview')}
      <div class="stack" hx-ext="sse" sse-connect="/connections/events">
        <p class="hidden-visually" role="status" sse-swap="said">${overviewSentence(overview)}</p>
        <div class="stack" id="overview" sse-swap="overview">${overviewPanel(overview, now)}</div>
        <p class="hint without-script">
          This page asks again every 30 seconds. <a href="/connections">Refresh now</a>
        </p>
      </div>
      <p class="hint"><a href="/settings/diagnosis">Something is wrong? Run the diagnosis.</a></p>`,
  };
}

/** What a screen reader is told: it changes with what needs doing, not with each number. */
export function overviewSentence({ totals }: OverviewView): string {
  const syncing =
    totals.syncing === 0 ? '' : ` ${plural(totals.syncing, 'connection is', 'connections are')} syncing.`;
  return totals.needing === 0
    ? `Nothing needs doing.${syncing}`
    : `${plural(totals.needing, 'connection needs', 'connections need')} you.${syncing}`;
}

/** The figures: what the `overview` event holds. */
export function overviewPanel(overview: OverviewView, now: Date): Html {
  const { totals, items } = overview;
  return html`<section class="card" aria-label="All together">
      <p>
        ${overviewSentence(overview)} <span class="muted">As of ${time(new Date(overview.at), now)}.</span>
      </p>
      <dl class="facts">
        ${fact('Connections', count(totals.connections))} ${fact('Records', count(totals.records))}
        ${fact('Failed items', failed(totals.failures))}
        ${fact('This hour', html`${plural(totals.points, 'point')}, ${plural(totals.requests, 'request')}`)}
        ${fact('People matched', matched(totals.people))}
      </dl>
    </section>
    <ul class="connection-list">
      ${items.map((item) => card(item, now))}
    </ul>`;
}

function card(item: OverviewEntryView, now: Date): Html {
  const { connection } = item;
  const { id } = connection;
  const base = `/connections/${id}`;
  const todo = todoOf(item);
  const nothingYet = isUnfinished(connection) && item.records === 0 && lastSync(item) === null;
  return html`<li class="card">
    <div class="row spread">
      <div>
        <h2><a id=${`open-${id}`} href=${base}>${bdi(connection.name)}</a></h2>
        <p class="muted">
          ${connection.product === 'jira' ? 'Jira' : 'Confluence'} · ${host(connection.siteUrl)}
        </p>
      </div>
      ${badge(connectionState(connection))}
    </div>
    ${
      todo === null
        ? null
        : html`<p class="needs tone-warning">
            ${icon('attention')}<span
              >${todo.text} <a id=${`do-${id}`} href=${todo.href}>${todo.action}</a></span
            >
          </p>`
    }
    ${nothingYet ? null : figuresOf(item, now)}
  </li>`;
}

function figuresOf(item: OverviewEntryView, now: Date): Html {
  const { connection } = item;
  const { id, currentRun, permissions } = connection;
  const base = `/connections/${id}`;
  const readAt = permissions.readAt === null ? null : new Date(permissions.readAt);
  const promised =
    permissions.promisedSeconds === null ? null : ` · within ${minutes(permissions.promisedSeconds)}`;
  return html`<dl class="facts">
      ${fact('Records', count(item.records))}
      ${fact(
        currentRun === null ? 'Last sync' : 'This sync',
        currentRun === null
          ? time(lastSync(item), now)
          : html`<a id=${`run-${id}`} href=${`/runs/${currentRun.id}`}
              >${count(currentRun.counts.seen)} seen</a
            >`,
      )}
      ${fact('Next sync', time(nextSync(connection), now, noNextSync(connection)))}
      ${fact('Content up to date', time(item.contentReadAt === null ? null : new Date(item.contentReadAt), now))}
      ${fact('Permissions read', html`${time(readAt, now)}${promised}`)}
      ${fact(
        'Failed items',
        item.failures === 0
          ? 'none'
          : html`<a id=${`failed-${id}`} href=${`${base}/runs/failures`}>${failed(item.failures)}</a>`,
      )}
      ${fact('This hour', cost(item))}
      ${fact(
        'People matched',
        html`<a id=${`people-${id}`} href=${`/people?connection=${id}`}>${matched(item.people)}</a>`,
      )}
    </dl>
    ${kindsLine(item)}`;
}

function fact(name: string, value: Html): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}

function todoOf({ connection }: OverviewEntryView): Todo | null {
  const { trouble } = connection.permissions;
  const todo = connectionTodo(connection);
  if (todo !== null || trouble === null) return todo;
  if (connection.status === 'disabled' || connection.status === 'disconnecting') return null;
  return { text: trouble, href: `/connections/${connection.id}/permissions`, action: 'See permissions' };
}

function lastSync({ connection: { lastRun } }: OverviewEntryView): Date | null {
  const at = lastRun?.finishedAt ?? lastRun?.startedAt ?? null;
  return at === null ? null : new Date(at);
}

function kindsLine({ kinds }: OverviewEntryView): Html {
  if (kinds.length === 0) return null;
  const words = kinds.map(({ kind, records }) => {
    const { word, many } = recordKind(kind);
    return plural(records, word.toLowerCase(), many.toLowerCase());
  });
  return html`<p class="meta">${words.join(', ')}</p>`;
}

function cost({ hour, quota }: OverviewEntryView): Html {
  if (quota === null) return html`${plural(hour.requests, 'request')}, no quota`;
  const share = Math.round((quota.points / quota.limit) * 100);
  return html`${plural(hour.points, 'point')}
    <span class="meta">${count(quota.points)} of ${count(quota.limit)} by its app (${share} %)</span>`;
}

function failed(failures: number): Html {
  return failures === 0 ? 'none' : html`<strong>${count(failures)}</strong>`;
}

function matched({ accounts, matched: known }: { accounts: number; matched: number }): string {
  return accounts === 0 ? 'none known yet' : `${count(known)} of ${count(accounts)}`;
}

/** The host of a site's URL, or the URL as it is when it is none. */
export function host(siteUrl: string): string {
  return URL.canParse(siteUrl) ? new URL(siteUrl).host : siteUrl;
}
